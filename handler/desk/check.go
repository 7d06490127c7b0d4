package desk

import (
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// Checks while somebody types: whoever has a form may ask whether a value can be
// right. Nothing is told of a case that he may not read.

func (d *Desk) checkRoutes() []Route {
	return []Route{post("/check", model.ActSelfStaff, d.checkField)}
}

// checkField answers with what is wrong with a value by a rule, with nothing when it
// can be right.
func (d *Desk) checkField(c *gin.Context) error {
	f := d.form(c)
	v := f.text("value")
	var err error
	if v != "" {
		switch c.PostForm("rule") {
		case "case_no":
			err = d.newCaseNo(c, v)
		case "enforcement_no":
			err = d.newEnforcementNo(c, v)
		case "past":
			if f.dateOf("date", v).After(model.DateOf(d.cfg.Now())) {
				f.wrong("date", model.InvalidField("date", "date.future", "不能晚于今天"))
			}
		case "id":
			kind := model.IDKindOf(model.NormalizeID(v))
			if k := c.PostForm("id_kind"); k != "" {
				kind = model.IDKind(k)
			} else if c.PostForm("kind") == string(model.Organisation) {
				kind = model.IDUSCC
			}
			err = model.CheckID(kind, model.NormalizeID(v), model.DateOf(d.cfg.Now()))
		case "phone":
			err = model.CheckPhone(model.NormalizePhone(v))
		case "amount":
			f.yuanOf("amount", v)
		}
	}
	f.wrong("value", err)
	message := ""
	if e, ok := errors.AsType[*model.Error](f.err); ok {
		message = e.Message
	}
	d.part(c, http.StatusOK, "wrong", message)
	return nil
}

// newCaseNo says what is wrong with the number of a case that is to be filed.
func (d *Desk) newCaseNo(c *gin.Context, v string) error {
	no, err := model.ParseCaseNo(v)
	if by := web.Actor(c); err == nil && by.May(model.ActCaseFile) {
		var found []model.Case
		found, err = d.svc.Filing.Cases(c.Request.Context(), by, model.CaseFilter{Text: string(no), Limit: 1})
		if err == nil && len(found) == 1 && found[0].CaseNo == string(no) {
			err = model.InvalidField("case_no", "case.exists", "该案号已经录入")
		}
	}
	return err
}

// newEnforcementNo says the same of an enforcement.
func (d *Desk) newEnforcementNo(c *gin.Context, v string) error {
	no, err := model.ParseCaseNo(v)
	if by := web.Actor(c); err == nil && by.May(model.ActEnforcementFile) {
		var found []model.EnforcementLine
		found, err = d.svc.Enforcement.Cases(c.Request.Context(), by, model.EnforcementFilter{Text: string(no), Limit: 1})
		if err == nil && len(found) == 1 && found[0].CaseNo == string(no) {
			err = model.InvalidField("case_no", "case.exists", "该执行案号已经录入")
		}
	}
	return err
}
