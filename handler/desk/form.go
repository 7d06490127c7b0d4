package desk

import (
	"errors"
	"mime/multipart"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/model"
)

// form reads the fields of a form, or the parameters of a page's address. Its
// caller asks for them in the order of the page, and the form remembers what is
// wrong in this order: a person is sent to the first field that he has to mend,
// each time to the same one. What is read after a wrong field is of no use, so
// that a caller reads everything and asks once, by do or err.
type form struct {
	d        *Desk
	c        *gin.Context
	problems []model.FieldError
	err      error // the first
}

func (d *Desk) form(c *gin.Context) *form { return &form{d: d, c: c} }

// wrong remembers what is wrong with a field, nothing for nil.
func (f *form) wrong(field string, err error) {
	if err == nil {
		return
	}
	e, ok := errors.AsType[*model.Error](err)
	if ok {
		f.problems = append(f.problems, model.FieldError{Field: field, Reason: e.Reason, Message: e.Message})
	}
	if f.err == nil {
		f.err = err
		return
	}
	if first, known := errors.AsType[*model.Error](f.err); known && ok { // all that is wrong is told at once
		all := *first
		all.Fields = slices.Clone(f.problems)
		f.err = &all
	}
}

// do does what the form is for, unless a field is wrong.
func (f *form) do(act func() error) error {
	if f.err == nil {
		f.err = act()
	}
	return f.err
}

// asked keeps the amount of which somebody was just asked whether it is meant, so that it
// passes the second time.
func asked(c *gin.Context, err error, amount string) {
	if model.ReasonOf(err) == "amount.differs" {
		c.Request.PostForm.Set("differs", amount)
	}
}

// text is what was typed, without the spaces around it.
func (f *form) text(name string) string { return strings.TrimSpace(f.c.PostForm(name)) }

// is says whether a box is ticked.
func (f *form) is(name string) bool { return f.c.PostForm(name) == "1" }

// answer is a question's answer, nil while it is not answered.
func (f *form) answer(name string) *bool {
	switch f.c.PostForm(name) {
	case "yes":
		return new(true)
	case "no":
		return new(false)
	}
	return nil
}

// key is the key that the page gave its form, so that a second click does
// nothing new.
func (f *form) key() string {
	k := f.c.PostForm("key")
	if len(k) < 8 || len(k) > 64 {
		f.wrong("key", model.InvalidField("key", "idempotency.required", "页面已过期，请刷新后重新提交"))
		return ""
	}
	return k
}

// number is a number of the form or of the address, 0 when it is empty.
func (f *form) number(name string) int64 {
	v := f.text(name)
	if v == "" {
		v = strings.TrimSpace(f.c.Query(name))
	}
	if v == "" {
		return 0
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 {
		f.wrong(name, model.InvalidField(name, "field.format", "内容应为数字"))
		return 0
	}
	return n
}

// version is the version of the thing that the page showed. A form without one says
// nothing about what its user saw: that is no change by somebody else.
func (f *form) version() int64 {
	if f.text("version") == "" && strings.TrimSpace(f.c.Query("version")) == "" {
		f.wrong("version", model.InvalidField("version", "field.required", "缺少版本号，请刷新页面后重新提交"))
		return 0
	}
	return f.number("version")
}

// count is a number of days, months or years. What is far too large for any rule
// stays too large.
func (f *form) count(name string) int { return int(min(f.number(name), 1<<20)) }

// integer is a number that must be there; what names it to the user.
func (f *form) integer(name, what string) int {
	n, err := strconv.Atoi(f.text(name))
	if err != nil {
		f.wrong(name, model.InvalidField(name, "field.format", what+"应为整数"))
	}
	return n
}

// days are days that are written one beside the other, as 7、3、1.
func (f *form) days(name, what string) (out []int) {
	for _, v := range strings.FieldsFunc(f.c.PostForm(name), func(r rune) bool { return strings.ContainsRune(",，、 ", r) }) {
		n, err := strconv.Atoi(v)
		if err != nil {
			f.wrong(name, model.InvalidField(name, "schedule.days", what+"应为整数，用顿号隔开，例如 7、3、1"))
			return nil
		}
		out = append(out, n)
	}
	return out
}

// several are the numbers of the boxes that are ticked; unknown is the error for
// what is none.
func (f *form) several(name string, unknown *model.Error) (out []int64) {
	for _, v := range f.c.PostFormArray(name) {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			f.wrong(name, unknown)
			return nil
		}
		out = append(out, n)
	}
	return out
}

