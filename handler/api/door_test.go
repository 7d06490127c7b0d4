package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
)

type asked struct {
	ID    int64      `path:"id" json:"-"`
	From  model.Date `query:"from" json:"-"`
	Late  bool       `query:"late" json:"-"`
	Name  string     `json:"name" required:"true"`
	Count int64      `json:"count"`
	withKey
	pageQuery
}

// ask sends a request to a function behind the door.
func ask[In, Out any](t *testing.T, f func(context.Context, model.Actor, In) (Out, error), target, key, contentType, body string) (*httptest.ResponseRecorder, error) {
	t.Helper()
	gin.SetMode(gin.TestMode)
	r := Route{Method: http.MethodPost, Path: "/things/:id", Status: http.StatusCreated, Do: do(f)}
	if !slices.ContainsFunc(r.Do.reading.parameters, func(p parameter) bool { return p.in == "path" }) {
		r.Path = "/things/1"
	}
	if err := r.finish(); err != nil {
		t.Fatal(err)
	}
	var failed error
	e := gin.New()
	e.POST(r.Path, func(c *gin.Context) {
		c.Set(web.TodayKey, model.NewDate(2026, 11, 29))
		c.Set(web.ActorKey, model.Actor{UserID: 7})
		failed = r.Handle(c)
	})
	req := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
	req.Header.Set("Content-Type", contentType)
	if key != "" {
		req.Header.Set(keyHeader, key)
	}
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	return rec, failed
}

// A function gets what its type says, and what it gives is the answer.
func TestTheDoorReadsWhatTheTypeSays(t *testing.T) {
	t.Parallel()
	type seen struct {
		By  int64 `json:"by"`
		Was asked `json:"was"`
	}
	var got asked
	f := func(_ context.Context, by model.Actor, in asked) (seen, error) {
		got = in
		return seen{by.UserID, in}, nil
	}
	behind := cursor{place: place{ID: 5}, list: "/things/:id\x0012"}
	rec, err := ask(t, f, "/things/12?from=2026-01-31&late=1&after="+behind.text(), "key-00000001", "application/json", `{"name":"甲","count":3}`)
	want := asked{ID: 12, From: model.NewDate(2026, 1, 31), Late: true, Name: "甲", Count: 3, withKey: withKey{"key-00000001"}, pageQuery: pageQuery{behind, 20}}
	if err != nil || got != want || rec.Code != http.StatusCreated || !strings.Contains(rec.Body.String(), `"by":7`) {
		t.Fatalf("%v %d %s %+v", err, rec.Code, rec.Body, got)
	}
}

// Everything that is wrong with a request comes at once, without what was
// written; a path that leads nowhere comes first.
func TestTheDoorTellsAllThatIsWrong(t *testing.T) {
	t.Parallel()
	called := false
	f := func(context.Context, model.Actor, asked) (nothing, error) {
		called = true
		return nothing{}, nil
	}
	const secret = "330211198001011234x"
	_, err := ask(t, f, "/things/1?from="+secret+"&late="+secret+"&limit=101&after="+secret, secret+"!", "application/json", `{"nam":"`+secret+`","count":"`+secret+`"}`)
	d := web.Describe(err)
	var got []string
	for _, p := range d.Fields {
		got = append(got, p.Field+" "+p.Reason)
		if strings.Contains(p.Message, secret) {
			t.Errorf("%s repeats what was written: %s", p.Field, p.Message)
		}
	}
	want := "late filter.unknown, from date.format, Idempotency-Key idempotency.required, after cursor.unknown, limit field.format, " +
		"nam field.unknown, count field.format, name field.required"
	if s := strings.Join(got, ", "); s != want || d.Status != http.StatusBadRequest || called {
		t.Errorf("%d %s; want %s", d.Status, s, want)
	}
	for _, id := range []string{"0", "-1", "1x", "99999999999999999999"} {
		if _, err := ask(t, f, "/things/"+id+"?late=x", "", "application/json", ``); model.ReasonOf(err) != "path.not_found" {
			t.Errorf("%s: %v", id, err)
		}
	}
	if _, err := ask(t, f, "/things/1", "key-00000001", "text/plain", `{"name":"甲"}`); model.ReasonOf(err) != "body.malformed" {
		t.Error(err)
	}
}

