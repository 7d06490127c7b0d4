package desk

import (
	"sync"

	"github.com/gin-gonic/gin"

	"microcourt/model"
)

// How many streams of events one log-in may hold open in one process. Each asks
// the database by itself; a browser with more tabs than that renews the later
// ones when they are opened.
const (
	maxEventStreams = 8
	maxLongStreams  = 1 // a walk over the audit trail, an import
)

// streams counts open streams by log-in.
type streams struct {
	mu   sync.Mutex
	open map[string]int
}

// enter takes one of the places of a log-in; leave gives it back. ok is false
// when all are taken.
func (s *streams) enter(key string, most int) (leave func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[key] >= most {
		return nil, false
	}
	if s.open == nil {
		s.open = map[string]int{}
	}
	s.open[key]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.open[key]--; s.open[key] <= 0 {
			delete(s.open, key)
		}
	}, true
}

// streamKey is the log-in that holds a stream of the kind open.
func (d *Desk) streamKey(c *gin.Context, kind string) string {
	token, _ := c.Cookie(d.cookieName()) // without a cookie nobody gets this far
	return kind + " " + token
}

var errStreamBusy = model.E(model.TooMany, "stream.busy", "同样的操作正在另一个页面中进行，请等它完成后再试")
