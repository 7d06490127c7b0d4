package model

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// ConfirmWithin is how long a channel may take to confirm what it accepted.
// After that the message is listed: nobody knows whether it reached the phone.
const ConfirmWithin = 3 * 24 * time.Hour

// DeliveryReport is what a channel reported of a message that was settled.
type DeliveryReport struct {
	ID        int64
	OutboxID  int64
	MessageID string // the channel's
	Failure   string // "" for delivered
	// Counted tells whether it decided what became of the message. The first
	// report does; a later one that contradicts it is kept and changes nothing.
	Counted   bool
	At        time.Time // as the channel says
	CreatedAt time.Time
}

// What is the report in words.
func (r DeliveryReport) What() string {
	what := "渠道告知已送到手机"
	if r.Failure != "" {
		what = "渠道告知未能送到（" + r.Failure + "）"
	}
	if !r.Counted {
		what = "渠道后来又告知：" + what[len("渠道告知"):] + "。与先前的告知不一致，以先前的为准"
	}
	return what
}

// Explanation says of an outside message what its state means, whose matter it
// is, and what to do about it; all in Chinese, for the court's staff.
type Explanation struct {
	Means string
	Whose string
	Do    string
}

// ReasonKey is a short name of why a message did not arrive, the same for all that did
// not for the same reason: they are dealt with together.
func (m OutboxMessage) ReasonKey(now time.Time) string {
	h := sha256.Sum256([]byte(m.Explain(now).Means + m.Channel))
	return hex.EncodeToString(h[:4])
}

// Confirmed tells whether the channel said that the message reached the phone.
func (m OutboxMessage) Confirmed() bool { return m.DeliveredAt != nil }

// Unconfirmed tells whether the channel took the message and did not say within
// ConfirmWithin what became of it.
func (m OutboxMessage) Unconfirmed(now time.Time) bool {
	return m.State == OutboxAccepted && m.DeliveredAt == nil && m.AcceptedAt != nil && now.Sub(*m.AcceptedAt) >= ConfirmWithin
}

// StateText is the state in words, with what the channel told later.
func (m OutboxMessage) StateText(now time.Time) string {
	switch {
	case m.State == OutboxAccepted && m.Confirmed():
		return "已送到手机"
	case m.Unconfirmed(now):
		return "渠道已接收，三日内未确认送到"
	}
	return m.State.Chinese()
}

// Explain says what is known of the message.
func (m OutboxMessage) Explain(now time.Time) Explanation {
	switch {
	case m.State == OutboxAccepted && m.Confirmed():
		return Explanation{"已送到对方手机。", "无", "不需要处理。"}
	case m.Unconfirmed(now):
		return Explanation{
			"渠道已接收，但三日内没有告知是否送到手机；不能认定对方已看到提醒。", "渠道或者对方手机（关机、停用、屏蔽）",
			"查看对方是否已打开收件箱；没有打开的，改用短信或者纸质。",
		}
	}
	switch m.State {
	case OutboxFailed, OutboxNoConsent, OutboxUnreachable, OutboxInvalid:
		if e, ok := m.explainCode(); ok {
			return e
		}
	default:
	}
	if e, ok := explanations[m.State]; ok {
		return e
	}
	return Explanation{m.State.Chinese(), "技术人员", "请联系技术人员核对。"}
}

var explanations = map[OutboxState]Explanation{
	OutboxQueued:      {"还没有发出，排队等待或者等待重试。", "系统", "不需要处理；长时间不动时请在“系统运行”查看渠道。"},
	OutboxSending:     {"正在交给渠道。", "系统", "不需要处理。"},
	OutboxAccepted:    {"渠道已接收，尚未告知是否送到手机。接收不等于送到。", "渠道", "等待渠道告知，最长三日。"},
	OutboxFailed:      {"渠道先接收、后告知没有送到手机，已自动改用下一渠道。", "渠道或者对方（拒收、停机、屏蔽）", "下一渠道也没有送到的，改用纸质或者电话联系。"},
	OutboxNoConsent:   {"对方没有允许接收这类消息，或者允许的次数已经用完。属正常情形。", "对方", "已自动改用下一渠道；可在对方到院时提示其重新订阅。"},
	OutboxUnreachable: {"该渠道联系不到对方：微信账号已不存在、未关注服务号，或者号码有误、停用。", "对方，或者登记的号码有误", "核对登记的手机号；已自动改用下一渠道。"},
	OutboxInvalid:     {"渠道因模板、页面或者内容不符合要求而拒绝，没有发出。", "本院的配置", "请技术人员运行 microcourt wechat check 核对模板；已自动改用下一渠道。"},
	OutboxUnknown:     {"已经发出但没有收到渠道的答复，对方可能收到，也可能没有。系统不会重发，以免对方收到两次。", "网络或者渠道", "等待渠道告知；没有告知的，查看对方是否已打开收件箱，再决定是否改用短信或者纸质。"},
	OutboxExpired:     {"在期限内一直没能发出。", "渠道长时间不可用，或者系统停机", "已自动改用下一渠道；请技术人员检查该渠道。"},
	OutboxSkipped:     {"本院这类消息没有开通该渠道，通知在收件箱中。", "本院的配置", "需要时请技术人员为这类消息配置模板。"},
}
