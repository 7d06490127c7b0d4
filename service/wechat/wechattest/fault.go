package wechattest

import (
	"net/http"
	"time"
)

// FaultKind is a way in which the platform or the network fails.
type FaultKind string

// The faults. Before processing: FaultBusy, FaultBadGateway, FaultHang. After
// it, so that the caller cannot know: FaultClose, FaultGarbage.
const (
	FaultBusy       FaultKind = "busy"        // errcode -1
	FaultBadGateway FaultKind = "bad_gateway" // HTTP 502 with a page of HTML
	FaultHang       FaultKind = "hang"        // no answer until the caller gives up
	FaultClose      FaultKind = "close"       // done, then the connection is cut without an answer
	FaultGarbage    FaultKind = "garbage"     // done, then an answer that is not JSON
)

// fault is one planned failure; the zero fault is none.
type fault struct {
	Kind FaultKind
}

// hangLimit ends a hang even when the caller never gives up.
const hangLimit = time.Minute

// Fault plans that the next n calls of a path fail in this way.
func (f *Fake) Fault(path string, kind FaultKind, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range n {
		f.faults[path] = append(f.faults[path], fault{kind})
	}
}

func (f *Fake) nextFault(path string) fault {
	plan := f.faults[path]
	if len(plan) == 0 {
		return fault{}
	}
	f.faults[path] = plan[1:]
	return plan[0]
}

// before plays a fault that comes before processing, and tells whether the call
// ends with it.
func (p fault) before(w http.ResponseWriter, r *http.Request) bool {
	switch p.Kind {
	case FaultBadGateway:
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadGateway)
		_, _ = w.Write([]byte("<html><body><h1>502 Bad Gateway</h1></body></html>"))
		return true
	case FaultHang:
		select {
		case <-r.Context().Done():
		case <-time.After(hangLimit):
		}
		return true
	case FaultBusy, FaultClose, FaultGarbage:
	}
	return false
}

// after plays a fault that comes after processing.
func (p fault) after(w http.ResponseWriter) bool {
	switch p.Kind {
	case FaultClose:
		panic(http.ErrAbortHandler) // the server's way to cut a connection
	case FaultGarbage:
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		_, _ = w.Write([]byte(`{"errcode":0,"errm`))
		return true
	case FaultBusy, FaultBadGateway, FaultHang:
	}
	return false
}
