package handler

import (
	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

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
	f := web.Describe(err)
	body := errorBody{Reason: f.Reason, Message: f.Message, Field: f.Field, Fields: f.Fields, RequestID: requestID(c)}
	if f.Kind == model.Internal || f.Kind == model.Unavailable {
		s.cfg.Logger.ErrorContext(c.Request.Context(), "request failed",
			"route", c.FullPath(), "method", c.Request.Method, "request_id", body.RequestID, "error", err.Error())
	}
	c.Set(reasonKey, body.Reason)
	if c.Writer.Written() {
		c.Abort() // a stream broke half-way; the status cannot be changed any more
		return
	}
	if f.Kind == model.Unavailable {
		c.Header("Retry-After", "5")
	}
	c.AbortWithStatusJSON(f.Status, errorView{Error: body})
}