// Words that are none of a field's own come at once with all else that is wrong; one
// alone is told by the rule that knows it.
func TestTheDoorTellsAllWrongWords(t *testing.T) {
	t.Parallel()
	type worded struct {
		Kind  string `json:"kind" enum:"letter,call"`
		State string `json:"state" enum:",open,done"`
		Count int64  `json:"count"`
	}
	f := func(_ context.Context, _ model.Actor, in worded) (nothing, error) {
		return nothing{}, model.InvalidField("kind", "kind.unknown", in.Kind)
	}
	for body, want := range map[string]string{
		`{"kind":"x","state":"y"}`:             "kind field.format, state field.format",
		`{"kind":"x","count":"z"}`:             "count field.format, kind field.format",
		`{"kind":"x","state":""}`:              "",
		`{"kind":"call","state":"y","more":1}`: "more field.unknown, state field.format",
		`{"kind":"call","state":"y"}`:          "",
	} {
		_, err := ask(t, f, "/things/1", "", "application/json", body)
		var got []string
		for _, p := range web.Describe(err).Fields {
			got = append(got, p.Field+" "+p.Reason)
		}
		if s := strings.Join(got, ", "); s != want || want == "" && model.ReasonOf(err) != "kind.unknown" {
			t.Errorf("%s: %s %v, want %q", body, s, err, want)
		}
	}
	type late struct {
		worded
		Late bool `query:"late" json:"-"`
	}
	_, err := ask(t, func(context.Context, model.Actor, late) (nothing, error) { return nothing{}, nil }, "/things/1?late=x", "", "application/json", `{"kind":"x"}`)
	if d := web.Describe(err); len(d.Fields) != 2 || d.Fields[0].Field != "late" || d.Fields[1].Field != "kind" {
		t.Errorf("%v", d)
	}
}

// Texts of a form stand before its file, and the file is read while it arrives.
func TestTheDoorReadsAForm(t *testing.T) {
	t.Parallel()
	type form struct {
		CaseID int64    `formData:"case_id" required:"true"`
		Key    string   `formData:"upload_key" required:"true"`
		Note   string   `formData:"note"`
		Size   int64    `formData:"size" minimum:"-1" default:"-1"`
		File   filePart `formData:"file" required:"true"`
	}
	var name, body string
	var size int64
	f := func(_ context.Context, _ model.Actor, in form) (nothing, error) {
		name, size = in.File.Name, in.Size
		b := make([]byte, 100)
		n, _ := in.File.Read(b)
		body = string(b[:n])
		return nothing{}, nil
	}
	part := func(disposition, text string) string {
		return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + text + "\r\n"
	}
	file := part(`name="file"; filename="回执.jpg"`, "picture")
	for _, tt := range []struct{ form, want string }{
		{part(`name="case_id"`, "4") + part(`name="upload_key"`, "k") + file, ""},
		{part(`name="case_id"`, "4") + part(`name="upload_key"`, "k") + part(`name="size"`, "") + file, ""},
		{part(`name="case_id"`, "4") + part(`name="upload_key"`, "k") + part(`name="size"`, "-2") + file, "size field.format"},
		{file, "case_id field.required, upload_key field.required"},
		{
			part(`name="case_id"`, "four") + part(`name="caseid"`, "4") + part(`name="upload_key"`, "k") + part(`name="upload_key"`, "l") + file,
			"case_id field.format, caseid field.unknown, upload_key field.repeated",
		},
		{part(`name="case_id"`, "4") + part(`name="upload_key"`, strings.Repeat("k", 2000)) + part(`name="note"`, "") + file, "upload_key field.too_long"},
		{part(`name="case_id"`, "4") + part(`name="upload_key"`, "k"), "file file.missing"},
	} {
		name, body, size = "", "", 0
		_, err := ask(t, f, "/things/1", "", "multipart/form-data; boundary=b", tt.form+"--b--\r\n")
		d := web.Describe(err)
		if len(d.Fields) == 0 && err != nil {
			d.Fields = []model.FieldError{{Field: d.Field, Reason: d.Reason}}
		}
		var got []string
		for _, p := range d.Fields {
			got = append(got, p.Field+" "+p.Reason)
		}
		if s := strings.Join(got, ", "); err != nil && s != tt.want || err == nil && tt.want != "" {
			t.Errorf("%v %s; want %s", err, s, tt.want)
		}
		if tt.want == "" && (name != "回执.jpg" || body != "picture" || size != -1) || tt.want != "" && body != "" {
			t.Errorf("read %q %q", name, body)
		}
	}
}

