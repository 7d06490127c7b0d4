package model

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// President is the mark by which a leader's account is that of the court's president
// (院长). One is live at a time; it is ended, never overwritten.
type President struct {
	ID          int64
	CourtID     int64
	UserID      int64
	MarkedBy    int64
	MarkedAt    time.Time
	EndedBy     int64
	EndedAt     *time.Time
	EndReason   string
	ActiveCourt *int64 // unique while it is live
}

// TableName is the table of presidents.
func (President) TableName() string { return "presidents" }

// SigningAuthority is a paper by which the president lets a deputy decide in his place
// (书面授权), on file. It is his who gave it: it counts while his mark does.
type SigningAuthority struct {
	ID          int64
	CourtID     int64
	PresidentID int64 // the mark under which it was given
	UserID      int64 // who may decide
	Title       string
	Kinds       []MeasureKind `gorm:"serializer:json"`
	FromOn      Date
	UntilOn     Date
	FileID      int64 // the signed paper
	EnteredBy   int64
	IdemKey     string // unique per user
	CreatedAt   time.Time
	EndedBy     int64
	EndedAt     *time.Time
	EndReason   string
}

// TableName is the table of written authorisations.
func (SigningAuthority) TableName() string { return "signing_authorities" }

// authorityYears is for how long an authorisation is at most. The law says nothing;
// an authorisation without an end would outlive what it was given for.
const authorityYears = 1

// Check refuses an authorisation that is not whole. Whoever lists somebody restricts
// his spending by the same decision (限高规定 1 (2)), so that both are given together.
func (a *SigningAuthority) Check(president int64, today Date) error {
	a.Title = Clean(a.Title)
	slices.Sort(a.Kinds)
	a.Kinds = slices.Compact(a.Kinds)
	if president == 0 {
		return E(Conflict, "president.none", "本院还没有登记院长，请先登记院长，再登记其书面授权")
	}
	var wrong Faults
	wrong.If(a.UserID == 0 || a.UserID == president, "user_id", "authority.user", "请选择被授权的院领导，不能是院长本人")
	wrong.If(a.Title == "" || utf8.RuneCountInString(a.Title) > 20 || CheckLine(a.Title) != nil, "title", "authority.title", "请填写被授权人的职务（如副院长），不超过 20 字，文书将写明该职务")
	wrong.If(len(a.Kinds) == 0 || slices.ContainsFunc(a.Kinds, func(k MeasureKind) bool { return k.Signed() == "" }), "kinds", "authority.kinds", "请选择授权决定的措施")
	wrong.If(slices.Contains(a.Kinds, MeasureListing) && !slices.Contains(a.Kinds, MeasureConsumption), "kinds", "authority.kinds",
		"纳入失信名单的，应当同时限制消费，请一并授权限制高消费，依据"+CiteConsumptionListed.String())
	wrong.If(a.FromOn.IsZero(), "from_on", "authority.term", "请填写授权的起始日期")
	wrong.If(a.UntilOn.Before(a.FromOn) || a.UntilOn.Before(today) || !a.FromOn.IsZero() && a.UntilOn.After(a.FromOn.AddYears(authorityYears)), "until_on", "authority.term",
		"授权的截止日期应不早于今天和起始日期，且不超过一年；需要更长的，期满后重新授权")
	wrong.If(a.FileID == 0, "file", "authority.file", "请上传院长签名的授权委托书")
	return wrong.Err()
}

// Holds tells whether the authorisation lets decide about a kind on a day.
func (a SigningAuthority) Holds(k MeasureKind, on Date) bool {
	return a.EndedAt == nil && !on.Before(a.FromOn) && !on.After(a.UntilOn) && slices.Contains(a.Kinds, k)
}

// State is the authorisation on a day in words.
func (a SigningAuthority) State(on Date) string {
	switch {
	case a.EndedAt != nil:
		return "已终止"
	case on.Before(a.FromOn):
		return "未生效"
	case on.After(a.UntilOn):
		return "已到期"
	}
	return "有效"
}

// KindNames are the kinds in words.
func (a SigningAuthority) KindNames() string {
	var out []string
	for _, k := range a.Kinds {
		out = append(out, k.Chinese())
	}
	return strings.Join(out, "、")
}

// Deputy is somebody with a written authorisation, by name.
type Deputy struct {
	SigningAuthority
	Name string
}

