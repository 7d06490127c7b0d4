package model

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Conversation (对话) is what somebody outside and the court write to each
// other about a case: a party's side, or a relative of the debtor. One side is
// the counterpart; on the court's side it has an owner, who answers: the judge
// of the case, or the officer once it is enforced.
type Conversation struct {
	ID      int64
	CourtID int64
	CaseID  int64
	PartyID int64 // 0 in a relative's
	// RelativeID is the relative's link, EnforcementCaseID his debtor's enforcement
	// case; both are 0 in a party's.
	RelativeID        int64
	EnforcementCaseID int64
	// Counterpart is the other side, a party or a relative: one conversation each.
	Counterpart Thing `gorm:"embedded;embeddedPrefix:counterpart_"`
	OwnerID     int64
	// AnswerBy is the day by which the court is to answer, zero while nothing
	// waits. It is derived from the messages and kept for lists; a test proves it
	// equal to a recount.
	AnswerBy Date
	// SettledID is the newest message that was said to need no answer.
	SettledID int64
	// LastMessageID is the newest message, for pages that look whether there is
	// one.
	LastMessageID int64
	LastAt        time.Time
	// LateToldAt is when the leaders were told that the clock ran out, nil while
	// nobody was; it ends with the clock.
	LateToldAt *time.Time
}

// Owner is who answers: the officer while he enforces for or against the
// party, otherwise the judge. list are the enforcement cases of the case, the
// oldest first.
func (c Conversation) Owner(cs Case, list []EnforcementFile) int64 {
	owner := cs.JudgeID
	for _, e := range list {
		if c.EnforcementCaseID == e.ID && e.OfficerID != 0 {
			owner = e.OfficerID // also when it is closed: what a family asks is about it
		}
		part := slices.ContainsFunc(e.Parties, func(p EnforcementParty) bool { return p.PartyID == c.PartyID })
		if part && e.Kind.Enforces() && e.State == EnforcementOpen && e.OfficerID != 0 {
			owner = e.OfficerID
		}
	}
	return owner
}

// Waits tells whether the court is to answer.
func (c Conversation) Waits() bool { return !c.AnswerBy.IsZero() }

// Late tells whether the court should have answered before today.
func (c Conversation) Late(today Date) bool { return c.Waits() && c.AnswerBy.Before(today) }

// Recount derives the court's clock from the messages: the first of the other side
// that the court's last did not answer yet, and that was not said to need no answer.
func (c Conversation) Recount(messages []Message) Date {
	answered := c.SettledID
	for _, m := range messages {
		if m.FromCourt {
			answered = max(answered, m.Answers())
		}
	}
	for _, m := range slices.SortedFunc(slices.Values(messages), func(a, b Message) int { return cmp.Compare(a.ID, b.ID) }) {
		if !m.FromCourt && m.ID > answered {
			return m.AnswerBy
		}
	}
	return Date{}
}

// Message is one message of a conversation. Messages are only ever added.
type Message struct {
	ID             int64
	CourtID        int64
	CaseID         int64
	PartyID        int64 // 0 in a relative's conversation
	RelativeID     int64 // 0 in a party's
	ConversationID int64
	UserID         int64
	FromCourt      bool
	Body           string
	ContentCheck   ContentState
	AnswerBy       Date // the court's clock for this message; zero for the court's own
	IdemKey        string
	CreatedAt      time.Time
	// UpToID is the newest message that an answer of the court answers, when others may
	// have come while it could be taken back; 0 for all before it.
	UpToID int64
}

// Answers is up to which message the court answered with this one.
func (m Message) Answers() int64 { return cmp.Or(m.UpToID, m.ID) }

// The limits of conversations.
const (
	MaxMessage         = 1000 // characters
	MaxMessageFiles    = 9
	DefaultAnswerDays  = 2 // working days that the court has to answer
	MaxAnswerDays      = 15
	messageExcerptSize = 40
)

// MessageLimits bound how many messages one user of the mini-program may write;
// 0 means the default.
type MessageLimits struct {
	PerMinute int `json:"per_minute"`
	PerHour   int `json:"per_hour"`
	PerDay    int `json:"per_day"`
}

