package api

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

// call is how a route is answered: the types that it reads and gives, which the
// document is made of, and the function between them.
type call struct {
	in, out reflect.Type
	reading *reading
	name    string // of the function
	err     error  // what is wrong with the types; New fails with it
	run     func(c *gin.Context, status int) error
}

// do makes a route of a function that reads an In and gives an Out. In is a
// struct. Its fields are bound by their tags: `path`, `query` and `header` for
// parameters, `json` for the body, `formData` for a form whose last part is a
// file; `session` is the token that a request comes with, which the document has
// once for all routes. Out is written as JSON unless it is nothing (204) or says
// itself how it is sent (answer).
func do[In, Out any](f func(ctx context.Context, by model.Actor, in In) (Out, error)) call {
	k := call{in: reflect.TypeFor[In](), out: reflect.TypeFor[Out]()}
	k.reading, k.err = readingOf(k.in)
	k.name = functionName(f)
	k.run = func(c *gin.Context, status int) error {
		if k.reading.file != nil {
			defer buffered(c.Request)()
		}
		var in In
		if err := k.reading.bind(c, reflect.ValueOf(&in).Elem()); err != nil {
			return err
		}
		by := web.Actor(c)
		var err error
		if by.Asked, err = k.reading.asked(c.Request.Method+" "+c.FullPath(), reflect.ValueOf(in)); err != nil {
			return err
		}
		out, err := f(c.Request.Context(), by, in)
		if err != nil {
			return err
		}
		switch out := any(out).(type) {
		case nothing:
			c.Status(http.StatusNoContent)
		case answer:
			out.send(c, status)
		default:
			web.JSON(c, status, out)
		}
		return nil
	}
	return k
}

// functionName is the name of a method, "" for a function without one.
func functionName(f any) string {
	name := runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name()
	name = strings.TrimSuffix(name[strings.LastIndexByte(name, '.')+1:], "-fm")
	if strings.HasPrefix(name, "func") {
		return ""
	}
	return name
}

// nothing is the input of a route that takes none, and the answer of one that has
// nothing to say.
type nothing struct{}

// answer is a success that says itself how it is sent.
type answer interface {
	send(c *gin.Context, status int)
}

// repeatable is the answer of a write that a client may repeat: a repeat gets the
// same view with 200.
type repeatable[View any] struct {
	view  View
	again bool
}

func (r repeatable[View]) send(c *gin.Context, status int) {
	if r.again {
		status = http.StatusOK
	}
	web.JSON(c, status, r.view)
}

func (repeatable[View]) described() (output any, repeats bool) {
	var v View
	return v, true
}

// content is a file that is sent as it is.
type content struct {
	mediaType string
	body      []byte
	name      string // under which it is kept, in ASCII
	shown     bool   // a browser shows it instead of keeping it
}

func (f content) send(c *gin.Context, status int) {
	how := "attachment"
	if f.shown {
		how = "inline"
	}
	c.Header("Content-Disposition", fmt.Sprintf("%s; filename=%q", how, f.name))
	c.Data(status, f.mediaType, f.body)
}

// each shows every thing of a list; the list is never null.
func each[Thing, View any](list []Thing, view func(Thing) View) []View {
	out := make([]View, len(list))
	for i, t := range list {
		out[i] = view(t)
	}
	return out
}

// pdfContent is a paper that a client keeps under a name.
func pdfContent(name string, body []byte) content {
	return content{mediaType: "application/pdf", body: body, name: name}
}

// filePart is the file of a form, which is read while it arrives.
type filePart struct {
	Name string
	io.Reader
}

var formReaders = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 16<<10) }}

// buffered lets a form with a file be read from the socket in larger pieces than
// the 4 KB that mime/multipart asks for, until the request is answered.
func buffered(req *http.Request) (done func()) {
	body := req.Body
	br := formReaders.Get().(*bufio.Reader) //nolint:forcetypeassert // only readers are put in
	br.Reset(body)
	req.Body = struct {
		io.Reader
		io.Closer
	}{br, body}
	return func() {
		req.Body = body
		br.Reset(nil)
		formReaders.Put(br)
	}
}

