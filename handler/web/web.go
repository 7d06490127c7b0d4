// Package web is what everything that answers a browser or a phone shares: how
// a body or a form is read so that it means one thing, how an error is told, who
// asks, and the embedded style sheets and scripts. It knows no route and no
// service.
package web

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"unicode/utf8"

	"microcourt/model"
)

// RequestIDKey and ActorKey are where a request's id and its actor are kept in
// gin's context.
const (
	RequestIDKey = "request_id"
	ActorKey     = "actor"
	ReasonKey    = "reason" // of a failure, for the access log
	TodayKey     = "today"  // the court's day, a model.Date
	queryKey     = "query"  // the parameters of the address, read once
)

// MediaSheet is the media type of a workbook.
const MediaSheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

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

// Status maps a kind of error to its HTTP status, once and for all.
func Status(k model.Kind) int { return statuses[k] }

// Failure is what a user is told of an error.
type Failure struct {
	Kind    model.Kind
	Status  int
	Reason  string
	Message string
	Field   string
	Fields  []model.FieldError
}

// Describe tells an error to a user: the texts of Internal and Unavailable
// errors never reach him.
func Describe(err error) Failure {
	err = Classify(err)
	f := Failure{Kind: model.KindOf(err)}
	f.Status = statuses[f.Kind]
	e, ok := errors.AsType[*model.Error](err)
	switch {
	case !ok || e.Kind == model.Internal:
		f.Reason, f.Message = "internal", "系统出现错误，请稍后重试；如仍有问题请联系法院并提供请求编号"
	case e.Kind == model.Unavailable && e.Message == "":
		f.Reason, f.Message = e.Reason, "系统暂时无法处理，请稍后重试"
	default:
		f.Reason, f.Message, f.Field, f.Fields = e.Reason, e.Message, e.Field, e.Fields
	}
	return f
}

// Classify gives the errors of the standard library that concern the request
// their kind.
func Classify(err error) error {
	if _, ok := errors.AsType[*model.Error](err); ok {
		return err
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return model.E(model.TooLarge, "body.too_large", "提交的内容过大").WithCause(err)
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || errors.Is(err, os.ErrDeadlineExceeded) {
		return model.E(model.Unavailable, "request.timeout", "处理超时，请稍后重试").WithCause(err)
	}
	return err
}

// Device is what the browser calls itself, short enough to be stored.
func Device(r *http.Request) string {
	name := strings.ToValidUTF8(r.UserAgent(), "")
	for len(name) > 200 {
		_, size := utf8.DecodeLastRuneInString(name[:200])
		name = name[:200-size]
	}
	return name
}
