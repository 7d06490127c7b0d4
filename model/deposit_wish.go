package model

import (
	"strings"
	"time"
	"unicode/utf8"
)

// WishState is how far a payer's new wish about his deposit has come.
type WishState string

// The states.
const (
	WishAsked    WishState = "asked"    // 待审查
	WishAccepted WishState = "accepted" // 已接受
	WishDeclined WishState = "declined" // 未接受
)

// Chinese is the state's name on screens.
func (s WishState) Chinese() string {
	return map[WishState]string{WishAsked: "待审查", WishAccepted: "已接受", WishDeclined: "未接受"}[s]
}

// DepositWish is a payer's new written wish about what money that the court holds
// is for (改变用途). The judge accepts it or does not; the wish with which the money
// was paid stays readable in the deposit. It is about all that is held.
type DepositWish struct {
	ID         int64
	CourtID    int64
	CaseID     int64
	DepositID  int64
	WasPurpose DepositPurpose
	Purpose    DepositPurpose
	Wish       string `gorm:"serializer:sealed"`
	WishFileID int64
	State      WishState
	UserID     int64 // who entered it
	DecidedBy  int64
	DecidedAt  *time.Time
	Reason     string // why it was not accepted
	IdemKey    string
	CreatedAt  time.Time
}

// TableName is the table of wishes.
func (DepositWish) TableName() string { return "deposit_wishes" }

// Check refuses a wish that says nothing new, or about money that the court does
// not hold freely.
func (w *DepositWish) Check(d Deposit) error {
	w.Wish = strings.TrimSpace(w.Wish)
	n := utf8.RuneCountInString(w.Wish)
	if d.State != DepositHeld {
		return d.wrongState()
	}
	var wrong Faults
	wrong.If(w.Purpose.Chinese() == "", "purpose", "deposit.purpose", "请选择款项用途：退赔、赔偿损失，或者拟缴罚金")
	wrong.If(w.Purpose == d.Purpose, "purpose", "deposit.same_purpose", "这笔暂存款的用途已经是"+d.Purpose.Chinese())
	wrong.If(w.WishFileID == 0 && n < 10 || n > 1000, "wish", "deposit.wish", "请写明自愿缴纳的意愿，10 至 1000 字；有签名的书面意愿的，上传照片或者扫描件后可以不写")
	if err := wrong.Err(); err != nil {
		return err
	}
	w.WasPurpose, w.State = d.Purpose, WishAsked
	return nil
}

// Decide accepts the wish, so that the deposit is for what it says, or does not.
func (w *DepositWish) Decide(d *Deposit, accept bool, reason string, by int64, now time.Time) error {
	to := WishAccepted
	if reason = strings.TrimSpace(reason); !accept {
		to = WishDeclined
	}
	switch {
	case !WishMachine.May(w.State, to):
		return E(Conflict, "wish.state", "这项改变用途的意愿"+w.State.Chinese()+"，请刷新后查看")
	case accept && d.State != DepositHeld:
		return d.wrongState()
	case !accept && (reason == "" || utf8.RuneCountInString(reason) > 500):
		return InvalidField("reason", "reason.required", "请填写不接受的理由，不超过 500 字，缴款一方会看到")
	}
	w.State, w.Reason, w.DecidedBy, w.DecidedAt = to, reason, by, &now
	if accept {
		d.Purpose = w.Purpose
	}
	return nil
}

// Entry is the line of the deposit's ledger when the wish was accepted: no money
// moves.
func (w DepositWish) Entry(on Date) DepositEntry {
	return DepositEntry{Kind: DepositEntryPurpose, HappenedOn: on, Reason: w.WasPurpose.Chinese() + "改为" + w.Purpose.Chinese(), ByUserID: w.DecidedBy}
}

// DepositWishFacts are what the paper of a payer's wish says (意愿书): what is on
// record of his deposit, for him to read and to sign by hand. What is sealed of it,
// his own words and his account, he writes himself.
type DepositWishFacts struct {
	Payer     string         `json:"payer"` // and what he is to the accused
	Purpose   DepositPurpose `json:"purpose"`
	AmountFen Fen            `json:"amount_fen"`
	PaidOn    Date           `json:"paid_on"`
}

func (w DepositWishFacts) variables(v map[string]any) {
	v["缴款人"], v["用途"], v["金额"], v["付款日期"] = w.Payer, w.Purpose.Chinese(), w.AmountFen.Yuan(), w.PaidOn.Chinese()
}

// WishFacts are the paper for the payer of a deposit to sign. It asks for nothing
// and promises nothing: no rule has a fine paid before the judgment. It refuses a
// deposit that is no more, and one of which a signed wish is kept.
func (d Deposit) WishFacts(court Court, cs Case, accused Party, judge string, today Date) (DocumentFacts, error) {
	switch {
	case d.State != DepositSubmitted && d.State != DepositHeld:
		return DocumentFacts{}, d.wrongState()
	case d.WishFileID != 0:
		return DocumentFacts{}, E(Conflict, "deposit.wish_kept", "这笔暂存款已有签名的书面意愿")
	}
	f := CaseFacts(DocumentDepositWish, court, cs, accused, judge, "", today)
	f.DepositWish = &DepositWishFacts{Payer: d.Payer(), Purpose: d.Purpose, AmountFen: d.AmountFen, PaidOn: d.PaidOn}
	return f, nil
}

// SignWish keeps the file of the wish that the payer signed. The first one stays.
func (d *Deposit) SignWish(fileID int64) error {
	switch {
	case d.State != DepositSubmitted && d.State != DepositHeld:
		return d.wrongState()
	case d.WishFileID != 0:
		return E(Conflict, "deposit.wish_kept", "这笔暂存款已有签名的书面意愿")
	case fileID == 0:
		return InvalidField("file", "deposit.wish", "请选择签名的书面意愿的照片或者扫描件")
	}
	d.WishFileID = fileID
	return nil
}
