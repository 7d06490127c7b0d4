package desk

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// errUnread refuses what cannot be taken back until somebody says that he read what
// it is about: no key and no habit gets past it.
var errUnread = model.InvalidField("read", "decision.unread", "这一决定作出后不能撤销。请先阅读将要制作的文书和所依据的事实，勾选“已阅读”后再提交")

// read asks for the tick of a form for an act that is final.
func (f *form) read() {
	if !f.is("read") {
		f.wrong("read", errUnread)
	}
}

// draftDecision is the paper that a decision would make, before it is made.
func (d *Desk) draftDecision(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	doc, err := d.svc.Enforcement.DraftDecision(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	pdf, err := d.svc.Paper.Draft(c.Request.Context(), *doc)
	if err != nil {
		return err
	}
	c.Header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'; object-src 'self'")
	c.Header("X-Frame-Options", "SAMEORIGIN")
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "application/pdf", pdf)
	return nil
}
