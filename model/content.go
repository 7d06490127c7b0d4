package model

import (
	"strconv"
	"time"
)

// ContentState is what a check of contents said of what somebody outside the
// court wrote or sent.
type ContentState string

// The states of contents. "" was never asked about.
const (
	ContentPass      ContentState = "pass"
	ContentReview    ContentState = "review"    // the check asks for a human's eye
	ContentRisky     ContentState = "risky"     // refused, or of a picture: hidden
	ContentUnchecked ContentState = "unchecked" // the check did not answer
	ContentWaiting   ContentState = "waiting"   // of a picture: to be sent
	ContentAsked     ContentState = "asked"     // of a picture: the answer is to come
)

// Chinese is the state in words.
func (s ContentState) Chinese() string {
	return map[ContentState]string{ //nolint:gosec // words, no secrets
		ContentPass: "检查通过", ContentReview: "内容待人工复核", ContentRisky: "可能违规", ContentUnchecked: "内容未经检查",
		ContentWaiting: "待提交检查", ContentAsked: "等待检查结果",
	}[s]
}

// Mark is what stands beside the contents on screens, "" where nothing has to be
// said.
func (s ContentState) Mark() string {
	switch s {
	case ContentReview, ContentRisky, ContentUnchecked:
		return s.Chinese()
	case ContentPass, ContentWaiting, ContentAsked:
	}
	return ""
}

// ContentVerdict is what a check of contents answered.
type ContentVerdict struct {
	State ContentState
	Label int
	Trace string // under which the checker keeps it
}

// ContentLabel is a label of WeChat's check in words.
func ContentLabel(n int) string {
	if s, ok := map[int]string{
		100: "正常", 10001: "广告", 20001: "时政", 20002: "色情", 20003: "辱骂", 20006: "违法犯罪", 20008: "欺诈", 20012: "低俗", 20013: "版权", 21000: "其他",
	}[n]; ok {
		return s
	}
	return strconv.Itoa(n)
}

// PictureCheck is the check of one picture of a message. The checker fetches it
// once, under Token, and answers later, under Trace.
type PictureCheck struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	MessageID int64
	FileID    int64
	UserID    int64
	OpenID    string
	Token     string
	Trace     *string
	State     ContentState
	Label     int
	Attempts  int
	NextAt    time.Time // when it is to be sent, or when the answer is given up
	DecidedAt *time.Time
	CreatedAt time.Time
}

// PictureAnswerTime is how long the checker may take to answer: WeChat says 30
// minutes.
const PictureAnswerTime = 40 * time.Minute

// maxPictureTries bounds how often a picture is sent.
const maxPictureTries = 5

// Asked notes that the checker took the picture, and tells whether that is news:
// of two workers that sent it the second is told nothing.
func (p *PictureCheck) Asked(trace string, now time.Time) bool {
	if !PictureMachine.May(p.State, ContentAsked) {
		return false
	}
	p.State, p.Trace, p.NextAt = ContentAsked, &trace, now.Add(PictureAnswerTime)
	return true
}

// GiveUp ends the wait for an answer that did not come in time, and tells
// whether it did.
func (p *PictureCheck) GiveUp(now time.Time) bool {
	if p.State != ContentAsked || p.NextAt.After(now) {
		return false
	}
	p.State, p.DecidedAt = ContentUnchecked, &now
	return true
}

// Answered notes what the checker found, also when it was given up meanwhile,
// and tells whether that is news: the first answer stands.
func (p *PictureCheck) Answered(v ContentVerdict, now time.Time) bool {
	if !PictureMachine.May(p.State, v.State) {
		return false
	}
	p.State, p.Label, p.DecidedAt = v.State, v.Label, &now
	return true
}

// Failed notes that the checker did not take the picture: it is sent again a
// few times, then it stays unchecked. It tells whether that is news.
func (p *PictureCheck) Failed(now time.Time) bool {
	if p.State != ContentWaiting {
		return false
	}
	if p.Attempts++; p.Attempts >= maxPictureTries {
		p.State, p.DecidedAt = ContentUnchecked, &now
		return true
	}
	p.NextAt = now.Add(time.Duration(p.Attempts*p.Attempts) * time.Minute)
	return true
}

// Open tells whether the checker may fetch the picture now.
func (p PictureCheck) Open(now time.Time) bool {
	return (p.State == ContentWaiting || p.State == ContentAsked) && now.Sub(p.CreatedAt) < 3*PictureAnswerTime
}

// PictureHiddenNotice tells who sent a picture that it was hidden.
func PictureHiddenNotice(p PictureCheck) Notice {
	return Notice{
		CourtID: p.CourtID, CaseID: p.CaseID, UserID: p.UserID, Kind: NoticePictureHidden, DedupeKey: string(NoticePictureHidden) + ":" + strconv.FormatInt(p.ID, 10),
		Title: "您发送的图片未能显示", Body: "您在对话中发送的一张图片被微信内容安全检查判定为可能违规，已隐藏。请勿重复发送；如属误判，或者该图片是案件材料，请通过“上传回执”提交或联系法院。",
		Page: "pages/case/messages?id=" + strconv.FormatInt(p.CaseID, 10),
	}
}