// Signers are who may decide today, in one court, what the law gives to its president
// (民诉法 119; 失信规定 5; 限高规定 5; 民诉法解释 182): he, and whom he authorised in writing.
type Signers struct {
	Today     Date
	President int64 // his user, 0 while nobody is marked
	Name      string
	Deputies  []Deputy // whose authorisations are live
}

// deputy is the authorisation by which somebody else than the president may decide.
func (s Signers) deputy(user int64, k MeasureKind) *Deputy {
	if s.President == 0 || user == 0 {
		return nil
	}
	i := slices.IndexFunc(s.Deputies, func(d Deputy) bool { return d.UserID == user && d.Holds(k, s.Today) })
	if i < 0 {
		return nil
	}
	return &s.Deputies[i]
}

// May tells whether somebody may decide about a kind. Of what needs no president
// nothing is asked.
func (s Signers) May(user int64, k MeasureKind) bool {
	return k.Signed() == "" || user != 0 && user == s.President || s.deputy(user, k) != nil
}

// Kinds are the kinds about which somebody may decide as the president or for him.
func (s Signers) Kinds(user int64) (out []MeasureKind) {
	for _, k := range SignedMeasures() {
		if s.May(user, k) {
			out = append(out, k)
		}
	}
	return out
}

// Users are who may decide about a kind.
func (s Signers) Users(k MeasureKind) (out []int64) {
	if s.President == 0 {
		return nil
	}
	out = append(out, s.President)
	for _, d := range s.Deputies {
		if d.Holds(k, s.Today) && !slices.Contains(out, d.UserID) {
			out = append(out, d.UserID)
		}
	}
	return out
}

// Signed is who decides, as the papers print it: the president by name, or his deputy
// with what he decides by; "" for somebody who may not.
func (s Signers) Signed(user int64, k MeasureKind) string {
	if user != 0 && user == s.President {
		return "院长" + s.Name
	}
	if d := s.deputy(user, k); d != nil {
		return "经院长书面授权，" + d.Title + d.Name
	}
	return ""
}

// Who says who may decide about a kind.
func (s Signers) Who(k MeasureKind) string {
	if s.President == 0 {
		return "本院还没有登记院长，暂时没有人可以决定；请系统管理员在“人员”页面把院长的账号登记为院长"
	}
	text := "院长" + s.Name
	for _, d := range s.Deputies {
		if d.Holds(k, s.Today) {
			text += "，或者经院长书面授权的" + d.Title + d.Name + "（授权至" + d.UntilOn.Chinese() + "）"
		}
	}
	return text
}

// Check refuses a decision about a kind by somebody to whom neither the law nor the
// president gives it.
func (s Signers) Check(user int64, k MeasureKind) error {
	if s.May(user, k) {
		return nil
	}
	return E(Forbidden, "measure.president", s.Rule(k)+"其他院领导需要决定的，请院长书面授权后由系统管理员登记")
}

// Rule says who decides about a kind, by which law, and who may here.
func (s Signers) Rule(k MeasureKind) string {
	return k.Chinese() + "由院长决定，依据" + k.Signed().On(s.Today) + "。可以决定的是：" + s.Who(k) + "。"
}

// CheckSelf refuses what the law gives to the president himself and nobody is
// authorised for, such as the approval of 终结本次执行程序.
func (s Signers) CheckSelf(user int64, what string, rule Citation) error {
	switch {
	case user != 0 && user == s.President:
		return nil
	case s.President == 0:
		return E(Forbidden, "measure.president", what+"由院长批准，依据"+rule.On(s.Today)+"。本院还没有登记院长；请系统管理员在“人员”页面把院长的账号登记为院长")
	}
	return E(Forbidden, "measure.president", what+"由院长批准，依据"+rule.On(s.Today)+"。请由院长"+s.Name+"登录后办理")
}

// Signer is somebody who decides, among those who may.
type Signer struct {
	User int64
	Signers
}

// signable asks whether who decides may. Nobody at all may not.
func (c MeasureCase) signable() error {
	s := Signer{}
	if c.Signer != nil {
		s = *c.Signer
	}
	return s.Check(s.User, c.Measure.Kind)
}

// liftSignable asks it of a lifting that is the president's. While somebody only asks
// him to lift, nobody decides yet.
func (c MeasureCase) liftSignable() error {
	if c.Signer == nil || !c.Measure.NeedsLeader(c.Lift.Ground) {
		return nil
	}
	return c.signable()
}
