package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strconv"
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
func openAPIDocument(routes []Route, publicURL string, d describer) ([]byte, error) {
	r := openapi31.NewReflector()
	r.JSONSchemaReflector().DefaultOptions = append(r.JSONSchemaReflector().DefaultOptions,
		jsonschema.InterceptDefName(schemaName), jsonschema.InterceptNullability(neverNull))
	r.JSONSchemaReflector().AddTypeMapping(model.Date{}, day(""))
	r.JSONSchemaReflector().AddTypeMapping(cursor{}, "")
	r.JSONSchemaReflector().AddTypeMapping(filePart{}, new(multipart.File))
	r.Spec.Info.WithTitle("微法院自动履行接口").WithVersion("1").WithDescription(
		"金额单位均为分（整数）；日期为北京时间的日历日 2026-01-31；时刻为 UTC 的 RFC 3339 格式。" +
			"整数的绝对值不超过 2^53−1；文字单行不超过 1000 字、多行不超过 10000 字，更短的限制见各字段。" +
			"出错时返回统一的错误对象：reason 为稳定代码，message 为给用户看的中文说明。" +
			"需要 Idempotency-Key 请求头的写操作可以放心重复提交。")
	r.Spec.Info.WithLicense(openapi31.License{Name: "Apache-2.0", Identifier: &licence})
	if publicURL == "" {
		publicURL = "/"
	}
	r.Spec.WithServers(openapi31.Server{URL: publicURL})
	r.Spec.SetHTTPBearerTokenSecurity("session", "", "小程序或工作台登录后取得的会话令牌：Authorization: Bearer 令牌")
	r.Spec.SetAPIKeySecurity("api_key", "Authorization", openapi.InHeader, "审判管理系统或者责任单位的接口密钥：Authorization: ApiKey 密钥")
	for _, rt := range routes {
		if err := addOperation(r, rt); err != nil {
			return nil, fmt.Errorf("openapi: %s %s: %w", rt.Method, rt.Path, err)
		}
	}
	raw, err := json.Marshal(r.Spec)
	if err != nil {
		return nil, err
	}
	return finishDocument(raw, routes, d)
}

var licence = "Apache-2.0"

// schemaName names a schema after the thing that it describes, not after the
// folder that its type lives in.
func schemaName(t reflect.Type, name string) string {
	if t == reflect.TypeFor[fileView]() {
		return "StoredFile" // File is what a form carries
	}
	folder := path.Base(t.PkgPath())
	if len(name) > len(folder) && strings.EqualFold(name[:len(folder)], folder) && t.PkgPath() != "" {
		name = name[len(folder):]
	}
	return strings.TrimPrefix(strings.TrimSuffix(name, "View"), "FormData")
}

// neverNull takes null from the types of lists: we write an empty one.
func neverNull(p jsonschema.InterceptNullabilityParams) {
	if p.Schema.HasType(jsonschema.Array) && p.Schema.HasType(jsonschema.Null) {
		p.Schema.RemoveType(jsonschema.Null)
	}
}

// finishDocument adds what the reflector cannot say: what everything means, which
// reasons each operation answers with, as an enum that programs read, and that a
// public one needs no security.
func finishDocument(raw []byte, routes []Route, d describer) ([]byte, error) {
	var doc struct {
		rest       map[string]json.RawMessage
		paths      map[string]map[string]map[string]any
		components map[string]map[string]map[string]any
	}
	if err := json.Unmarshal(raw, &doc.rest); err != nil {
		return nil, err
	}
	for part, v := range map[string]any{"paths": &doc.paths, "components": &doc.components} {
		dec := json.NewDecoder(bytes.NewReader(doc.rest[part]))
		dec.UseNumber() // a bound is written as it was
		if err := dec.Decode(v); err != nil {
			return nil, err
		}
	}
	shared := map[string]map[string]any{}
	common := errorStatuses(Route{})
	for _, s := range common {
		shared[fmt.Sprintf("Error%d", s.code)] = s.response()
	}
	doc.components["responses"] = shared
	for name, s := range doc.components["schemas"] {
		d.schema(name, s)
	}
	for _, rt := range routes {
		o := doc.paths[documentPath(rt.Path)][strings.ToLower(rt.Method)]
		if o == nil {
			return nil, fmt.Errorf("openapi: %s %s is lost", rt.Method, rt.Path)
		}
		d.operation(o)
		if slices.Contains(model.RolesFor(rt.Act), model.RolePublic) {
			o["security"] = []any{}
		}
		responses, _ := o["responses"].(map[string]any)
		for _, s := range errorStatuses(rt) {
			if slices.ContainsFunc(common, func(c statusReasons) bool { return c.code == s.code && slices.Equal(c.reasons, s.reasons) }) {
				responses[strconv.Itoa(s.code)] = map[string]any{"$ref": fmt.Sprintf("#/components/responses/Error%d", s.code)}
				continue
			}
			responses[strconv.Itoa(s.code)] = s.response()
		}
	}
	var err error
	if doc.rest["components"], err = json.Marshal(doc.components); err != nil {
		return nil, err
	}
	if doc.rest["paths"], err = json.Marshal(doc.paths); err != nil {
		return nil, err
	}
	return json.Marshal(doc.rest)
}