// A form of very many or very long fields gets a short answer.
func TestTheDoorReadsNoEndlessForm(t *testing.T) {
	t.Parallel()
	type form struct {
		CaseID int64    `formData:"case_id" required:"true"`
		File   filePart `formData:"file" required:"true"`
	}
	f := func(context.Context, model.Actor, form) (nothing, error) { return nothing{}, nil }
	part := func(name string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n1\r\n"
	}
	for _, body := range []string{strings.Repeat(part("unknown"), 1000), part(strings.Repeat("n", 5000))} {
		_, err := ask(t, f, "/things/1", "", "multipart/form-data; boundary=b", body+"--b--\r\n")
		d := web.Describe(err)
		if d.Kind != model.Invalid || len(d.Fields) > web.MaxProblems || len(d.Field)+len(d.Message) > 500 {
			t.Errorf("%d fields, %d bytes: %s", len(d.Fields), len(d.Field)+len(d.Message), d.Reason)
		}
	}
}

// A query that is only half read filters nothing.
func TestAQueryIsReadWhole(t *testing.T) {
	t.Parallel()
	r := Route{Do: do(func(context.Context, model.Actor, pageQuery) (nothing, error) { return nothing{}, nil })}
	if err := r.finish(); err != nil {
		t.Fatal(err)
	}
	for query, reason := range map[string]string{
		"limit=5": "", "limit=5;after=3": "field.format", "limit=%zz": "field.format", "limit=5&" + strings.Repeat("a", 200) + "=1": "field.format",
		"limit=5&more=1": "field.unknown",
	} {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(http.MethodGet, "/things", nil)
		c.Request.URL.RawQuery = query
		if err := r.Handle(c); model.ReasonOf(err) != reason || err != nil && strings.Contains(web.Describe(err).Message, "aaaa") {
			t.Errorf("%.40s: %v; want %q", query, err, reason)
		}
	}
}

// An answer says itself how it is sent.
func TestTheDoorSendsAnswers(t *testing.T) {
	t.Parallel()
	for _, again := range []bool{false, true} {
		rec, err := ask(t, func(context.Context, model.Actor, nothing) (repeatable[boundView], error) {
			return repeatable[boundView]{boundView{CaseID: 3}, again}, nil
		}, "/things/1", "", "", "")
		if want := map[bool]int{false: http.StatusCreated, true: http.StatusOK}[again]; err != nil || rec.Code != want || !strings.Contains(rec.Body.String(), `"case_id":3`) {
			t.Errorf("%v %d %s", err, rec.Code, rec.Body)
		}
	}
	rec, err := ask(t, func(context.Context, model.Actor, nothing) (content, error) {
		return pdfContent("notice.pdf", []byte("%PDF")), nil
	}, "/things/1", "", "", "")
	if err != nil || rec.Header().Get("Content-Disposition") != `attachment; filename="notice.pdf"` || rec.Body.String() != "%PDF" {
		t.Errorf("%v %v %s", err, rec.Header(), rec.Body)
	}
}

// What a route reads and gives stands in its types alone. Only what others build,
// as WeChat does its pushes, is read by hand.
func TestEveryRouteIsTyped(t *testing.T) {
	t.Parallel()
	s, err := New(Config{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Routes() {
		if r.Do.run == nil && !r.Foreign {
			t.Errorf("%s %s is read by hand", r.Method, r.Path)
		}
	}
}
