package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
)

// answer is what came back: JSON or an image.
type answer struct {
	body        []byte
	contentType string
	said        bool // it has an errcode, which is 0
}

// exchange makes one call. Its errors are *TransportError and *APIError only.
func (c *Client) exchange(ctx context.Context, method, path string, query url.Values, payload []byte) (answer, error) {
	// The headers being written is the first moment at which WeChat can have
	// got the request; an error before it is safe to repeat.
	var sent atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { sent.Store(true) }})
	secrets := []string{c.cfg.Secret, query.Get("access_token"), query.Get("js_code")}

	var body io.Reader
	if payload != nil {
		body = bytes.NewReader(payload)
	}
	req, err := http.NewRequestWithContext(ctx, method, productionOn+path+"?"+query.Encode(), body) // #nosec G704 -- paths are constants, the transport admits one host
	if err != nil {
		return answer{}, newTransportError(path, false, err, secrets...)
	}
	if payload != nil {
		req.Header.Set("Content-Type", "application/json;charset=utf-8")
	}
	resp, err := c.http.Do(req) // #nosec G704 -- as above
	if err != nil {
		if ue, ok := errors.AsType[*url.Error](err); ok {
			err = ue.Err // its own text is the URL with the secret
		}
		return answer{}, newTransportError(path, sent.Load(), err, secrets...)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		// A gateway's 502 says nothing about what happened behind it.
		return answer{}, newTransportError(path, true, fmt.Errorf("HTTP status %d", resp.StatusCode))
	}
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{}, newTransportError(path, true, err, secrets...)
	}
	data = trimAnswer(data)
	v := verdictOf(data)
	switch {
	case v.err != nil:
		return answer{}, newTransportError(path, true, v.err)
	case v.Code != 0:
		return answer{}, newAPIError(path, v, secrets...)
	}
	return answer{data, resp.Header.Get("Content-Type"), v.Said}, nil
}

// exchangeWithToken makes one call with the access token. When the token turns
// out to be stale it is replaced and the call repeated once: WeChat checks the
// token before anything else, so a refused call has done nothing.
func (c *Client) exchangeWithToken(ctx context.Context, method, path string, query url.Values, payload []byte) (answer, error) {
	withToken := url.Values{}
	for k, v := range query {
		withToken[k] = v
	}
	for attempt := 1; ; attempt++ {
		token, err := c.tokens.get(ctx)
		if err != nil {
			return answer{}, err
		}
		withToken.Set("access_token", token)
		a, err := c.exchange(ctx, method, path, withToken, payload)
		if !staleToken(err) {
			return a, err
		}
		c.tokens.invalidate(ctx, token)
		if attempt == 2 {
			return answer{}, fmt.Errorf("%w: %w", ErrTokenRefused, err)
		}
	}
}

// post sends in as JSON and reads the answer into out, which may be nil. All
// calls that go this way are documented to answer with an errcode: an answer
// without one is no success, whatever else it says.
func (c *Client) post(ctx context.Context, path string, in, out any) error {
	payload, err := encodeJSON(in)
	if err != nil {
		return err
	}
	a, err := c.exchangeWithToken(ctx, http.MethodPost, path, nil, payload)
	if err != nil {
		return err
	}
	if !a.said {
		return newTransportError(path, true, errNoVerdict)
	}
	return decode(path, a, out)
}

// encodeJSON leaves <, > and & as they are: WeChat shows \u0026 literally in
// some templates.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// decode reads a successful answer. The answer itself never gets into the
// error: it can hold a phone number or a session key.
func decode(path string, a answer, out any) error {
	if !json.Valid(a.body) {
		return newTransportError(path, true, errNotJSON)
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(a.body, out); err != nil {
		return newTransportError(path, true, errors.New("the answer does not have the documented form"))
	}
	return nil
}
