package wechat

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net/http"
	"sync"

	"github.com/silenceper/wechat/v2/credential"
	"github.com/silenceper/wechat/v2/util"
)

// The SDK has one HTTP client for the whole process, and several of its methods
// take no context. So each call that goes through the SDK gets a ticket in
// place of an access token: the dispatcher in the SDK's client finds the call
// by its ticket and makes it with the right Client, context and real token. The
// SDK never holds a token, and the typed error comes back by the ticket. A call
// without a ticket is refused: nothing goes out past this package.

var (
	install sync.Once // the SDK's client is a global; it is set once, before any use
	tickets sync.Map  // ticket → *sdkCall
)

func installDispatcher() {
	install.Do(func() { util.DefaultHTTPClient = &http.Client{Transport: dispatcher{}} })
}

// sdkCall is one call under way through the SDK.
type sdkCall struct {
	client *Client
	ctx    context.Context //nolint:containedctx // the SDK's method takes none
	err    error
}

// sdkToken implements the SDK's credential.AccessTokenContextHandle with the
// ticket of one call.
type sdkToken string

var _ credential.AccessTokenContextHandle = sdkToken("")

// GetAccessToken gives the ticket.
func (t sdkToken) GetAccessToken() (string, error) { return string(t), nil }

// GetAccessTokenContext gives the ticket.
func (t sdkToken) GetAccessTokenContext(context.Context) (string, error) { return string(t), nil }

// throughSDK runs one call of the SDK. The error is ours where the call was
// made, else the SDK's own, scrubbed.
func (c *Client) throughSDK(ctx context.Context, path string, f func(token sdkToken) error) error {
	ticket := rand.Text()
	call := &sdkCall{client: c, ctx: ctx}
	tickets.Store(ticket, call)
	defer tickets.Delete(ticket)
	if err := f(sdkToken(ticket)); err != nil {
		if call.err != nil {
			return call.err
		}
		return newTransportError(path, true, err, ticket)
	}
	return nil
}

type dispatcher struct{}

// RoundTrip implements http.RoundTripper.
func (dispatcher) RoundTrip(req *http.Request) (*http.Response, error) {
	query := req.URL.Query()
	found, ok := tickets.Load(query.Get("access_token"))
	if !ok || req.URL.Host != apiHost {
		return nil, errors.New("wechat: the SDK may be used through this package only")
	}
	call := found.(*sdkCall)
	query.Del("access_token")
	var payload []byte
	if req.Body != nil {
		var err error
		if payload, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		if err = req.Body.Close(); err != nil {
			return nil, err
		}
	}
	a, err := call.client.exchangeWithToken(call.ctx, req.Method, req.URL.Path, query, payload)
	if err != nil {
		call.err = err
		return nil, errors.New("wechat: the call failed")
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {a.contentType}}, ContentLength: int64(len(a.body)),
		Body: io.NopCloser(bytes.NewReader(a.body)), Request: req,
	}, nil
}
