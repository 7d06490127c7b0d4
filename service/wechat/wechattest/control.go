package wechattest

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"microcourt/model"
)

var errNoTemplate = model.E(model.NotFound, "wechattest.no_template", "没有这个订阅消息模板")

// control is one path of the phone side. in is the decoded body of a POST.
type control func(f *Fake, r *http.Request, in command) (any, error)

// command is what any path of the phone side takes.
type command struct {
	User
	TemplateID string    `json:"template_id"`
	Choice     string    `json:"choice"` // accept or reject
	Path       string    `json:"path"`
	Kind       FaultKind `json:"kind"`
	Count      int       `json:"count"`
	Advance    string    `json:"advance"` // a duration: 10m, 24h
	Status     string    `json:"status"`  // of a message that fails later
}

const phoneSidePrefix = "/__fake/"

// phoneSide tells whether a path belongs to the phone side, and what serves it;
// the page itself has no control.
func phoneSide(path string) (control, bool) {
	name, ok := strings.CutPrefix(path, phoneSidePrefix)
	if !ok {
		return nil, false
	}
	return map[string]control{
		"users":      controlUsers,
		"login-code": func(f *Fake, _ *http.Request, in command) (any, error) { return codeReply(f.LoginCode(in.OpenID)) },
		"phone-code": func(f *Fake, _ *http.Request, in command) (any, error) { return codeReply(f.PhoneCode(in.OpenID)) },
		"subscribe":  controlSubscribe,
		"revoke": func(f *Fake, _ *http.Request, in command) (any, error) {
			return reply{}, f.Revoke(in.OpenID, in.TemplateID)
		},
		"inbox": func(f *Fake, r *http.Request, _ command) (any, error) {
			return f.Inbox(r.URL.Query().Get("openid")), nil
		},
		"journal":      func(f *Fake, _ *http.Request, _ command) (any, error) { return f.Journal(), nil },
		"faults":       controlFaults,
		"late":         controlLate,
		"clock":        controlClock,
		"rotate-token": func(f *Fake, _ *http.Request, _ command) (any, error) { f.RotateToken(); return reply{}, nil },
	}[name], true
}

// reads are the paths that a GET may have: they change nothing.
func reads(name string) bool {
	switch name {
	case "users", "inbox", "journal", "clock", "phone", "phone.css":
		return true
	}
	return false
}

// servePhoneSide serves the phone, to this machine only. A web page of another
// site that the user has open must not press its buttons either, so requests
// from other origins and under other host names are refused.
func (f *Fake) servePhoneSide(w http.ResponseWriter, r *http.Request, serve control) {
	name := strings.TrimPrefix(r.URL.Path, phoneSidePrefix)
	if !fromHere(r) {
		http.Error(w, "the fake phone can be used from this machine only", http.StatusForbidden)
		return
	}
	if r.Method != post && (r.Method != get || !reads(name)) {
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	switch {
	case name == "phone":
		f.servePhone(w, r)
		return
	case name == "phone.css":
		serveStyle(w)
		return
	case serve == nil:
		http.NotFound(w, r)
		return
	}
	var in command
	if r.Method == post && r.ContentLength != 0 {
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, "the body is not the JSON that is expected", http.StatusBadRequest)
			return
		}
	}
	out, err := serve(f, r, in)
	if err != nil {
		message := err.Error()
		if e, ok := errors.AsType[*model.Error](err); ok {
			message = e.Message
		}
		http.Error(w, message, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(out) // a caller that went away is not our concern
}

// fromHere admits this machine, asking for it by a name of this machine, and
// not sent by another site's page.
func fromHere(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return false
	}
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
		return false
	}
	return loopback(r.RemoteAddr) && loopback(r.Host)
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = strings.Trim(address, "[]")
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func controlUsers(f *Fake, r *http.Request, in command) (any, error) {
	if r.Method == post {
		return f.AddUser(in.User), nil
	}
	return f.Users(), nil
}

func codeReply(value string, err error) (any, error) { return reply{"code": value}, err }

func controlSubscribe(f *Fake, _ *http.Request, in command) (any, error) {
	switch in.Choice {
	case "accept", "":
		return reply{}, f.Allow(in.OpenID, in.TemplateID)
	case "reject":
		return reply{}, f.Refuse(in.OpenID, in.TemplateID)
	}
	return nil, errors.New("choice must be accept or reject")
}

func controlFaults(f *Fake, _ *http.Request, in command) (any, error) {
	switch in.Kind {
	case FaultBusy, FaultBadGateway, FaultHang, FaultClose, FaultGarbage:
	default:
		return nil, errors.New("kind must be busy, bad_gateway, hang, close or garbage")
	}
	if _, ok := endpoints(in.Path); !ok {
		return nil, errors.New("path is not one of the platform's")
	}
	if in.Count < 1 || in.Count > 1000 {
		return nil, errors.New("count must be 1 to 1000")
	}
	f.Fault(in.Path, in.Kind, in.Count)
	return reply{}, nil
}

// controlLate makes the next messages fail after they were accepted.
func controlLate(f *Fake, _ *http.Request, in command) (any, error) {
	if in.Count < 1 || in.Count > 1000 {
		return nil, errors.New("count must be 1 to 1000")
	}
	if in.Status == "" {
		in.Status = "failed: system failed"
	}
	f.FailLater(in.Count, Late{Code: 1, Status: in.Status})
	return reply{}, nil
}

func controlClock(f *Fake, r *http.Request, in command) (any, error) {
	if r.Method == post {
		d, err := time.ParseDuration(in.Advance)
		if err != nil || d < 0 {
			return nil, errors.New("advance must be a duration such as 10m or 24h")
		}
		f.Advance(d)
	}
	return reply{"now": f.Now()}, nil
}
