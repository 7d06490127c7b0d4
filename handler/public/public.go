// Package public is the pages for everybody: is this certificate valid, is this
// message the court's, who is on the published list, and the API for people.
package public

import (
	"bytes"
	"embed"
	"encoding/json"
	"html/template"
	"io/fs"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service"
)

//go:embed pages
var pageFiles embed.FS

var pages = template.Must(parsePages(pageFiles))

func parsePages(files fs.FS) (*template.Template, error) {
	return template.New("").Funcs(template.FuncMap{"asset": web.Asset, "address": web.Address}).ParseFS(files, "pages/*.html")
}

// pageCSP allows what the pages have: their own style sheet and forms to this
// server. There are no scripts.
const pageCSP = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Config is what the pages need.
type Config struct {
	Services *service.Services
	// Document makes the OpenAPI document, which one page shows to people.
	Document func() ([]byte, error)
	// Source holds the templates as they are being written (its folder pages), and
	// is read again for each page; nil for those in the program.
	Source fs.FS
}

// Pages are the pages that anyone may open in a browser. They work without
// scripts, in print, and on an old phone.
type Pages struct {
	svc      *service.Services
	document func() ([]byte, error)
	source   fs.FS
}

// New makes the pages.
func New(cfg Config) *Pages {
	return &Pages{svc: cfg.Services, document: cfg.Document, source: cfg.Source}
}

// Route is one page, or one form of a page.
type Route struct {
	Method, Path string
	Limit        web.LimitClass
	Check        func(*gin.Context) error // of the address or the form, before Handle
	Handle       func(*gin.Context) error
}

// Routes lists every page and form.
func (p *Pages) Routes() []Route {
	get := func(path string, limit web.LimitClass, f func(*gin.Context) error) Route {
		return Route{http.MethodGet, path, limit, checkQuery, f}
	}
	post := func(path string, f func(*gin.Context) error) Route {
		return Route{http.MethodPost, path, web.LimitVerify, checkForm, f}
	}
	return []Route{
		get("/", web.LimitOpen, func(c *gin.Context) error { return p.render(c, http.StatusOK, "home", gin.H{"Title": "自动履行"}) }),
		get("/look", web.LimitOpen, web.SetLook),
		get("/verify", web.LimitVerify, p.verifyPage),
		post("/verify/details", p.detailsPage),
		get("/message", web.LimitVerify, p.messagePage),
		get("/listings", web.LimitVerify, p.listingsPage),
		post("/listings", p.listingsPage),
		get("/privacy", web.LimitOpen, func(c *gin.Context) error {
			return p.render(c, http.StatusOK, "privacy", gin.H{"Title": "隐私说明"})
		}),
		get("/api", web.LimitOpen, p.apiPage),
	}
}

// checkQuery refuses parameters that are given twice or that hold no text.
func checkQuery(c *gin.Context) error {
	if c.Request.URL.RawQuery == "" {
		return nil
	}
	query, err := web.Query(c)
	if err != nil {
		return err
	}
	return web.CheckQuery(query, web.Today(c))
}

// checkForm refuses a form with fields that are given twice or that hold no
// text.
func checkForm(c *gin.Context) error {
	if err := c.Request.ParseForm(); err != nil {
		return web.BodyError(err)
	}
	return web.CheckForm(c.Request.PostForm, nil)
}

