package handler

import (
	"cmp"
	"errors"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// do is the only place that writes a failure.
func (s *server) do(f func(*gin.Context) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := f(c); err != nil {
			s.fail(c, err)
		}
	}
}

// fail writes err and ends the request. Internal and Unavailable errors are
// logged here, once, and their text never reaches the user.
func (s *server) fail(c *gin.Context, err error) { s.failAs(c, 0, err) }

// failAs is fail with a status that no kind of error has, 0 for that of its kind.
func (s *server) failAs(c *gin.Context, status int, err error) {
	f := web.Describe(err)
	status = cmp.Or(status, f.Status)
	body := web.ErrorBody{Reason: f.Reason, Message: f.Message, Field: f.Field, Fields: f.Fields, RequestID: web.RequestID(c)}
	if f.Kind == model.Internal || f.Kind == model.Unavailable {
		s.cfg.Logger.ErrorContext(c.Request.Context(), "request failed",
			"route", c.FullPath(), "method", c.Request.Method, "request_id", body.RequestID, "error", err.Error())
	}
	c.Set(web.ReasonKey, body.Reason)
	if c.Writer.Written() {
		c.Abort() // a stream broke half-way; the status cannot be changed any more
		return
	}
	switch {
	case f.Kind == model.Unavailable:
		c.Header("Retry-After", "5")
	case errors.Is(err, errRateLimited):
		c.Header("Retry-After", "60") // the window of every count
	}
	c.Abort()
	if s.pages != nil && web.WantsPage(c.Request) && s.pages.Failure(c, status, f, body.RequestID) == nil {
		return
	}
	web.JSON(c, status, web.ErrorView{Error: body})
}
