package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind says what the caller can do about an error. A Kind exists only where a
// client has to act differently; everything finer is a Reason.
type Kind int

// The kinds of error. The zero value is Internal, so that a forgotten kind is
// never mistaken for the user's fault.
const (
	Internal        Kind = iota // our fault; the text is for the log only
	Invalid                     // the input is wrong; change it and try again
	Unauthenticated             // log in first
	Forbidden                   // logged in, but this role may not do it
	NotFound                    // no such thing, or not visible to the actor
	Conflict                    // the state of the thing does not allow it (any more)
	TooLarge                    // the body is larger than the route accepts
	TooMany                     // too many attempts; wait
	Unavailable                 // something we depend on is down; try again later
)

// FieldError names one wrong field of a request or one wrong cell of an import.
type FieldError struct {
	Field   string `json:"field"`   // path in the request, e.g. "parties[1].id_number"
	Reason  string `json:"reason"`  // stable, dotted
	Message string `json:"message"` // Chinese, for the user
}

// Error is an error a user may see: Message is Chinese and says what to do,
// Reason is stable and for programs. Err is for the log and never shown.
type Error struct {
	Kind    Kind
	Reason  string
	Message string
	Field   string       // the one field that is wrong, if one is
	Fields  []FieldError // several wrong fields, if several are
	Err     error
}

// Error implements error. It is for logs, so it holds the reason and the
// cause, not the Chinese sentence.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Reason)
	if e.Field != "" {
		fmt.Fprintf(&b, " (%s)", e.Field)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// E makes an error of the given kind.
func E(kind Kind, reason, message string) *Error {
	return &Error{Kind: kind, Reason: reason, Message: message}
}

// InvalidField makes an Invalid error about one field.
func InvalidField(field, reason, message string) *Error {
	return &Error{Kind: Invalid, Reason: reason, Message: message, Field: field}
}

// Faults collects what is wrong with an input, so that a person is told all of it at
// once and not one fault after the other. Its Err is the error of the first one, which
// names the others besides.
type Faults struct {
	list  []FieldError
	other error // what is no fault of a field: it is told alone
}

// If notes a fault of a field where there is one. Of one field the first fault is told:
// what comes after it often follows from it.
func (f *Faults) If(wrong bool, field, reason, message string) {
	if wrong {
		f.Add(InvalidField(field, reason, message))
	}
}

// Add notes an error about fields, with those that it names besides; nil is none.
func (f *Faults) Add(err error) {
	e, ok := errors.AsType[*Error](err)
	switch {
	case err == nil:
		return
	case !ok || e.Kind != Invalid || e.Field == "" && len(e.Fields) == 0:
		if f.other == nil {
			f.other = err
		}
		return
	}
	more := e.Fields
	if len(more) == 0 {
		more = []FieldError{{Field: e.Field, Reason: e.Reason, Message: e.Message}}
	}
	for _, one := range more {
		if !slices.ContainsFunc(f.list, func(o FieldError) bool { return o.Field == one.Field }) {
			f.list = append(f.list, one)
		}
	}
}

// Err is nil when nothing is wrong.
func (f *Faults) Err() error {
	switch {
	case f.other != nil:
		return f.other
	case len(f.list) == 0:
		return nil
	}
	out := InvalidField(f.list[0].Field, f.list[0].Reason, f.list[0].Message)
	if len(f.list) > 1 {
		out.Fields = slices.Clone(f.list)
	}
	return out
}

// WithCause returns a copy of e that carries err for the log.
func (e *Error) WithCause(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// AtField returns a copy of err that names the field which it is about, so that
// a form can show it there; what is no *Error stays as it is.
func AtField(err error, field string) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	c := *e
	c.Field = field
	return &c
}

// KindOf unwraps err to its kind; anything that is not an *Error is Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// ReasonOf unwraps err to its stable reason, or "" when it has none.
func ReasonOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}

// FieldOf unwraps err to the one field that is wrong, or "" when it names none.
func FieldOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Field
	}
	return ""
}
