package desk

import (
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/model"
)

// number reads the number in the path; anything else is not found.
func number(c *gin.Context) (int64, error) {
	n, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil || n <= 0 {
		return 0, model.E(model.NotFound, "path.not_found", "没有找到，或您无权查看")
	}
	return n, nil
}

// formNumber reads a number of a form or of the query, 0 when it is empty.
func formNumber(c *gin.Context, name string) (int64, error) {
	v := strings.TrimSpace(c.PostForm(name))
	if v == "" {
		v = strings.TrimSpace(c.Query(name))
	}
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 {
		return 0, model.InvalidField(name, "field.format", "内容应为数字")
	}
	return n, nil
}

// formYuan reads an amount in yuan, 0 when it is empty.
func formYuan(field, value string) (model.Fen, error) {
	if strings.TrimSpace(value) == "" {
		return 0, nil
	}
	f, err := model.ParseYuan(value)
	if err != nil {
		e := *model.InvalidField(field, "amount.not_money", "金额格式不正确，应如 12345.67")
		return 0, &e
	}
	return f, nil
}

// formDate reads a day, the zero date when it is empty, and refuses one that its
// field cannot mean.
func (d *Desk) formDate(field, value string) (model.Date, error) {
	if strings.TrimSpace(value) == "" {
		return model.Date{}, nil
	}
	on, err := model.ParseDate(strings.TrimSpace(value))
	if err != nil {
		return on, model.AtField(err, field)
	}
	return on, model.CheckDay(field, on, model.DateOf(d.cfg.Now()))
}

// formKey is the key that the page gave its form, so that a second click does
// nothing new.
func formKey(c *gin.Context) (string, error) {
	k := c.PostForm("key")
	if len(k) < 8 || len(k) > 64 {
		return "", model.InvalidField("key", "idempotency.required", "页面已过期，请刷新后重新提交")
	}
	return k, nil
}

// after reads where a list goes on.
func after(c *gin.Context, name string) (int64, error) {
	v := c.Query(name)
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(v, 10, 64)
	if err != nil || n < 0 {
		return 0, model.InvalidField(name, "field.format", "分页参数不正确")
	}
	return n, nil
}

// with is the present address with one query parameter set and the marks of
// what was done removed.
func with(c *gin.Context, name string, value int64) string {
	u := *c.Request.URL
	q := u.Query()
	q.Del("done")
	q.Set(name, strconv.FormatInt(value, 10))
	u.RawQuery = q.Encode()
	return u.RequestURI()
}
