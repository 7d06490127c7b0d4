package wechattest

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"microcourt/service/wechat"
)

// PushFormat is how a pushed message is written; the console lets the court
// choose, and the platform has variants of its own.
type PushFormat int

// The formats.
const (
	PushXML        PushFormat = iota
	PushJSON                  // one line as an object, numbers as strings
	PushJSONNested            // lines below the name of the event, numbers as numbers
)

// pushed is an event as it waits to be pushed.
type pushed struct {
	kind   string
	openID string
	at     time.Time
	line   map[string]any
}

// PushTo makes the platform push events to an address, as the console's 消息推送
// does in the mode 安全模式.
func (f *Fake) PushTo(address string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pushURL = address
}

// SetPushFormat chooses how events are written from now on.
func (f *Fake) SetPushFormat(format PushFormat) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pushFormat = format
}

func (f *Fake) event(kind, openID string, line map[string]any) {
	if f.pushURL != "" {
		f.pending = append(f.pending, pushed{kind, openID, f.now(), line})
	}
}

// Request is a push as it goes over the wire.
type Request struct {
	Query url.Values
	Body  []byte
}

// Pending takes the events that wait, each sealed and signed as a request.
func (f *Fake) Pending() []Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := make([]Request, 0, len(f.pending))
	for _, p := range f.pending {
		out = append(out, f.seal(p.message(f.pushFormat), f.cfg.AppID))
	}
	f.pending = nil
	return out
}

// Seal encrypts and signs any message, for an appid that may be another's.
func (f *Fake) Seal(message []byte, appID string) Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seal(message, appID)
}

func (f *Fake) seal(message []byte, appID string) Request {
	cipher := sealMessage([]byte(f.id(16)), message, appID, wechat.DemoPushAESKey)
	at, nonce := strconv.FormatInt(f.now().Unix(), 10), strconv.Itoa(100_000_000+f.random.IntN(900_000_000))
	q := url.Values{
		"timestamp": {at}, "nonce": {nonce}, "encrypt_type": {"aes"}, "signature": {signature(wechat.DemoPushToken, at, nonce)},
		"msg_signature": {signature(wechat.DemoPushToken, at, nonce, cipher)},
	}
	if f.pushFormat == PushXML {
		return Request{q, fmt.Appendf(nil, "<xml><ToUserName><![CDATA[gh_fake]]></ToUserName><Encrypt><![CDATA[%s]]></Encrypt></xml>", cipher)}
	}
	body, err := json.Marshal(map[string]string{"ToUserName": "gh_fake", "Encrypt": cipher})
	if err != nil {
		panic(err) // strings always encode
	}
	return Request{q, body}
}

// Push sends what waits, each up to three times as the platform does, and tells
// of what was not taken.
func (f *Fake) Push(ctx context.Context) error {
	f.mu.Lock()
	address := f.pushURL
	f.mu.Unlock()
	for _, r := range f.Pending() {
		var err error
		for range 3 {
			if err = r.Send(ctx, address); err == nil {
				break
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Send posts the push once.
func (r Request) Send(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"?"+r.Query.Encode(), bytes.NewReader(r.Body))
	if err != nil {
		return err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }() // read to the end
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if err != nil || res.StatusCode != http.StatusOK || string(answer) != "success" && len(answer) != 0 {
		return fmt.Errorf("the push was answered with %d %.200s %w", res.StatusCode, answer, err)
	}
	return nil
}

// RunPushes pushes every second until ctx ends: for the demonstration.
func (f *Fake) RunPushes(ctx context.Context) {
	t := time.NewTicker(time.Second)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			f.JudgePictures(ctx, "", nil)
			_ = f.Push(ctx) // the platform gives up after three tries
		}
	}
}

func (p pushed) message(format PushFormat) []byte {
	names := map[string]string{
		eventPopup: "SubscribeMsgPopupEvent", eventChange: "SubscribeMsgChangeEvent", eventSent: "SubscribeMsgSentEvent",
	}
	name, nested := names[p.kind]
	if format == PushXML {
		var b bytes.Buffer
		fmt.Fprintf(&b, "<xml><ToUserName><![CDATA[gh_fake]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime>"+
			"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[%s]]></Event>", p.openID, p.at.Unix(), p.kind)
		if nested {
			fmt.Fprintf(&b, "<%s><List>", name)
		}
		for k, v := range p.line {
			fmt.Fprintf(&b, "<%s>", k)
			if inner, ok := v.(reply); ok {
				for name, v := range inner {
					fmt.Fprintf(&b, "<%s>%v</%s>", name, v, name)
				}
			} else {
				_ = xml.EscapeText(&b, fmt.Append(nil, v)) // a buffer takes everything
			}
			fmt.Fprintf(&b, "</%s>", k)
		}
		if nested {
			fmt.Fprintf(&b, "</List></%s>", name)
		}
		b.WriteString("</xml>")
		return b.Bytes()
	}
	m := map[string]any{"ToUserName": "gh_fake", "FromUserName": p.openID, "MsgType": "event", "Event": p.kind, "CreateTime": p.at.Unix()}
	switch {
	case !nested: // the events of a service account are flat
		for k, v := range p.line {
			m[k] = v
		}
	case format == PushJSONNested:
		m[name] = map[string]any{"List": []any{p.line}}
	default:
		line := map[string]any{}
		for k, v := range p.line {
			line[k] = fmt.Sprint(v)
		}
		m["List"], m["CreateTime"] = line, strconv.FormatInt(p.at.Unix(), 10)
	}
	b, err := json.Marshal(m)
	if err != nil {
		panic(err) // plain data always encodes
	}
	return b
}
