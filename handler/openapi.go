package handler

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/swaggest/jsonschema-go"
	"github.com/swaggest/openapi-go"
	"github.com/swaggest/openapi-go/openapi31"

	"microcourt/handler/web"
	"microcourt/model"
)

// openAPIDocument describes every route in OpenAPI 3.1, from the same rows
// that the router is built from. A test validates what the routes really
// answer against it.
func openAPIDocument(routes []route, publicURL string) ([]byte, error) {
	r := openapi31.NewReflector()
	r.JSONSchemaReflector().DefaultOptions = append(r.JSONSchemaReflector().DefaultOptions,
		jsonschema.InterceptDefName(func(_ reflect.Type, name string) string {
			return strings.TrimPrefix(strings.TrimSuffix(name, "View"), "Handler")
		}))
	r.JSONSchemaReflector().AddTypeMapping(model.Date{}, jsonschemaDate(""))
	r.Spec.Info.WithTitle("微法院自动履行接口").WithVersion("1").WithDescription(
		"金额单位均为分（整数）；日期为法院所在时区的日历日 2026-01-31；时刻为 UTC 的 RFC 3339 格式。" +
			"出错时返回统一的错误对象：reason 为稳定代码，message 为给用户看的中文说明。" +
			"需要 Idempotency-Key 请求头的写操作可以放心重复提交。")
	if publicURL != "" {
		r.Spec.WithServers(openapi31.Server{URL: publicURL})
	}
	r.Spec.SetHTTPBearerTokenSecurity("session", "", "小程序或工作台登录后取得的会话令牌：Authorization: Bearer 令牌")
	r.Spec.SetAPIKeySecurity("api_key", "Authorization", openapi.InHeader, "审判管理系统或者责任单位的接口密钥：Authorization: ApiKey 密钥")
	for _, rt := range routes {
		if err := addOperation(r, rt); err != nil {
			return nil, fmt.Errorf("openapi: %s %s: %w", rt.method, rt.path, err)
		}
	}
	return json.Marshal(r.Spec)
}

var ginParam = regexp.MustCompile(`[:*]([a-z_]+)`)

func documentPath(p string) string { return "/api/v1" + ginParam.ReplaceAllString(p, "{$1}") }

func addOperation(r *openapi31.Reflector, rt route) error {
	oc, err := r.NewOperationContext(rt.method, documentPath(rt.path))
	if err != nil {
		return err
	}
	oc.SetSummary(rt.summary)
	oc.SetID(operationID(rt))
	oc.SetTags(strings.Split(strings.TrimPrefix(rt.path, "/"), "/")[0])
	oc.SetDescription(describeAccess(rt))
	if rt.input != nil {
		oc.AddReqStructure(rt.input)
	}
	switch {
	case rt.output != nil:
		oc.AddRespStructure(rt.output, openapi.WithHTTPStatus(rt.successStatus()))
	case rt.produces != "":
		oc.AddRespStructure(new(string), openapi.WithHTTPStatus(rt.successStatus()), openapi.WithContentType(rt.produces))
	default:
		oc.AddRespStructure(nil, openapi.WithHTTPStatus(rt.successStatus()))
	}
	if rt.repeats {
		oc.AddRespStructure(rt.output, openapi.WithHTTPStatus(http.StatusOK))
	}
	for _, status := range errorStatuses(rt) {
		oc.AddRespStructure(errorView{}, openapi.WithHTTPStatus(status.code), func(cu *openapi.ContentUnit) {
			cu.Description = strings.Join(status.reasons, " · ")
		})
	}
	roles := model.RolesFor(rt.act)
	if !slices.Contains(roles, model.RolePublic) {
		if slices.Contains(roles, model.RoleCaseSystem) || slices.Contains(roles, model.RoleAgency) {
			oc.AddSecurity("api_key")
		}
		if slices.ContainsFunc(roles, func(r model.Role) bool { return r != model.RoleCaseSystem }) {
			oc.AddSecurity("session")
		}
	}
	return r.AddOperation(oc)
}

func operationID(rt route) string {
	return strings.ToLower(rt.method) + strings.NewReplacer("/", "_", ":", "", "*", "", "-", "_").Replace(rt.path)
}

// describeAccess says in the document who may call the route.
func describeAccess(rt route) string {
	if rt.act == model.ActPublic {
		return "无需登录。"
	}
	var names []string
	for _, r := range model.RolesFor(rt.act) {
		names = append(names, r.Chinese())
	}
	return "可由下列身份调用：" + strings.Join(names, "、") + "。"
}

type statusReasons struct {
	code    int
	reasons []string
}

// errorStatuses groups the reasons of a route by HTTP status.
func errorStatuses(rt route) []statusReasons {
	var out []statusReasons
	common := slices.DeleteFunc(slices.Clone(commonReasons), func(e reason) bool {
		return rt.act == model.ActPublic && (e.reason == "session.required" || e.reason == "role.forbidden")
	})
	for _, e := range slices.Concat(common, rt.reasons) {
		code := web.Status(e.kind)
		i := slices.IndexFunc(out, func(s statusReasons) bool { return s.code == code })
		if i < 0 {
			out = append(out, statusReasons{code: code})
			i = len(out) - 1
		}
		if !slices.Contains(out[i].reasons, e.reason) {
			out[i].reasons = append(out[i].reasons, e.reason)
		}
	}
	slices.SortFunc(out, func(a, b statusReasons) int { return cmp.Compare(a.code, b.code) })
	return out
}

func (s *server) documentRoutes() []route {
	return []route{{
		method: http.MethodGet, path: "/openapi.json", act: model.ActPublic, summary: "接口文档（OpenAPI 3.1）",
		output: map[string]any{}, limit: limitOpen, handle: s.openAPI,
	}}
}

func (s *server) openAPI(c *gin.Context) error {
	b, err := s.document()
	if err != nil {
		return err
	}
	c.Data(http.StatusOK, "application/json; charset=utf-8", b)
	return nil
}

// jsonschemaDate stands for model.Date in the document: a day like 2026-01-31,
// or nothing when the day is not known.
type jsonschemaDate string

// JSONSchema implements jsonschema.Exposer.
func (jsonschemaDate) JSONSchema() (jsonschema.Schema, error) {
	var s jsonschema.Schema
	s.AddType(jsonschema.String)
	s.WithPattern(`^([0-9]{4}-[0-9]{2}-[0-9]{2})?$`).WithDescription("日历日，如 2026-01-31；未知时为空字符串")
	return s, nil
}
