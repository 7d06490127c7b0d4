package api

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// bind reads a JSON body into v, as web.DecodeJSON says.
func bind(c *gin.Context, v any) error {
	if ct := c.ContentType(); ct != "" && ct != "application/json" {
		return model.E(model.Invalid, "body.malformed", "请求内容必须是 JSON")
	}
	return web.DecodeJSON(c.Request.Body, v, web.Today(c))
}

// id reads a numeric path parameter. Anything that is not a positive number
// is simply not found.
func id(c *gin.Context, name string) (int64, error) {
	n, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || n <= 0 {
		return 0, model.E(model.NotFound, "path.not_found", "没有找到，或您无权查看")
	}
	return n, nil
}

// posted reads what an act on the thing in the path was sent with: the thing's
// id and the body.
func posted[T any](c *gin.Context) (n int64, req T, err error) {
	if n, err = id(c, "id"); err == nil {
		err = bind(c, &req)
	}
	return n, req, err
}

// keyed is posted for a write that needs a key.
func keyed[T any](c *gin.Context) (n int64, key string, req T, err error) {
	if n, err = id(c, "id"); err != nil {
		return 0, "", req, err
	}
	if key, err = idempotencyKey(c); err == nil {
		err = bind(c, &req)
	}
	return n, key, req, err
}

// page reads the keyset parameters of a list: after (exclusive, 0 for the
// first page) and limit (1–100, 20 by default).
func page(c *gin.Context) (after int64, limit int, err error) { return pageFrom(c, "after") }

// pageFrom is page for a list whose parameter has another name.
func pageFrom(c *gin.Context, name string) (after int64, limit int, err error) {
	limit = 20
	if v := c.Query(name); v != "" {
		if after, err = strconv.ParseInt(v, 10, 64); err != nil || after < 0 {
			return 0, 0, model.InvalidField(name, "field.format", "分页参数不正确")
		}
	}
	if v := c.Query("limit"); v != "" {
		if limit, err = strconv.Atoi(v); err != nil || limit < 1 || limit > 100 {
			return 0, 0, model.InvalidField("limit", "field.format", "每页条数应在 1 到 100 之间")
		}
	}
	return after, limit, nil
}

// pageQuery is the input of lists, for the document.
type pageQuery struct {
	After int64 `query:"after" json:"-" minimum:"0" description:"上一页最后一条的编号，第一页不填"`
	Limit int   `query:"limit" json:"-" minimum:"1" maximum:"100" default:"20" description:"每页条数，1–100，默认 20"`
}

// beforeQuery is pageQuery for lists that begin with the newest.
type beforeQuery struct {
	Before int64 `query:"before" json:"-" minimum:"0" description:"上一页最后一条的编号，第一页不填"`
	Limit  int   `query:"limit" json:"-" minimum:"1" maximum:"100" default:"20" description:"每页条数，1–100，默认 20"`
}

// idempotencyKey reads the Idempotency-Key header, which every write that has
// no natural key requires: a phone repeats a request whose answer got lost.
func idempotencyKey(c *gin.Context) (string, error) {
	k := c.GetHeader(keyHeader)
	if !validKey(k) {
		return "", errKey
	}
	return k, nil
}

const keyHeader = "Idempotency-Key"

var errKey = model.InvalidField(keyHeader, "idempotency.required", "缺少请求标识（Idempotency-Key），应为 8 到 64 位字母、数字或 -_")

func validKey(k string) bool {
	if len(k) < 8 || len(k) > 64 {
		return false
	}
	for _, r := range k {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}
