package handler

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/model"
)

// statuses maps kinds of error to HTTP statuses, once and for all.
var statuses = map[model.Kind]int{
	model.Invalid:         http.StatusBadRequest,
	model.Unauthenticated: http.StatusUnauthorized,
	model.Forbidden:       http.StatusForbidden,
	model.NotFound:        http.StatusNotFound,
	model.Conflict:        http.StatusConflict,
	model.TooLarge:        http.StatusRequestEntityTooLarge,
	model.TooMany:         http.StatusTooManyRequests,
	model.Unavailable:     http.StatusServiceUnavailable,
	model.Internal:        http.StatusInternalServerError,
}

// errorView is the body of every failure.
type errorView struct {
	Error errorBody `json:"error" required:"true"`
}

type errorBody struct {
	Reason    string             `json:"reason" required:"true" description:"稳定的错误代码，供程序判断"`
	Message   string             `json:"message" required:"true" description:"给用户看的中文说明"`
	Field     string             `json:"field,omitempty" description:"出错的字段"`
	Fields    []model.FieldError `json:"fields,omitempty" description:"多个字段出错时逐项列出"`
	RequestID string             `json:"request_id" required:"true" description:"请求编号，联系法院技术人员时请提供"`
}

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
func (s *server) fail(c *gin.Context, err error) {
	err = classify(err)
	body := describe(err)
	body.RequestID = requestID(c)
	kind := model.KindOf(err)
	if kind == model.Internal || kind == model.Unavailable {
		s.cfg.Logger.ErrorContext(c.Request.Context(), "request failed",
			"route", c.FullPath(), "method", c.Request.Method, "request_id", body.RequestID, "error", err.Error())
	}
	c.Set(reasonKey, body.Reason)
	if c.Writer.Written() {
		c.Abort() // a stream broke half-way; the status cannot be changed any more
		return
	}
	if kind == model.Unavailable {
		c.Header("Retry-After", "5")
	}
	c.AbortWithStatusJSON(statuses[kind], errorView{Error: body})
}

// classify gives the errors of the standard library that concern the request
// their kind.
func classify(err error) error {
	if _, ok := errors.AsType[*model.Error](err); ok {
		return err
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return model.E(model.TooLarge, "body.too_large", "提交的内容过大").WithCause(err)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return model.E(model.Unavailable, "request.timeout", "处理超时，请稍后重试").WithCause(err)
	}
	return err
}

func describe(err error) errorBody {
	e, ok := errors.AsType[*model.Error](err)
	switch {
	case !ok || e.Kind == model.Internal:
		return errorBody{Reason: "internal", Message: "系统出现错误，请稍后重试；如仍有问题请联系法院并提供请求编号"}
	case e.Kind == model.Unavailable && e.Message == "":
		return errorBody{Reason: e.Reason, Message: "系统暂时无法处理，请稍后重试"}
	}
	return errorBody{Reason: e.Reason, Message: e.Message, Field: e.Field, Fields: e.Fields}
}