// reading is how a request becomes a value of a type. It is made once for each
// route.
type reading struct {
	parameters []parameter
	form       []parameter
	choices    []QueryParameter
	file       []int // index of the filePart, nil when there is none
	body       bool
	key        []int // index of the key under which the request may be repeated, nil when it has none
	content    []contentField
}

// parameter is one value that is not part of a JSON body.
type parameter struct {
	in, name string // in is path, query, header, formData or session
	index    []int
	typ      reflect.Type
	required bool
	min, max int64
	def      string
}

// readingOf finds out how a type is read. It fails for a type that cannot be, so
// that the mistake is found when the program starts.
func readingOf(t reflect.Type) (*reading, error) {
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("%v is no struct", t)
	}
	fields, err := inputFields(t, nil)
	if err != nil {
		return nil, err
	}
	r := &reading{choices: Choices(reflect.Zero(t).Interface())}
	for _, f := range fields {
		if f.in == "json" {
			r.body = true
			r.content = append(r.content, contentField{"json " + f.name, f.Index})
			continue
		}
		p := parameter{in: f.in, name: f.name, index: f.Index, typ: f.Type, required: f.Tag.Get("required") == "true", def: f.Tag.Get("default")}
		if f.Type == reflect.TypeFor[filePart]() && p.in == "formData" && r.file == nil {
			r.file = f.Index
			continue
		}
		if p.min, p.max, err = bounds(f.StructField, p.in); err == nil {
			err = p.check()
		}
		if err != nil {
			return nil, fmt.Errorf("%v.%s: %w", t, f.Name, err)
		}
		switch {
		case p.in == "header" && p.name == keyHeader:
			r.key = f.Index
		case p.in != "session":
			r.content = append(r.content, contentField{p.in + " " + p.name, f.Index})
		}
		if p.in == "formData" {
			r.form = append(r.form, p)
			continue
		}
		r.parameters = append(r.parameters, p)
	}
	if r.key != nil && r.file != nil {
		return nil, fmt.Errorf("%v has a key, and a file that is read too late to compare a repeat", t)
	}
	if r.body && (r.form != nil || r.file != nil) {
		return nil, fmt.Errorf("%v reads a body and a form", t)
	}
	return r, nil
}

// bounds are what a number may be. What a path names has a number from 1 on,
// unless its tag says otherwise.
func bounds(f reflect.StructField, in string) (least, most int64, err error) {
	most = int64(^uint64(0) >> 1)
	if in == "path" {
		least = 1
	}
	if v := f.Tag.Get("minimum"); v != "" {
		least, err = strconv.ParseInt(v, 10, 64)
	}
	if v := f.Tag.Get("maximum"); v != "" && err == nil {
		most, err = strconv.ParseInt(v, 10, 64)
	}
	return least, most, err
}

// check refuses what set could not set.
func (p parameter) check() error {
	switch {
	case p.typ == reflect.TypeFor[cursor]() && p.in == "query" && p.def == "":
	case p.typ == reflect.TypeFor[model.Date](), p.typ.Kind() == reflect.String, p.typ.Kind() == reflect.Bool,
		p.typ.Kind() == reflect.Int, p.typ.Kind() == reflect.Int64:
	default:
		return fmt.Errorf("a %s cannot be a %v", p.in, p.typ)
	}
	if p.def == "" {
		return nil
	}
	return p.set(reflect.New(p.typ).Elem(), p.def, model.Date{})
}

