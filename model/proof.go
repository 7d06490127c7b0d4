package model

import (
	"slices"
	"time"
)

// ServiceProof is what the court can show of one notice to one party.
type ServiceProof struct {
	Notice     Notice
	Party      Party
	Traces     []Trace
	Deliveries []OutboxMessage
	Reports    []DeliveryReport // what channels told of the deliveries later
	Paper      []PaperTask
	Consents   []Consent
	ServedAt   time.Time
	Rule       ServiceOfProcessRule
}

// ChannelNames are the outside channels' names on screens and papers.
var ChannelNames = map[ChannelName]string{ChannelWeChat: "微信订阅消息", ChannelService: "服务号模板消息", ChannelSMS: "短信", ChannelPaper: "纸质"}

// RuleText says by which rule the notice counts as served, as it was numbered on
// the day of service.
func (p ServiceProof) RuleText() string { return p.Rule.On(DateOf(p.ServedAt)) }

// Trail is everything that is known of the service, in the order of time.
func (p ServiceProof) Trail() []TrailLine {
	out := []TrailLine{{At: p.Notice.CreatedAt, What: "文书生成，进入受送达人在“微法院”的收件箱"}}
	add := func(at time.Time, what string) { out = append(out, TrailLine{At: at, What: what}) }
	for _, c := range p.Consents {
		add(c.CreatedAt, map[ConsentAct]string{ConsentGiven: "受送达人同意电子送达", ConsentWithdrawn: "受送达人撤回对电子送达的同意"}[c.Act]+"（"+c.How.Chinese()+"）")
	}
	for _, t := range p.Traces {
		if t.ArrivedAt.After(p.Notice.CreatedAt) {
			add(t.ArrivedAt, "受送达人一方绑定本案，收件箱中可见")
		}
		if t.ReadAt != nil {
			add(*t.ReadAt, "受送达人打开阅读")
		}
		if t.RepliedAt != nil {
			add(*t.RepliedAt, "受送达人在本案中作出回应（提交回执或者承诺）")
		}
	}
	for _, d := range p.Deliveries {
		name := ChannelNames[d.Channel]
		add(d.CreatedAt, name+"：排队发送")
		switch {
		case d.AcceptedAt != nil:
			add(*d.AcceptedAt, name+"：渠道已接收")
		case d.State != OutboxQueued && d.State != OutboxSending:
			add(d.UpdatedAt, name+"："+d.State.Chinese())
		}
		if d.DeliveredAt != nil {
			add(*d.DeliveredAt, name+"：渠道告知已送到手机")
		}
		for _, r := range p.Reports {
			if r.OutboxID == d.ID {
				add(r.At, name+"："+r.What())
			}
		}
	}
	for _, t := range p.Paper {
		add(t.CreatedAt, map[PaperCause]string{PaperRequested: "受送达人申请纸质文书", PaperFallback: "电子渠道未能送到，改为纸质送达", PaperPhone: "电子渠道未能送到，改为电话告知"}[t.Cause])
		if t.DoneAt != nil {
			what := "纸质文书已" + PaperMethods[t.Method]
			if t.Method == "phone" {
				what = "已由书记员电话告知"
			}
			if t.TrackingNo != "" {
				what += "，邮单号" + t.TrackingNo
			}
			add(*t.DoneAt, what)
		}
	}
	slices.SortStableFunc(out, func(a, b TrailLine) int { return a.At.Compare(b.At) })
	return out
}
