package wechat

import (
	"context"
	"errors"
	"strconv"

	"microcourt/model"
)

const (
	checkTextPath    = "/wxa/msg_sec_check"
	checkPicturePath = "/wxa/media_check_async"
	// checkVersion is the second version of both; the first has not been kept
	// since 2021-09-01 and answers 87014 for what is risky.
	checkVersion = 2
	// sceneSocial is 社交日志, the nearest of the four scenes to a conversation.
	sceneSocial  = 4
	mediaPicture = 2
)

// CheckText asks WeChat whether a text of the user may be shown to others
// (msgSecCheck 2.0). The SDK's call is not used: it cannot be cancelled and its
// errors carry the access token. An error means that nothing is known: WeChat
// is down, or the user was not in the mini-program within two hours (61010).
func (c *Client) CheckText(ctx context.Context, openID, text string) (model.ContentVerdict, error) {
	var got struct {
		Trace  string      `json:"trace_id"`
		Result checkResult `json:"result"`
	}
	err := c.post(ctx, checkTextPath, map[string]any{"openid": openID, "scene": sceneSocial, "version": checkVersion, "content": text}, &got)
	if codeOf(err) == 87014 {
		return model.ContentVerdict{State: model.ContentRisky}, nil
	}
	if err != nil {
		return model.ContentVerdict{}, userError(err)
	}
	return got.Result.verdict(checkTextPath, got.Trace)
}

// CheckPicture asks WeChat to fetch and check a picture (mediaCheckAsync 2.0);
// the answer is pushed within 30 minutes under the trace.
func (c *Client) CheckPicture(ctx context.Context, openID, address string) (trace string, err error) {
	var got struct {
		Trace string `json:"trace_id"`
	}
	err = c.post(ctx, checkPicturePath, map[string]any{"openid": openID, "scene": sceneSocial, "version": checkVersion, "media_type": mediaPicture, "media_url": address}, &got)
	if err == nil && got.Trace == "" {
		err = newTransportError(checkPicturePath, true, errors.New("the answer holds no trace_id"))
	}
	if err != nil {
		return "", userError(err)
	}
	return got.Trace, nil
}

type checkResult struct {
	Suggest string `json:"suggest" xml:"suggest"`
	Label   loose  `json:"label" xml:"label"`
}

// verdict reads a result. One that says nothing is an error, not a pass.
func (r checkResult) verdict(path, trace string) (model.ContentVerdict, error) {
	v := model.ContentVerdict{Trace: trace}
	v.Label, _ = strconv.Atoi(string(r.Label)) // 0 for none
	switch r.Suggest {
	case "pass":
		v.State = model.ContentPass
	case "review":
		v.State = model.ContentReview
	case "risky":
		v.State = model.ContentRisky
	default:
		return v, userError(newTransportError(path, true, errors.New("the answer holds no suggestion")))
	}
	return v, nil
}

// EventMediaCheck is the answer to CheckPicture.
const EventMediaCheck EventKind = "wxa_media_check"

// MediaVerdict reads a pushed message that answers CheckPicture; nil for one
// about something else. A picture that WeChat could not fetch stays unchecked.
func MediaVerdict(message []byte) (*model.ContentVerdict, error) {
	var m struct {
		Event  loose       `json:"Event" xml:"Event"`
		Trace  loose       `json:"trace_id" xml:"trace_id"`
		Code   loose       `json:"errcode" xml:"errcode"`
		Result checkResult `json:"result" xml:"result"`
	}
	if err := decodePush(message, &m); err != nil {
		return nil, err
	}
	if EventKind(m.Event) != EventMediaCheck {
		return nil, nil //nolint:nilnil // about something else
	}
	if m.Trace == "" {
		return nil, errors.New("wechat push: a verdict without its trace")
	}
	v, err := m.Result.verdict(checkPicturePath, string(m.Trace))
	if m.Code != "" && m.Code != "0" || err != nil {
		v.State = model.ContentUnchecked
	}
	return &v, nil
}
