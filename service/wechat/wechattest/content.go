package wechattest

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// The words by which the fake judges: the platform's own are secret.
const (
	RiskyWord  = "违禁"
	ReviewWord = "存疑"
)

const (
	checkTextPath    = "/wxa/msg_sec_check"
	checkPicturePath = "/wxa/media_check_async"
	recentVisit      = 2 * time.Hour
	maxCheckedText   = 2500
)

// checkInput is what both checks take. openid, scene and version are required
// since the second version.
type checkInput struct {
	OpenID    string `json:"openid"`
	Scene     int    `json:"scene"`
	Version   int    `json:"version"`
	Content   string `json:"content"`
	MediaURL  string `json:"media_url"`
	MediaType int    `json:"media_type"`
}

func (f *Fake) checkable(in checkInput) (refusal, bool) {
	u, ok := f.users[in.OpenID]
	switch {
	case in.Version != 2 || in.Scene < 1 || in.Scene > 4:
		return refusal{40097, "invalid args"}, true
	case !ok:
		return refusal{40003, "invalid openid"}, true
	case f.away[u.OpenID]:
		return refusal{61010, "code is expired"}, true
	}
	return refusal{}, false
}

// Leave makes a user one who was not in the mini-program for two hours.
func (f *Fake) Leave(openID string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.away == nil {
		f.away = map[string]bool{}
	}
	f.away[openID] = true
}

func judged(risky, review bool) reply {
	switch {
	case risky:
		return reply{"suggest": "risky", "label": 20003}
	case review:
		return reply{"suggest": "review", "label": 21000}
	}
	return reply{"suggest": "pass", "label": 100}
}

func (f *Fake) checkText(c *call) any {
	var in checkInput
	if no, bad := c.read(&in); bad {
		return no
	}
	if no, bad := f.checkable(in); bad {
		return no
	}
	if in.Content == "" || utf8.RuneCountInString(in.Content) > maxCheckedText {
		return refusal{40097, "invalid args"}
	}
	result := judged(strings.Contains(in.Content, RiskyWord), strings.Contains(in.Content, ReviewWord))
	return reply{
		"errcode": 0, "errmsg": "ok", "trace_id": f.id(24), "result": result,
		"detail": []reply{{"strategy": "content_model", "errcode": 0, "suggest": result["suggest"], "label": result["label"], "prob": 90}},
	}
}

// picture check: taken now, fetched and answered by a push later.
type mediaCheck struct{ openID, trace, address string }

func (f *Fake) checkPicture(c *call) any {
	var in checkInput
	if no, bad := c.read(&in); bad {
		return no
	}
	if no, bad := f.checkable(in); bad {
		return no
	}
	if in.MediaType != 2 || !strings.HasPrefix(in.MediaURL, "http") {
		return refusal{40097, "invalid args"}
	}
	for _, m := range f.media {
		if m.address == in.MediaURL {
			return refusal{87020, "repeated request"}
		}
	}
	m := mediaCheck{in.OpenID, f.id(24), in.MediaURL}
	f.media = append(f.media, m)
	return reply{"errcode": 0, "errmsg": "ok", "trace_id": m.trace}
}

// JudgePictures fetches the pictures that wait, as the platform does, and makes
// the events with its verdicts; it gives how many. host, unless empty, takes the
// place of the addresses' own; risky, unless nil, says which are.
func (f *Fake) JudgePictures(ctx context.Context, host string, risky func(picture []byte) bool) int {
	f.mu.Lock()
	waiting := f.media
	f.media = nil
	f.mu.Unlock()
	for _, m := range waiting {
		if u, err := url.Parse(m.address); err == nil && host != "" {
			m.address = host + u.Path
		}
		b, ok := fetch(ctx, m.address)
		line := map[string]any{"trace_id": m.trace, "version": 2, "errcode": 0, "errmsg": "ok", "result": judged(ok && risky != nil && risky(b), false)}
		if !ok {
			line["errcode"], line["errmsg"], line["result"] = -1008, "download fail", reply{}
		}
		f.mu.Lock()
		f.event(eventMedia, m.openID, line)
		f.mu.Unlock()
	}
	return len(waiting)
}

func fetch(ctx context.Context, address string) ([]byte, bool) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, false
	}
	defer func() { _ = res.Body.Close() }() // read to the end
	b, err := io.ReadAll(io.LimitReader(res.Body, 10<<20))
	return b, err == nil && res.StatusCode == http.StatusOK && strings.HasPrefix(res.Header.Get("Content-Type"), "image/")
}
