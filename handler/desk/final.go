package desk

import (
	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// errUnread refuses what cannot be taken back until somebody says that he read what
// it is about: no key and no habit gets past it.
var errUnread = model.InvalidField("read", "decision.unread", "这一决定作出后不能撤销。请先阅读将要制作的文书和所依据的事实，勾选“已阅读”后再提交")

// finality is of a form for an act that is served, signed, numbered or decided by a
// leader. Its page shows the paper or the facts, and it is refused without the tick
// of whoever read them. A form with the field named so is for the opposite answer,
// which makes nothing.
type finality struct{ field, no string }

// final asks for the tick with which somebody says that he read what he decides.
func final(r Route) Route {
	r.final = &finality{}
	return r
}

// finalUnless is final for a form that also takes the answer that makes nothing.
func finalUnless(r Route, field, no string) Route {
	r.final = &finality{field, no}
	return r
}

func (f *finality) check(c *gin.Context) error {
	if f == nil || c.PostForm("read") == "1" || f.field != "" && c.PostForm(f.field) == f.no {
		return nil
	}
	return errUnread
}

// framed lets a page of the desk show the paper in itself.
func framed(c *gin.Context) {
	c.Header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'; object-src 'self'")
	c.Header("X-Frame-Options", "SAMEORIGIN")
}

// draftProlonging is the paper that agreeing to prolong a listing would make.
func (d *Desk) draftProlonging(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	doc, err := d.svc.Enforcement.DraftProlongation(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return d.sendDraft(c, *doc)
}

func (d *Desk) sendDraft(c *gin.Context, doc model.Document) error {
	pdf, err := d.svc.Paper.Draft(c.Request.Context(), doc)
	if err != nil {
		return err
	}
	framed(c)
	sendPDF(c, "将要制作的文书", pdf)
	return nil
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
	return d.sendDraft(c, *doc)
}
