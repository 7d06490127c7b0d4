package web

import (
	"github.com/gin-gonic/gin"

	"microcourt/model"
)

// Actor is who asks; the zero Actor is the public.
func Actor(c *gin.Context) model.Actor {
	a, _ := c.Get(ActorKey)
	v, _ := a.(model.Actor)
	return v
}

// Today is the court's day on which the request came.
func Today(c *gin.Context) model.Date {
	d, _ := c.Get(TodayKey)
	day, _ := d.(model.Date)
	return day
}

// RequestID is the request's own number.
func RequestID(c *gin.Context) string { return c.GetString(RequestIDKey) }

// LimitClass names a rate that requests are counted against.
type LimitClass string

// The classes of rate. Everything that asks nobody who he is has one; the rest
// is not limited by the server. Attempts at guessing are limited a second time,
// durably, by the services.
const (
	LimitNone   LimitClass = ""
	LimitLogin  LimitClass = "login"
	LimitBind   LimitClass = "bind"
	LimitUpload LimitClass = "upload"
	LimitVerify LimitClass = "verify"
	LimitOpen   LimitClass = "open" // pages that anybody opens, and what a page asks by itself
)

// Personal says that requests of the class come with a session, so that they
// are counted by person. The others are counted by device.
func (class LimitClass) Personal() bool { return class == LimitBind || class == LimitUpload }

// ErrorView is the body of every failure of the JSON API.
type ErrorView struct {
	Error ErrorBody `json:"error" required:"true"`
}

// ErrorBody says what failed.
type ErrorBody struct {
	Reason    string             `json:"reason" required:"true" description:"稳定的错误代码，供程序判断"`
	Message   string             `json:"message" required:"true" description:"给用户看的中文说明"`
	Field     string             `json:"field,omitempty" description:"出错的字段"`
	Fields    []model.FieldError `json:"fields,omitempty" description:"多个字段出错时逐项列出"`
	RequestID string             `json:"request_id" required:"true" description:"请求编号，联系法院技术人员时请提供"`
}
