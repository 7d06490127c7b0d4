package wechat

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

const (
	apiHost      = "api.weixin.qq.com"
	maxAnswer    = 2 << 20 // bytes; a mini-program code is about 100 KB
	productionOn = "https://" + apiHost
)

// transport is the one way out: it admits only WeChat's host, sends the call to
// the fake when there is one, bounds the answer and reports to Observe.
type transport struct {
	base    *http.Transport
	target  *url.URL // nil in production
	observe func(Call)
	now     func() time.Time
}

func newTransport(target *url.URL, observe func(Call), now func() time.Time) *transport {
	base := http.DefaultTransport.(*http.Transport).Clone()
	base.MaxIdleConns, base.MaxIdleConnsPerHost = 512, 512 // the outbox worker sends in parallel
	// A message written to a connection that the platform is just closing ends
	// Unknown, so idle connections are dropped well before the platform does.
	base.IdleConnTimeout = 15 * time.Second
	return &transport{base: base, target: target, observe: observe, now: now}
}

// RoundTrip implements http.RoundTripper. It reads the whole answer, so that an
// answer cut off in the middle is an error here and not half a JSON later.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != apiHost {
		return nil, fmt.Errorf("wechat: calls go to %s only", apiHost)
	}
	path, start := req.URL.Path, t.now()
	if t.target != nil {
		req = req.Clone(req.Context())
		req.URL.Scheme, req.URL.Host, req.Host = t.target.Scheme, t.target.Host, t.target.Host
	}
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		t.report(Call{Path: path, Elapsed: t.now().Sub(start)})
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if cerr := resp.Body.Close(); err == nil {
		err = cerr
	}
	if err == nil && len(body) > maxAnswer {
		err = fmt.Errorf("wechat: answer is over %d bytes", maxAnswer)
	}
	call := Call{Path: path, Status: resp.StatusCode, Elapsed: t.now().Sub(start)}
	if err != nil {
		call.Status = 0
		t.report(call)
		return nil, err
	}
	call.Code = verdictOf(trimAnswer(body)).Code
	t.report(call)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

func (t *transport) report(c Call) {
	if t.observe != nil {
		t.observe(c)
	}
}