func (p *Pages) render(c *gin.Context, status int, name string, data gin.H) error {
	data["Look"], data["Sizes"], data["Here"], data["Calls"] = web.Look(c), web.Sizes, "/", p.calls(c)
	if c.Request.Method == http.MethodGet && status < http.StatusBadRequest {
		data["Here"] = c.Request.URL.RequestURI()
	}
	set := pages
	if p.source != nil {
		var err error
		if set, err = parsePages(p.source); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	if err := set.ExecuteTemplate(&b, name, data); err != nil {
		return err
	}
	c.Header("Content-Security-Policy", pageCSP)
	web.HTML(c, status, b.Bytes())
	return nil
}

// calls are the courts with the numbers at which people reach them; none when they
// cannot be read just now: the hotline stands on every page.
func (p *Pages) calls(c *gin.Context) []model.Court {
	if p.svc == nil {
		return nil
	}
	list, err := p.svc.Enforcement.PublicCourts(c.Request.Context())
	if err != nil {
		return nil
	}
	return list
}

// verifyPage is where the QR code of a certificate leads.
func (p *Pages) verifyPage(c *gin.Context) error {
	number, code := c.Query("number"), c.Query("code")
	data := gin.H{"Title": "自动履行证明书查验", "Number": number, "Code": code}
	if number != "" || code != "" {
		r, err := p.svc.Certificate.Verify(c.Request.Context(), web.Actor(c), number, code)
		if err != nil {
			return p.pageError(c, "verify", data, err)
		}
		data["Result"] = r
	}
	return p.render(c, http.StatusOK, "verify", data)
}

func (p *Pages) detailsPage(c *gin.Context) error {
	data := gin.H{"Title": "自动履行证明书查验"}
	r, facts, err := p.svc.Certificate.Details(c.Request.Context(), web.Actor(c), c.PostForm("code"))
	if err != nil {
		return p.pageError(c, "verify", data, err)
	}
	data["Result"], data["Facts"] = r, facts
	return p.render(c, http.StatusOK, "verify", data)
}

// messagePage is where anybody checks the code on a message, without following
// a link in it.
func (p *Pages) messagePage(c *gin.Context) error {
	data := gin.H{"Title": "法院消息核验", "Code": c.Query("code")}
	if c.Query("code") != "" {
		m, err := p.svc.Notice.Check(c.Request.Context(), c.Query("code"))
		if err != nil {
			return p.pageError(c, "message", data, err)
		}
		data["Asked"] = true
		if m != nil {
			data["Found"] = m
		}
	}
	return p.render(c, http.StatusOK, "message", data)
}

// pageError shows what a visitor can mend on the page; the rest fails like any
// request.
func (p *Pages) pageError(c *gin.Context, page string, data gin.H, err error) error {
	k := model.KindOf(err)
	if k != model.Invalid && k != model.TooMany {
		return err
	}
	data["Error"] = web.Describe(err).Message
	return p.render(c, web.Status(k), page, data)
}

// operationView is one route on the readable page of the API.
type operationView struct {
	ID, Method, Path, Summary, Access string
	Fields                            []fieldView
	Responses                         []responseLine
}

type fieldView struct {
	Name, Where, Text string
	Required          bool
}

type responseLine struct{ Status, Text string }

// document is the part of the OpenAPI document that the page shows.
type document struct {
	Info struct {
		Description string `json:"description"`
	} `json:"info"`
	Paths map[string]map[string]struct {
		ID          string `json:"operationId"`
		Summary     string `json:"summary"`
		Description string `json:"description"`
		Parameters  []struct {
			Name        string `json:"name"`
			In          string `json:"in"`
			Required    bool   `json:"required"`
			Description string `json:"description"`
		} `json:"parameters"`
		RequestBody struct {
			Content map[string]struct {
				Schema schemaView `json:"schema"`
			} `json:"content"`
		} `json:"requestBody"`
		Responses map[string]response `json:"responses"`
	} `json:"paths"`
	Components struct {
		Schemas   map[string]schemaView `json:"schemas"`
		Responses map[string]response   `json:"responses"` // that many routes share
	} `json:"components"`
}

type response struct {
	Ref         string `json:"$ref"`
	Description string `json:"description"`
}

type schemaView struct {
	Ref         string                `json:"$ref"`
	Description string                `json:"description"`
	Required    []string              `json:"required"`
	Properties  map[string]schemaView `json:"properties"`
}

// apiPage is the OpenAPI document for people.
func (p *Pages) apiPage(c *gin.Context) error {
	b, err := p.document()
	if err != nil {
		return err
	}
	var doc document
	if err := json.Unmarshal(b, &doc); err != nil {
		return err
	}
	var ops []operationView
	for path, methods := range doc.Paths {
		for method, o := range methods {
			v := operationView{ID: o.ID, Method: strings.ToUpper(method), Path: path, Summary: o.Summary, Access: o.Description}
			for _, p := range o.Parameters {
				v.Fields = append(v.Fields, fieldView{Name: p.Name, Where: map[string]string{
					"path": "地址", "query": "查询参数", "header": "请求头",
				}[p.In], Text: p.Description, Required: p.Required})
			}
			for _, content := range o.RequestBody.Content {
				schema := content.Schema
				if name, ok := strings.CutPrefix(schema.Ref, "#/components/schemas/"); ok {
					schema = doc.Components.Schemas[name]
				}
				for name, p := range schema.Properties {
					v.Fields = append(v.Fields, fieldView{Name: name, Where: "正文", Text: p.Description, Required: slices.Contains(schema.Required, name)})
				}
			}
			slices.SortStableFunc(v.Fields, func(a, b fieldView) int {
				return strings.Compare(a.Where+a.Name, b.Where+b.Name)
			})
			for status, r := range o.Responses {
				if name, ok := strings.CutPrefix(r.Ref, "#/components/responses/"); ok {
					r = doc.Components.Responses[name]
				}
				v.Responses = append(v.Responses, responseLine{status, r.Description})
			}
			slices.SortFunc(v.Responses, func(a, b responseLine) int { return strings.Compare(a.Status, b.Status) })
			ops = append(ops, v)
		}
	}
	slices.SortFunc(ops, func(a, b operationView) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	return p.render(c, http.StatusOK, "api", gin.H{"Title": "接口文档", "Doc": doc, "Operations": ops})
}