// bind reads a request. A path that leads nowhere is not found; everything else
// that is wrong comes at once.
func (r *reading) bind(c *gin.Context, in reflect.Value) error {
	query, err := web.Query(c)
	if err != nil {
		return err
	}
	problems := r.problemsOf(query, web.Today(c))
	for _, p := range r.parameters {
		var text string
		switch p.in {
		case "path":
			text = c.Param(p.name)
		case "query":
			text = query.Get(p.name)
		case "header":
			text = c.GetHeader(p.name)
		case "session":
			_, text, _ = strings.Cut(c.GetHeader("Authorization"), " ")
		}
		var err error
		if field := in.FieldByIndex(p.index); p.typ == reflect.TypeFor[cursor]() {
			var at cursor
			at, err = readCursor(listOf(c), text)
			field.Set(reflect.ValueOf(at))
		} else {
			err = p.set(field, text, web.Today(c))
		}
		if err == nil {
			continue
		}
		if p.in == "path" {
			return model.E(model.NotFound, "path.not_found", "没有找到，或您无权查看")
		}
		if p.in != "query" || !slices.ContainsFunc(problems, func(e model.FieldError) bool { return e.Field == p.name }) {
			problems = append(problems, fieldError(err, p.name))
		}
	}
	if r.form != nil || r.file != nil {
		if err := web.Problems(problems); err != nil {
			return err // no file is taken in for an address that is wrong
		}
		err := r.readForm(c, in, &problems)
		return errors.Join(err, web.Problems(problems))
	}
	if r.body {
		if ct := c.ContentType(); ct != "" && ct != "application/json" {
			return model.E(model.Invalid, "body.malformed", "请求内容必须是 JSON")
		}
		return web.DecodeJSON(c.Request.Body, in.Addr().Interface(), web.Today(c), problems...)
	}
	return web.Problems(problems)
}

func fieldError(err error, name string) model.FieldError {
	d := web.Describe(err)
	return model.FieldError{Field: name, Reason: d.Reason, Message: d.Message}
}

// set reads a parameter's text into its field. No error repeats the text.
func (p parameter) set(field reflect.Value, text string, today model.Date) error {
	if p.in == "header" && p.name == keyHeader {
		if !validKey(text) {
			return errKey
		}
		field.SetString(text)
		return nil
	}
	if text == "" {
		if text = p.def; text == "" {
			if p.in == "path" || p.required && p.in != "query" { // a service says best what an address lacks
				return model.E(model.Invalid, "field.required", "缺少“"+p.name+"”，请填写")
			}
			return nil
		}
	}
	switch {
	case p.typ == reflect.TypeFor[model.Date]():
		d, err := model.ParseDate(text)
		if err != nil {
			return err
		}
		field.Set(reflect.ValueOf(d))
		return model.CheckDay(p.name, d, today)
	case p.typ.Kind() == reflect.String:
		if err := web.CheckLength(p.name, text); err != nil {
			return err
		}
		field.SetString(text)
	case p.typ.Kind() == reflect.Bool:
		switch text {
		case "1", "true":
			field.SetBool(true)
		case "0", "false":
		default:
			return model.E(model.Invalid, "field.format", "“"+p.name+"”应为 1 或者 0")
		}
	default:
		n, err := strconv.ParseInt(text, 10, p.typ.Bits())
		switch {
		case err != nil:
			return model.E(model.Invalid, "field.format", "“"+p.name+"”应为数字")
		case n < p.min || n > p.max:
			return model.E(model.Invalid, "field.format", p.span())
		}
		field.SetInt(n)
	}
	return nil
}

// span says which numbers a parameter can be.
func (p parameter) span() string {
	if p.max == int64(^uint64(0)>>1) {
		return fmt.Sprintf("“%s”应不小于 %d", p.name, p.min)
	}
	return fmt.Sprintf("“%s”应在 %d 到 %d 之间", p.name, p.min, p.max)
}