// response describes the failures of one status.
func (s statusReasons) response() map[string]any {
	return map[string]any{
		"description": strings.Join(s.reasons, " · "),
		"content": map[string]any{"application/json": map[string]any{"schema": map[string]any{"allOf": []any{
			map[string]any{"$ref": "#/components/schemas/Error"},
			map[string]any{"type": "object", "properties": map[string]any{"error": map[string]any{
				"type": "object", "properties": map[string]any{"reason": map[string]any{"enum": s.reasons}},
			}}},
		}}}},
	}
}

var ginParam = regexp.MustCompile(`[:*]([a-z_]+)`)

func documentPath(p string) string { return "/api/v1" + ginParam.ReplaceAllString(p, "{$1}") }

func addOperation(r *openapi31.Reflector, rt Route) error {
	oc, err := r.NewOperationContext(rt.Method, documentPath(rt.Path))
	if err != nil {
		return err
	}
	oc.SetSummary(rt.Summary)
	oc.SetID(operationID(rt))
	oc.SetTags(strings.Split(strings.TrimPrefix(rt.Path, "/"), "/")[0])
	oc.SetDescription(describeAccess(rt))
	if names := rt.For.Names(); names != nil {
		if o, ok := oc.(openapi31.OperationExposer); ok {
			o.Operation().WithMapOfAnythingItem("x-clients", names)
		}
	}
	if rt.Input != nil {
		oc.AddReqStructure(rt.Input)
	}
	switch {
	case rt.Output != nil:
		oc.AddRespStructure(rt.Output, openapi.WithHTTPStatus(rt.successStatus()))
	case rt.Produces != "":
		for _, mediaType := range strings.Split(rt.Produces, ", ") {
			oc.AddRespStructure(binary{}, openapi.WithHTTPStatus(rt.successStatus()), openapi.WithContentType(mediaType))
		}
	default:
		oc.AddRespStructure(nil, openapi.WithHTTPStatus(rt.successStatus()))
	}
	if rt.Repeats {
		oc.AddRespStructure(rt.Output, openapi.WithHTTPStatus(http.StatusOK))
	}
	oc.AddRespStructure(web.ErrorView{}, openapi.WithHTTPStatus(http.StatusInternalServerError)) // finishDocument says more
	roles := model.RolesFor(rt.Act)
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

// operationID is the name of the function that answers; a generated client has
// methods of these names.
func operationID(rt Route) string { return cmp.Or(rt.ID, rt.Do.name) }

// describeAccess says in the document who may call the route.
func describeAccess(rt Route) string {
	if rt.Act == model.ActPublic {
		return "无需登录。"
	}
	var names []string
	for _, r := range model.RolesFor(rt.Act) {
		names = append(names, r.Chinese())
	}
	return "可由下列身份调用：" + strings.Join(names, "、") + "。"
}

type statusReasons struct {
	code    int
	reasons []string
}

// errorStatuses groups the reasons of a route by HTTP status.
func errorStatuses(rt Route) []statusReasons {
	var out []statusReasons
	common := slices.DeleteFunc(slices.Clone(CommonReasons), func(e Reason) bool {
		return rt.Act == model.ActPublic && (e.Name == "session.required" || e.Name == "role.forbidden")
	})
	for _, e := range slices.Concat(common, rt.Reasons) {
		code := web.Status(e.Kind)
		i := slices.IndexFunc(out, func(s statusReasons) bool { return s.code == code })
		if i < 0 {
			out = append(out, statusReasons{code: code})
			i = len(out) - 1
		}
		if !slices.Contains(out[i].reasons, e.Name) {
			out[i].reasons = append(out[i].reasons, e.Name)
		}
	}
	for _, s := range out {
		slices.Sort(s.reasons)
	}
	slices.SortFunc(out, func(a, b statusReasons) int { return cmp.Compare(a.code, b.code) })
	return out
}

func (s *API) documentRoutes() []Route {
	return []Route{{
		Method: http.MethodGet, Path: "/openapi.json", For: Public, Act: model.ActPublic, Summary: "接口文档（OpenAPI 3.1），可以只要某一类程序用到的部分",
		Output: map[string]any{}, Limit: web.LimitOpen, Do: do(s.openAPI),
	}}
}

type documentFor struct {
	For string `query:"for" json:"-" enum:",phone,phone_staff,case_system,agency,bank,public" description:"只要这一类程序用到的接口；不填为全部"`
}

func (s *API) openAPI(_ context.Context, _ model.Actor, in documentFor) (raw, error) {
	return s.described[in.For]()
}

// raw is JSON that is written already.
type raw []byte

func (b raw) send(c *gin.Context, status int) {
	web.RawJSON(c, status, b)
}

// binary stands for the bytes of a file in the document.
type binary struct{}

// JSONSchema implements jsonschema.Exposer.
func (binary) JSONSchema() (jsonschema.Schema, error) {
	var s jsonschema.Schema
	s.AddType(jsonschema.String)
	s.WithFormat("binary")
	return s, nil
}

const dayPattern = `^([0-9]{4}-[0-9]{2}-[0-9]{2})?$`

// day stands for model.Date in the document: a day like 2026-01-31,
// or nothing when the day is not known.
type day string

// JSONSchema implements jsonschema.Exposer.
func (day) JSONSchema() (jsonschema.Schema, error) {
	var s jsonschema.Schema
	s.AddType(jsonschema.String)
	s.WithPattern(dayPattern).WithDescription("北京时间的日期，如 2026-01-31；未知时为空字符串")
	return s, nil
}
