package model

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// DossierSource is a kind of record of which every one belongs into a case's
// electronic file (电子卷宗).
// Source: 人民法院在线诉讼规则 35.
type DossierSource string

// The sources.
const (
	DossierReceipt      DossierSource = "receipt"      // 汇款回执, as it was handed in
	DossierFile         DossierSource = "file"         // the original picture or paper that somebody handed in
	DossierAnswer       DossierSource = "answer"       // a creditor's answer to a receipt
	DossierConfirmation DossierSource = "confirmation" // an entry of the ledger
	DossierDocument     DossierSource = "document"     // a numbered paper
	DossierCertificate  DossierSource = "certificate"
	DossierNotice       DossierSource = "notice"      // to a party
	DossierDelivery     DossierSource = "delivery"    // what became of a notice outside the inbox
	DossierPaperServed  DossierSource = "paper_proof" // how a paper was served
	DossierContact      DossierSource = "contact"     // an entry of the log of contacts
)

// DossierSources lists them in the order of the catalogue's parts.
var DossierSources = []DossierSource{
	DossierDocument, DossierCertificate, DossierReceipt, DossierFile, DossierAnswer, DossierConfirmation, DossierNotice, DossierDelivery, DossierPaperServed, DossierContact,
}

// Chinese is what an item of the source is called.
func (s DossierSource) Chinese() string {
	return map[DossierSource]string{
		DossierReceipt: "汇款回执", DossierFile: "提交的原件", DossierAnswer: "权利人的答复", DossierConfirmation: "确认记录", DossierDocument: "文书", DossierCertificate: "自动履行证明书",
		DossierNotice: "通知", DossierDelivery: "电子送达凭证", DossierPaperServed: "纸质送达凭证", DossierContact: "联系记录",
	}[s]
}

// Part is the part of the file that an item goes into, as courts divide theirs.
func (s DossierSource) Part() string {
	return map[DossierSource]string{
		DossierReceipt: "履行证据材料", DossierFile: "履行证据材料", DossierAnswer: "履行证据材料", DossierConfirmation: "履行台账", DossierDocument: "法院文书", DossierCertificate: "法院文书",
		DossierNotice: "通知", DossierDelivery: "送达凭证", DossierPaperServed: "送达凭证", DossierContact: "谈话和联系记录",
	}[s]
}

// DossierItem is one thing that belongs into the file of a case, and how far it has
// come. Which thing it is, source and id, is its natural key: the case system gets it
// under this key with the digest of its content, so that a repeat is the same item.
type DossierItem struct {
	ID       int64
	CourtID  int64
	CaseID   int64
	Source   DossierSource
	SourceID int64
	Kind     string    // of a document or a notice, else ""
	MadeAt   time.Time // when the thing came about
	Attempts int
	NextAt   time.Time // when it is handed over next
	SHA256   string    // hex, of what was handed over
	// ReceiptNo is the case system's receipt of it, FiledAt when that came.
	ReceiptNo string
	FiledAt   *time.Time
	// FailedAt is when it was given up to be looked at by somebody, nil while it is
	// tried. Failure is what went wrong the last time, in words.
	FailedAt  *time.Time
	Failure   string
	CreatedAt time.Time
	UpdatedAt time.Time
}

// TableName is the table of the items.
func (DossierItem) TableName() string { return "dossier_items" }

// Title is what the item is called in the catalogue.
func (i DossierItem) Title() string {
	name := i.Source.Chinese()
	switch i.Source {
	case DossierDocument:
		if k := DocumentKind(i.Kind).Chinese(); k != "" {
			name = k
		}
	case DossierNotice, DossierDelivery:
		if k := NoticeKind(i.Kind).Chinese(); k != "" {
			name += "（" + k + "）"
		}
	default:
	}
	return name
}

// State is how far the item has come, in words.
func (i DossierItem) State() string {
	switch {
	case i.FiledAt != nil:
		return "已入卷"
	case i.FailedAt != nil:
		return "入卷失败"
	case i.Attempts > 0:
		return "等待重试"
	}
	return "等待入卷"
}

// Key is the item's name towards the case system.
func (i DossierItem) Key() string { return fmt.Sprintf("%s-%d", i.Source, i.SourceID) }

// dossierPauses are the pauses between attempts, growing; after the last of them
// somebody has to look.
var dossierPauses = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 8 * time.Hour, 24 * time.Hour}

