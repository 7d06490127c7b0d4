package sms

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Query names a message whose receipt is asked for.
type Query struct {
	Phone     string
	GatewayID string // BizId; "" when it is not known
	ID        string // ours (OutId)
	SentAt    time.Time
}

// Receipt is what the gateway knows of a message.
type Receipt struct {
	Known   bool
	At      time.Time
	Failure string // the operator's code, "" when the phone has it
}

// china is the gateway's time zone.
var china = time.FixedZone("UTC+8", 8*3600)

// The gateway's states of a message.
const (
	receiptFailed    = "2"
	receiptDelivered = "3"
)

// Receipt asks the gateway what became of a message (QuerySendDetails). A
// receipt that is not Known has not come yet. The error names no number.
func (c *Client) Receipt(ctx context.Context, m Query) (Receipt, error) {
	q := url.Values{
		"Action": {"QuerySendDetails"}, "PhoneNumber": {m.Phone}, "SendDate": {m.SentAt.In(china).Format("20060102")}, "PageSize": {"50"}, "CurrentPage": {"1"},
	}
	if m.GatewayID != "" {
		q.Set("BizId", m.GatewayID)
	}
	type detail struct {
		SendStatus  loose
		ErrCode     loose
		OutID       loose `json:"OutId"`
		ReceiveDate string
	}
	var got struct {
		Code    loose
		Details struct {
			List []detail `json:"SmsSendDetailDTO"`
		} `json:"SmsSendDetailDTOs"`
	}
	if _, err := c.call(ctx, q, &got); err != nil {
		return Receipt{}, err
	}
	if !strings.EqualFold(string(got.Code), "OK") {
		return Receipt{}, fmt.Errorf("sms: the gateway answered %s", got.Code)
	}
	i := slices.IndexFunc(got.Details.List, func(d detail) bool { return string(d.OutID) == m.ID })
	if i < 0 {
		return Receipt{}, nil
	}
	d := got.Details.List[i]
	r := Receipt{At: c.cfg.Now().UTC()}
	if at, err := time.ParseInLocation(time.DateTime, d.ReceiveDate, china); err == nil {
		r.At = at.UTC()
	}
	switch d.SendStatus {
	case receiptDelivered:
		r.Known = true
	case receiptFailed:
		if r.Known, r.Failure = true, string(d.ErrCode); r.Failure == "" {
			r.Failure = "failed"
		}
	case "1", "": // it waits for the operator
	default:
		return Receipt{}, errors.New("sms: a state that is not documented")
	}
	return r, nil
}