// yuan is an amount in yuan, 0 when it is empty; errors name the field.
func (f *form) yuan(name, field string) model.Fen { return f.yuanOf(field, f.c.PostForm(name)) }

func (f *form) yuanOf(field, typed string) model.Fen {
	if strings.TrimSpace(typed) == "" {
		return 0
	}
	fen, err := model.ParseYuan(typed)
	if err != nil {
		f.wrong(field, model.AtField(err, field))
		return 0
	}
	return fen
}

// date is a day, the zero date when it is empty.
func (f *form) date(name string) model.Date { return f.dateOf(name, f.c.PostForm(name)) }

// dateAsked is a day of the address.
func (f *form) dateAsked(name string) model.Date { return f.dateOf(name, f.c.Query(name)) }

// dateOf refuses a day that its field cannot mean.
func (f *form) dateOf(field, typed string) model.Date {
	if strings.TrimSpace(typed) == "" {
		return model.Date{}
	}
	on, err := model.ReadDay(typed)
	if err != nil {
		f.wrong(field, model.AtField(err, field))
		return model.Date{}
	}
	f.wrong(field, model.CheckDay(field, on, model.DateOf(f.d.cfg.Now())))
	return on
}

// time is an instant of the court's day.
func (f *form) time(name string) time.Time {
	t, err := time.ParseInLocation("2006-01-02T15:04", f.text(name), model.CourtZone)
	if err != nil {
		f.wrong(name, model.InvalidField(name, "date.format", "时间格式不正确，应如 2026-11-24 09:30"))
		return t
	}
	f.wrong(name, model.CheckDay(name, model.DateOf(t), model.DateOf(f.d.cfg.Now())))
	return t
}

// timeAsked is an instant that may be left empty.
func (f *form) timeAsked(name string) time.Time {
	if f.text(name) == "" {
		return time.Time{}
	}
	return f.time(name)
}

// chosen is the form's file, nil when none was chosen.
func (f *form) chosen() *multipart.FileHeader {
	scan, err := f.c.FormFile("file")
	if err != nil || scan.Filename == "" {
		return nil
	}
	return scan
}

// named are the parties that were named in a field, for the service to find; none
// when nothing was typed.
func (f *form) named(name string) []string {
	if v := f.text(name); v != "" {
		return []string{v}
	}
	return nil
}

// file takes the form's file for the case, 0 when none was chosen. It is asked
// for last: nothing is stored of a form that is wrong.
func (f *form) file(caseID int64, key string) int64 {
	if f.err != nil {
		return 0
	}
	scan := f.chosen()
	if scan == nil {
		return 0
	}
	id, err := f.d.keepScan(f.c, caseID, key, scan)
	f.wrong("file", err)
	return id
}

// scan is file with the form's key, which is missed only when there is a file.
func (f *form) scan(caseID int64) int64 {
	if f.chosen() == nil {
		return 0
	}
	return f.file(caseID, f.key())
}

// files takes the form's files for the case, none for an agency's own.
func (f *form) files(caseID int64, key string) (out []int64) {
	if f.err != nil {
		return nil
	}
	parts, err := f.c.MultipartForm()
	if err != nil {
		return nil // what check read is a form of texts alone
	}
	for i, part := range parts.File["file"] {
		if part.Size == 0 {
			continue // no file was chosen
		}
		n, err := f.d.keepScan(f.c, caseID, key+"-"+strconv.Itoa(i), part)
		if err != nil {
			f.wrong("file", err)
			return nil
		}
		out = append(out, n)
	}
	return out
}