// Filled is the limits with their defaults written out.
func (l MessageLimits) Filled() MessageLimits {
	or := func(n, fallback int) int {
		if n == 0 {
			return fallback
		}
		return n
	}
	return MessageLimits{PerMinute: or(l.PerMinute, 10), PerHour: or(l.PerHour, 30), PerDay: or(l.PerDay, 100)}
}

// Valid tells whether the limits can be kept together.
func (l MessageLimits) Valid() bool {
	f := l.Filled()
	return l.PerMinute >= 0 && l.PerHour >= 0 && l.PerDay >= 0 && f.PerMinute <= 60 && f.PerMinute <= f.PerHour && f.PerHour <= f.PerDay
}

// MessageWindow is one of the limits with the time over which it counts.
type MessageWindow struct {
	Over  time.Duration
	Limit int
	Name  string
}

// Windows lists the limits.
func (l MessageLimits) Windows() []MessageWindow {
	f := l.Filled()
	return []MessageWindow{{time.Minute, f.PerMinute, "每分钟"}, {time.Hour, f.PerHour, "每小时"}, {24 * time.Hour, f.PerDay, "每天"}}
}

// MessageFile is a picture or a PDF of a message.
type MessageFile struct {
	MessageID      int64 `gorm:"primaryKey;autoIncrement:false"`
	Seq            int   `gorm:"primaryKey;autoIncrement:false"`
	FileID         int64
	ConversationID int64
}

// ConversationRead says that somebody opened a conversation when a message was its
// newest: read means opened. Marks are only added.
type ConversationRead struct {
	ConversationID int64 `gorm:"primaryKey;autoIncrement:false"`
	UserID         int64 `gorm:"primaryKey;autoIncrement:false"`
	MessageID      int64 `gorm:"primaryKey;autoIncrement:false"`
	FromCourt      bool  // who opened it was of the court
	ReadAt         time.Time
}

// ReadAt is when the side opposite to who wrote a message first opened the
// conversation with it, nil when it did not yet.
func (m Message) ReadAt(marks []ConversationRead) *time.Time {
	var first *time.Time
	for i, r := range marks {
		if r.ConversationID == m.ConversationID && r.FromCourt != m.FromCourt && r.MessageID >= m.ID && (first == nil || r.ReadAt.Before(*first)) {
			first = &marks[i].ReadAt
		}
	}
	return first
}

// CheckMessage trims a message and refuses one that is empty, unless it has
// files, or too long.
func CheckMessage(body string, files int) (string, error) {
	body = strings.TrimSpace(strings.ReplaceAll(body, "\r\n", "\n"))
	var wrong Faults
	wrong.If(files > MaxMessageFiles, "file_ids", "file.too_many", "一条留言最多 9 个文件")
	wrong.If(body == "" && files == 0 || utf8.RuneCountInString(body) > MaxMessage, "text", "message.text", "请填写内容，不超过 1000 字")
	if err := wrong.Err(); err != nil {
		return "", err
	}
	return body, nil
}

// AnswerDays is how many working days the court gives itself to answer a
// party.
func (s CourtSettings) AnswerDays() int {
	if s.MessageAnswerDays == 0 {
		return DefaultAnswerDays
	}
	return s.MessageAnswerDays
}

// usualAnswers are short answers that a judge or a clerk may pick and go on writing,
// as a court has them before it makes its own list.
var usualAnswers = []string{
	"您好，您的留言已收到，我们会尽快核实并答复。", "请在小程序本案中上传汇款回执，承办法官核对后会通知您。", "您提交的回执已在核对中，结果会在小程序中通知您。",
	"请按小程序本案“怎样付款”所列的账户付款，并在附言中填写识别码。", "该事项需要当面办理，请在工作时间携带身份证件到本院办理。", "如需延期或者分期，请先与对方协商，达成一致后告知我们。",
}

// The limits of a court's list of ready answers: each is chosen by a digit.
const (
	MaxReadyAnswers = 9
	MaxReadyAnswer  = 200 // characters
)

// ReadyAnswerList is a list of ready answers as it stood from an instant on. Lists are
// only added: the newest is the court's.
type ReadyAnswerList struct {
	ID        int64
	CourtID   int64
	Answers   []string `gorm:"serializer:json"`
	ByUserID  int64
	CreatedAt time.Time
}

// Answers are the court's ready answers in their order. What the court took off its
// list, or wrote differently before, stands in the lists before (ReadyAnswerList).
func (s CourtSettings) Answers() []string {
	if len(s.ReadyAnswers) == 0 {
		return slices.Clone(usualAnswers)
	}
	return s.ReadyAnswers
}

