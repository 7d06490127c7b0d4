package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// Route is one row of the API.
type Route struct {
	Method  string
	Path    string // gin's form, below /api/v1
	Act     model.Act
	Summary string // Chinese, one line, for the readable page
	// ID is the operation's name in the document; "" for the name of the method
	// that answers.
	ID  string
	For Client // whose programs need it

	// Do is the function that answers, with its types: Input, Output, Repeats, Handle
	// and what follows from the types among Reasons are taken from it.
	Do call

	// Input is a struct: fields tagged `path`, `query` or `header` are
	// parameters, fields tagged `json` the body, fields tagged `formData` a form.
	// nil when the route takes nothing.
	Input any
	// Output is the body of a success, nil for 204 and for files.
	Output any
	Status int // of a success; 200 when 0
	// Repeats says that a repeat of the request answers 200 with the same body.
	Repeats bool
	// Produces is the media type of a success that is not JSON.
	Produces string
	// Reasons are the errors beyond the ones every route can give (documented in
	// the OpenAPI text; a test checks that what a route answers is listed).
	Reasons []Reason

	Limit web.LimitClass
	// MaxBody bounds the request body in bytes; the server's default when 0.
	MaxBody int64
	// Timeout bounds the whole request; the server's default when 0.
	Timeout time.Duration

	// Foreign says that others build the route's address and may add to it, as
	// WeChat does: a parameter that is not known is not refused.
	Foreign bool

	// Handle answers a request that has passed the server's limits and the check
	// of who may ask. Only a route whose form is not ours (Foreign) has one of its own.
	Handle func(*gin.Context) error
}

// Client is the programs that a route is for. A route that none of them needs does
// not belong here: what people in the court do in a browser is in handler/desk.
type Client uint8

// The clients.
const (
	Phone      Client = 1 << iota // parties, relatives and liaisons in the mini-program
	PhoneStaff                    // judges, clerks, officers and leaders on a phone
	CaseSystem                    // the court's case system
	Agency                        // an agency's system
	Bank                          // who checks a certificate
	Public                        // anybody, and WeChat itself
)

// Clients are the clients by their names in the document.
var Clients = []struct {
	Client Client
	Name   string
}{
	{Phone, "phone"},
	{PhoneStaff, "phone_staff"},
	{CaseSystem, "case_system"},
	{Agency, "agency"},
	{Bank, "bank"},
	{Public, "public"},
}

// Names are the names of the clients in c.
func (c Client) Names() (out []string) {
	for _, k := range Clients {
		if c&k.Client != 0 {
			out = append(out, k.Name)
		}
	}
	return out
}

// Reason is an error that a route can answer with.
type Reason struct {
	Kind model.Kind
	Name string // the stable code
}

// CommonReasons are the errors that every route can answer with.
var CommonReasons = []Reason{
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
	{model.Invalid, "field.too_long"},
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

func (r Route) successStatus() int {
	if r.Status == 0 {
		return http.StatusOK
	}
	return r.Status
}
