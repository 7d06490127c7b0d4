package desk

import (
	"fmt"
	"strconv"

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
func with(c *gin.Context, name string, value any) string {
	u := *c.Request.URL
	q := u.Query()
	q.Del("done")
	q.Del("decision")
	q.Set(name, fmt.Sprint(value))
	u.RawQuery = q.Encode()
	return u.RequestURI()
}