func (s CourtSettings) checkAnswers() error {
	no := func(what string) error { return InvalidField("ready_answers", "settings.answers", what) }
	if len(s.ReadyAnswers) > MaxReadyAnswers {
		return no(fmt.Sprintf("常用答复最多 %d 条，请删去一些", MaxReadyAnswers))
	}
	seen := map[string]bool{}
	for i, a := range s.ReadyAnswers {
		switch {
		case strings.TrimSpace(a) == "" || utf8.RuneCountInString(a) > MaxReadyAnswer:
			return no(fmt.Sprintf("第 %d 条常用答复应当有内容，且不超过 %d 字", i+1, MaxReadyAnswer))
		case seen[a]:
			return no(fmt.Sprintf("第 %d 条常用答复与前面的重复，请删去一条", i+1))
		}
		seen[a] = true
	}
	return nil
}

// Workdays is the n-th working day after d.
func (c *Calendar) Workdays(d Date, n int) Date {
	for range n {
		d = c.NextWorkday(d.AddDays(1))
	}
	return d
}

func excerpt(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	if len(r) > messageExcerptSize {
		return string(r[:messageExcerptSize]) + "…"
	}
	return string(r)
}

// MessageNotice tells the owner that a party wrote. One notice stands for all
// messages until the court answers.
func MessageNotice(cs Case, p Party, first Message, userID int64) Notice {
	return caseNotice(NoticeMessageAsked, cs, fmt.Sprintf("%d:%d", first.ID, userID), "当事人留言", cs.CaseNo+"："+p.Name+"留言，请在"+first.AnswerBy.Chinese()+
		"前答复。"+quoted(first)).staff(userID).about(ThingConversation.Of(first.ConversationID)).talk(first.ConversationID)
}

// MessageLateNotice tells a member of staff that the court's clock ran out: the
// owner, his substitute, and the leaders with whom it lies.
func MessageLateNotice(c Conversation, cs Case, owner string, userID int64) Notice {
	return caseNotice(NoticeMessageLate, cs, fmt.Sprintf("%s:%d:%d", ThingConversation.Key(c.ID), c.LastMessageID, userID), "留言超过答复期限", fmt.Sprintf(
		"%s：当事人的留言应于%s答复，已超期。答复人：%s。请督促答复。", cs.CaseNo, c.AnswerBy.By(), owner)).staff(userID).about(ThingConversation.Of(c.ID)).talk(c.ID)
}

// ReplyNotice tells a party that the court wrote. The text itself stays in the
// mini-program.
func ReplyNotice(cs Case, partyID int64, m Message) Notice {
	return caseNotice(NoticeMessageReplied, cs, ThingMessage.Key(m.ID), "法院给您留言", cs.CaseNo+"：法院给您留言，请在本案“与法院对话”中查看。").
		to(partyID)
}

// WaitingConversation is a line in the list of what the court is to answer.
type WaitingConversation struct {
	ID         int64
	CaseID     int64
	CaseNo     string
	OwnerID    int64
	Owner      string
	PartyID    int64
	Party      string
	AnswerBy   Date
	LastAt     time.Time
	Excerpt    string // of the newest message
	RelativeID int64  // of a relative's conversation, whose Party is his name
}

// WaitingFilter narrows the list of conversations that wait for the court.
type WaitingFilter struct {
	LateOn Date // only those whose clock ran out before this day, zero for all
	// AfterDay and AfterID are where the page before ended.
	AfterDay Date
	AfterID  int64
	Limit    int
}

// Mark is where a page that ends with the conversation ends.
func (w WaitingConversation) Mark() string { return fmt.Sprintf("%s.%d", w.AnswerBy, w.ID) }

// ReadMark reads Mark; "" is the first page.
func (f *WaitingFilter) ReadMark(mark string) error {
	if mark == "" {
		return nil
	}
	on, id, _ := strings.Cut(mark, ".")
	var err error
	if f.AfterDay, err = ParseDate(on); err == nil {
		f.AfterID, err = strconv.ParseInt(id, 10, 64)
	}
	if err != nil {
		return InvalidField("after", "field.format", "分页参数不正确")
	}
	return nil
}