// Tried notes an attempt that failed. What the case system will not take whenever it
// is asked is given up at once; anything else is tried again, later each time.
func (i *DossierItem) Tried(why string, final bool, now time.Time) {
	if r := []rune(why); len(r) > 200 {
		why = string(r[:200])
	}
	i.Failure = why
	i.Attempts++
	if final || i.Attempts > len(dossierPauses) {
		i.FailedAt = &now
		return
	}
	i.NextAt = now.Add(dossierPauses[i.Attempts-1])
}

// Filed notes the case system's receipt.
func (i *DossierItem) Filed(receipt, sum string, now time.Time) {
	i.ReceiptNo, i.SHA256, i.FiledAt, i.FailedAt, i.Failure = receipt, sum, &now, nil, ""
}

// Again lets an item be handed over at once.
// It returns Conflict for one that is in the file.
func (i *DossierItem) Again(now time.Time) error {
	if i.FiledAt != nil {
		return E(Conflict, "dossier.filed", "该材料已经入卷，回执号 "+i.ReceiptNo)
	}
	i.Attempts, i.FailedAt, i.NextAt = 0, nil, now
	return nil
}

// DossierPaper is the content of an item: the original file, the paper, or the words
// of a record.
type DossierPaper struct {
	Name      string // of the file, with its ending
	MediaType string
	Content   []byte
}

// DossierMaterial is an item as it is handed over to the court's case system.
type DossierMaterial struct {
	CourtCode string // 法院代字
	CaseNo    string
	Key       string // natural: the same thing again is the same material
	Part      string // of the file
	Title     string
	MadeAt    time.Time
	SHA256    string // hex, of the content
	DossierPaper
}

// DossierFacts are the records of one case that items are written from, by id.
type DossierFacts struct {
	Case          Case
	Parties       map[int64]Party
	Users         map[int64]string
	Receipts      map[int64]Receipt
	Files         map[int64]File
	Answers       map[int64]ObligeeResponse
	Confirmations map[int64]Confirmation
	Notices       map[int64]Notice
	Deliveries    map[int64]OutboxMessage
	Papers        map[int64]PaperTask
	Contacts      map[int64]Contact
}

func (f DossierFacts) who(id int64) string {
	if n := f.Users[id]; n != "" {
		return n
	}
	if id == 0 {
		return "系统"
	}
	return "不详"
}

func (f DossierFacts) party(id int64) string {
	p, ok := f.Parties[id]
	if !ok {
		return "不详"
	}
	return p.Role.Chinese() + p.Name
}

// recordLine is one line of a record, left out where there is nothing to say.
func recordLine(b *strings.Builder, name, value string) {
	if value != "" && value != (Date{}).String() {
		b.WriteString(name + "：" + value + "\n")
	}
}

func instantWords(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.In(CourtZone).Format("2006-01-02 15:04:05")
}

