package wechattest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// beijing is where the platform's days begin.
var beijing = time.FixedZone("UTC+8", 8*3600)

// call is one call to the platform's API.
type call struct {
	query url.Values
	body  []byte
	now   time.Time
}

// endpoint is one path of the API. serve runs with the lock held.
type endpoint struct {
	method string
	open   bool // needs no access token
	serve  func(f *Fake, c *call) any
}

// reply is a successful JSON answer, refusal one with an errcode, picture an
// image.
type (
	reply   map[string]any
	refusal struct {
		code int
		msg  string
	}
	picture struct {
		mime string
		data []byte
	}
)

const (
	get  = http.MethodGet
	post = http.MethodPost
)

// endpoints are the API's paths.
func endpoints(path string) (endpoint, bool) {
	e, ok := map[string]endpoint{
		"/cgi-bin/token":                                {get, true, (*Fake).classicToken},
		"/cgi-bin/stable_token":                         {post, true, (*Fake).stableToken},
		"/sns/jscode2session":                           {get, true, (*Fake).login},
		"/wxa/checksession":                             {get, false, (*Fake).checkSession},
		"/wxa/business/getuserphonenumber":              {post, false, (*Fake).phoneNumber},
		sendPath:                                        {post, false, (*Fake).send},
		"/cgi-bin/message/template/send":                {post, false, (*Fake).sendTemplate},
		"/cgi-bin/template/get_all_private_template":    {get, false, (*Fake).listAccountTemplates},
		"/cgi-bin/user/info":                            {get, false, (*Fake).followerInfo},
		"/cgi-bin/message/wxopen/template/send":         {post, false, retired(48001, "api unauthorized")},
		"/cgi-bin/message/wxopen/template/uniform_send": {post, false, retired(45109, "this api is unsupported now")},
		"/wxaapi/newtmpl/gettemplate":                   {get, false, (*Fake).listTemplates},
		"/wxaapi/newtmpl/getcategory":                   {get, false, (*Fake).listCategories},
		"/wxa/getwxacodeunlimit":                        {post, false, (*Fake).miniProgramCode},
		"/wxa/generate_urllink":                         {post, false, (*Fake).urlLink},
		"/cityservice/face/identify/getverifyid":        {post, false, (*Fake).startVerification},
		"/cityservice/face/identify/queryverifyinfo":    {post, false, (*Fake).finishVerification},
		checkTextPath:                                   {post, false, (*Fake).checkText},
		checkPicturePath:                                {post, false, (*Fake).checkPicture},
		"/cgi-bin/openapi/rid/get":                      {post, false, (*Fake).lookUpRID},
		"/cgi-bin/openapi/quota/get":                    {post, false, (*Fake).quota},
	}[path]
	return e, ok
}

const sendPath = "/cgi-bin/message/subscribe/send"

// retired answers what the platform answers for APIs that it has withdrawn, so
// that nobody goes back to them unnoticed.
func retired(code int, msg string) func(*Fake, *call) any {
	return func(*Fake, *call) any { return refusal{code, msg} }
}

func (f *Fake) serveAPI(w http.ResponseWriter, r *http.Request) {
	e, ok := endpoints(r.URL.Path)
	if !ok {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>")
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return // the caller went away
	}
	c := &call{query: r.URL.Query(), body: body}

	f.mu.Lock()
	c.now = f.now()
	planned := f.nextFault(r.URL.Path)
	f.mu.Unlock()
	if planned.before(w, r) {
		f.mu.Lock()
		f.record(c, r, 0, string(planned.Kind), false)
		f.mu.Unlock()
		return
	}

	var result any
	if planned.Kind == FaultBusy {
		result = refusal{-1, "system error"}
	} else {
		result = f.process(e, r, c)
	}
	code := 0
	if no, ok := result.(refusal); ok {
		code = no.code
	}
	f.mu.Lock()
	entry := f.record(c, r, code, string(planned.Kind), planned.Kind != FaultBusy && code == 0)
	f.mu.Unlock()
	if planned.after(w) {
		return
	}
	write(w, result, entry.RID)
}

// process makes the checks in the platform's order and serves the call.
func (f *Fake) process(e endpoint, r *http.Request, c *call) any {
	if r.Method != e.method {
		return refusal{43002, fmt.Sprintf("require %s method", e.method)}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if !e.open {
		if no, bad := f.checkToken(c.query.Get("access_token"), c.now); bad {
			return no
		}
	}
	if no, bad := f.spendQuota(r.URL.Path, c.now); bad {
		return no
	}
	if e.method == post {
		if len(c.body) == 0 {
			return refusal{44002, "empty post data"}
		}
		if !json.Valid(c.body) {
			return refusal{47001, "data format error"}
		}
	}
	return e.serve(f, c)
}

// spendQuota counts a call against its day's quota; the day is Beijing's.
func (f *Fake) spendQuota(path string, now time.Time) (refusal, bool) {
	if day := now.In(beijing).Format(time.DateOnly); day != f.usedOn {
		f.usedOn = day
		clear(f.used)
	}
	if limit, ok := f.cfg.DailyQuota[path]; ok && f.used[path] >= limit {
		return refusal{45009, "reach max api daily quota limit"}, true
	}
	f.used[path]++
	return refusal{}, false
}

func write(w http.ResponseWriter, result any, rid string) {
	switch v := result.(type) {
	case picture:
		w.Header().Set("Content-Type", v.mime)
		_, _ = w.Write(v.data)
		return
	case refusal:
		result = reply{"errcode": v.code, "errmsg": v.msg + " rid: " + rid}
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(result) // a caller that went away is not our concern
}

// read decodes the body; the form was checked, so that only types can differ.
func (c *call) read(into any) (refusal, bool) {
	if json.Unmarshal(c.body, into) != nil {
		return refusal{47001, "data format error"}, true
	}
	return refusal{}, false
}
