package handler

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/model"
)

// route is one row of the API.
type route struct {
	method  string
	path    string // gin's form, below /api/v1
	act     model.Act
	summary string // Chinese, one line, for the readable page

	// input is a struct: fields tagged `path`, `query` or `header` are
	// parameters, fields tagged `json` the body, fields tagged `formData` a form.
	// nil when the route takes nothing.
	input any
	// output is the body of a success, nil for 204 and for files.
	output any
	status int // of a success; 200 when 0
	// repeats says that a repeat of the request answers 200 with the same body.
	repeats bool
	// produces is the media type of a success that is not JSON.
	produces string
	// reasons are the errors beyond the ones every route can give (documented in
	// the OpenAPI text; a test checks that what a route answers is listed).
	reasons []reason

	limit limitClass
	// maxBody bounds the request body in bytes; 1 MiB when 0.
	maxBody int64
	// timeout bounds the whole request; 30 s when 0.
	timeout time.Duration

	handle func(*gin.Context) error
}

// reason is an error that a route can answer with.
type reason struct {
	kind   model.Kind
	reason string
}

// commonReasons are the errors that every route can answer with.
var commonReasons = []reason{
	{model.Unauthenticated, "session.required"},
	{model.Unauthenticated, "session.expired"},
	{model.Forbidden, "role.forbidden"},
	{model.TooMany, "rate.limited"},
	{model.TooLarge, "body.too_large"},
	{model.Invalid, "body.malformed"},
	{model.Invalid, "field.required"},
	{model.Invalid, "field.format"},
	{model.Invalid, "field.unknown"},
	{model.Invalid, "field.repeated"},
	{model.Invalid, "body.duplicate_key"},
	{model.Invalid, "text.invisible"},
	{model.Invalid, "text.broken"},
	{model.Invalid, "date.format"},
	{model.Invalid, "date.range"},
	{model.Invalid, "filter.unknown"},
	{model.Unavailable, "request.timeout"},
	{model.Unavailable, "database.unavailable"},
	{model.Unavailable, "commit.uncertain"},
	{model.Internal, "internal"},
}

const (
	defaultMaxBody = 1 << 20
	defaultTimeout = 30 * time.Second
)

func (r route) successStatus() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}

// chain is what a request to the route passes through, in order.
func (s *server) chain(r route) []gin.HandlerFunc {
	return []gin.HandlerFunc{
		s.bound(r), s.rateLimit(r.limit), s.authenticate(r.act), s.rateLimitPerson(r.limit), s.checkQuery(r), s.do(r.handle),
	}
}