// readForm reads the text fields of a form, which stand before the file, and
// leaves the file to be read while it arrives.
func (r *reading) readForm(c *gin.Context, in reflect.Value, problems *[]model.FieldError) error {
	mr, err := c.Request.MultipartReader()
	if err != nil {
		return model.E(model.Invalid, "body.malformed", "请求应为 multipart/form-data 表单").WithCause(err)
	}
	given := map[string]bool{}
	for {
		part, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			if r.file != nil {
				return model.InvalidField("file", "file.missing", "表单中没有文件，或文本字段写在了文件之后")
			}
			break
		}
		if err != nil {
			return web.BodyError(err)
		}
		if part.FileName() != "" || part.FormName() == "file" {
			if r.file == nil {
				return model.InvalidField(part.FormName(), "field.unknown", "没有这个字段，请检查拼写")
			}
			in.FieldByIndex(r.file).Set(reflect.ValueOf(filePart{part.FileName(), part}))
			break
		}
		if err := r.readField(part, in, web.Today(c), given, problems); err != nil {
			return err
		}
	}
	for _, p := range r.form {
		switch {
		case given[p.name]:
		case p.required:
			*problems = append(*problems, model.FieldError{Field: p.name, Reason: "field.required", Message: "缺少“" + p.name + "”，文本字段应写在文件之前"})
		case p.def != "":
			_ = p.set(in.FieldByIndex(p.index), p.def, web.Today(c)) // check tried it
		}
	}
	return nil
}

// maxFormText bounds a text field of a form, in bytes.
const maxFormText = 1024

func (r *reading) readField(part *multipart.Part, in reflect.Value, today model.Date, given map[string]bool, problems *[]model.FieldError) error {
	name := part.FormName()
	if len(name) > web.MaxName || len(*problems) >= web.MaxProblems {
		return model.E(model.Invalid, "body.malformed", "表单的字段不正确，请核对接口文档")
	}
	b, err := io.ReadAll(io.LimitReader(part, maxFormText+1))
	if err != nil {
		return web.BodyError(err)
	}
	refuse := func(err error) { *problems = append(*problems, fieldError(err, name)) }
	if given[name] {
		refuse(model.E(model.Invalid, "field.repeated", "参数“"+name+"”只能填写一次"))
		return nil
	}
	given[name] = true
	for _, p := range r.form {
		if p.name != name {
			continue
		}
		if len(b) > maxFormText {
			refuse(model.E(model.Invalid, "field.too_long", "“"+name+"”过长"))
		} else if err := p.set(in.FieldByIndex(p.index), string(b), today); err != nil {
			refuse(err)
		}
		return nil
	}
	refuse(model.E(model.Invalid, "field.unknown", "没有这个字段，请检查拼写"))
	return nil
}

// implied are the errors that follow from what a route reads.
func (r *reading) implied() (out []Reason) {
	for _, p := range r.parameters {
		switch {
		case p.in == "path" && p.typ.Kind() != reflect.String:
			out = append(out, Reason{model.NotFound, "path.not_found"})
		case p.in == "header" && p.name == keyHeader:
			out = append(out, Reason{model.Invalid, "idempotency.required"}, Reason{model.Conflict, "idempotency.reused"})
		case p.typ == reflect.TypeFor[cursor]():
			out = append(out, Reason{model.Invalid, "cursor.unknown"})
		}
	}
	if r.file != nil {
		out = append(out, Reason{model.Invalid, "file.missing"})
	}
	return out
}

// finish fills in what follows from a route's types.
func (r *Route) finish() error {
	if r.Do.run == nil {
		return nil
	}
	if r.Do.err != nil {
		return fmt.Errorf("api: %s %s: %w", r.Method, r.Path, r.Do.err)
	}
	if r.Do.in != reflect.TypeFor[nothing]() {
		r.Input = reflect.Zero(r.Do.in).Interface()
	}
	switch out := reflect.Zero(r.Do.out).Interface().(type) {
	case nothing:
		r.Status = http.StatusNoContent
	case interface{ described() (any, bool) }:
		r.Output, r.Repeats = out.described()
	case answer:
	default:
		r.Output = out
	}
	implied := r.Do.reading.implied()
	for _, e := range r.Reasons {
		if e.Kind == model.Invalid && slices.Contains(CommonReasons, e) || slices.Contains(implied, e) {
			return fmt.Errorf("api: %s %s lists %s, which follows from what it reads", r.Method, r.Path, e.Name)
		}
	}
	r.Reasons = append(r.Reasons[:len(r.Reasons):len(r.Reasons)], implied...)
	if err := r.checkPath(); err != nil {
		return err
	}
	run, status := r.Do.run, r.successStatus()
	r.Handle = func(c *gin.Context) error { return run(c, status) }
	return nil
}