// Words writes an item that is a record as text. ok is false for an item that has a
// paper or a file of its own, and for a record that is not there.
func (f DossierFacts) Words(i DossierItem) (text string, ok bool) {
	var b strings.Builder
	b.WriteString(i.Title() + "\n\n")
	recordLine(&b, "案号", f.Case.CaseNo)
	switch i.Source {
	case DossierReceipt:
		r, there := f.Receipts[i.SourceID]
		f.receipt(&b, r)
		ok = there
	case DossierAnswer:
		a, there := f.Answers[i.SourceID]
		recordLine(&b, "权利人", f.party(a.PartyID))
		recordLine(&b, "答复", a.State.Chinese())
		recordLine(&b, "说明", a.Reason)
		recordLine(&b, "答复期限", a.DueOn.String())
		recordLine(&b, "答复人", f.who(a.RespondedBy))
		recordLine(&b, "答复时间", instantWords(a.RespondedAt))
		recordLine(&b, "所答复的回执", fmt.Sprintf("第 %d 号", a.ReceiptID))
		ok = there
	case DossierConfirmation:
		c, there := f.Confirmations[i.SourceID]
		recordLine(&b, "记录", map[ConfirmationKind]string{EntryConfirm: "确认", EntryReverse: "冲销原记录"}[c.Kind])
		recordLine(&b, "金额", c.AmountFen.Yuan()+" 元")
		recordLine(&b, "履行日期", c.PaidOn.String())
		recordLine(&b, "理由", c.Reason)
		recordLine(&b, "超出应履行数额的理由", c.OverReason)
		recordLine(&b, "抵充次序的理由", c.OrderReason)
		recordLine(&b, "所确认的回执", fmt.Sprintf("第 %d 号", c.ReceiptID))
		recordLine(&b, "记录人", f.who(c.ByUserID))
		recordLine(&b, "记录时间", instantWords(&c.CreatedAt))
		ok = there
	case DossierNotice:
		n, there := f.Notices[i.SourceID]
		recordLine(&b, "标题", n.Title)
		recordLine(&b, "编号", n.Number)
		recordLine(&b, "发给", f.party(n.PartyID))
		recordLine(&b, "时间", instantWords(&n.CreatedAt))
		recordLine(&b, "核验码", n.CheckCode)
		b.WriteString("\n" + n.Body + "\n")
		ok = there
	case DossierDelivery:
		ok = f.delivery(&b, i.SourceID)
	case DossierPaperServed:
		t, there := f.Papers[i.SourceID]
		recordLine(&b, "送达的通知", f.Notices[t.NoticeID].Title)
		recordLine(&b, "受送达人", f.party(t.PartyID))
		recordLine(&b, "送达方式", t.Method)
		recordLine(&b, "邮件号", t.TrackingNo)
		recordLine(&b, "说明", t.Note)
		recordLine(&b, "办理人", f.who(t.DoneBy))
		recordLine(&b, "办理时间", instantWords(t.DoneAt))
		ok = there
	case DossierContact:
		c, there := f.Contacts[i.SourceID]
		recordLine(&b, "方式", c.Channel.Chinese())
		if c.PartyID != 0 {
			recordLine(&b, "联系对象", f.party(c.PartyID))
		}
		recordLine(&b, "时间", instantWords(&c.HappenedAt))
		recordLine(&b, "内容", c.Note)
		recordLine(&b, "记录人", f.who(c.ByUserID))
		ok = there
	default:
	}
	return b.String(), ok
}

func (f DossierFacts) receipt(b *strings.Builder, r Receipt) {
	recordLine(b, "回执", fmt.Sprintf("第 %d 号", r.ID))
	recordLine(b, "义务人", f.party(r.PartyID))
	recordLine(b, "金额", r.ClaimedFen.Yuan()+" 元")
	recordLine(b, "付款日期", r.PaidOn.String())
	recordLine(b, "付款人", r.PayerName)
	recordLine(b, "收款人", r.PayeeName)
	recordLine(b, "收款账号", r.PayeeAccount)
	recordLine(b, "流水号", r.BankSerial)
	recordLine(b, "说明", r.Remark)
	recordLine(b, "提交人", f.who(r.UserID))
	recordLine(b, "提交时间", instantWords(&r.SubmittedAt))
	var files []File
	for _, x := range f.Files {
		if x.ReceiptID == r.ID {
			files = append(files, x)
		}
	}
	slices.SortFunc(files, func(a, c File) int { return int(a.ID - c.ID) })
	for n, x := range files {
		recordLine(b, fmt.Sprintf("附件 %d", n+1), fmt.Sprintf("%s（%d 字节，SHA-256 %s）", x.Name, x.Size, x.SHA256))
	}
}

// dossierChannels are the ways outside the inbox, as the file calls them.
var dossierChannels = map[ChannelName]string{ChannelWeChat: "微信订阅消息", ChannelService: "微信服务号消息", ChannelSMS: "手机短信"}

func (f DossierFacts) delivery(b *strings.Builder, id int64) bool {
	m, there := f.Deliveries[id]
	n := f.Notices[m.NoticeID]
	recordLine(b, "送达的通知", n.Title)
	recordLine(b, "通知编号", n.Number)
	recordLine(b, "受送达人", f.party(n.PartyID))
	recordLine(b, "方式", dossierChannels[m.Channel])
	recordLine(b, "结果", m.State.Chinese())
	recordLine(b, "通道受理时间", instantWords(m.AcceptedAt))
	recordLine(b, "到达手机时间", instantWords(m.DeliveredAt))
	recordLine(b, "通道的消息编号", m.MessageID)
	recordLine(b, "未到达的原因", m.DeliveryError)
	recordLine(b, "记录时间", instantWords(&m.UpdatedAt))
	return there
}

// FileName is what the item's file is called in the exported file, behind its number
// in the catalogue: 012 汇款回执 2026-03-02.txt.
func (i DossierItem) FileName(n int, end string) string {
	clean := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return -1
		}
		return r
	}, i.Title())
	return fmt.Sprintf("%03d %s %s%s", n, clean, DateOf(i.MadeAt), end)
}
