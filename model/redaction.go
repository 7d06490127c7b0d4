package model

import (
	"fmt"
	"time"
)

// A creditor may look at what he is asked about (民诉法 52: parties may inspect the
// file), and at nobody else's money. Where a payment is his alone he sees its picture.
// Where it is several creditors', or several cases', the picture shows what others are
// paid and the payer's account: then he sees facts (payer, day, his own amount) until
// the judge gives him a copy with the rest blacked out. The copy is a picture of its
// own; what was handed in is never touched.

// Rect is a part of a picture that is blacked out, in per cent of its sides.
type Rect struct {
	X, Y, W, H int
}

// MaxRects is the most parts of one picture that are blacked out.
const MaxRects = 30

// CheckRects refuses what blacks nothing out, or what lies outside of the picture.
func CheckRects(list []Rect) error {
	if len(list) > MaxRects { // they are not looked at one by one
		return InvalidField("rects", "redaction.rects", fmt.Sprintf("一张图片最多遮盖 %d 处", MaxRects))
	}
	var wrong Faults
	wrong.If(len(list) == 0, "rects", "redaction.rects", "请至少填写一处要遮盖的部分（左、上、宽、高，占图片的百分比）")
	for n, r := range list {
		wrong.If(r.X < 0 || r.Y < 0 || r.W < 1 || r.H < 1 || r.X+r.W > 100 || r.Y+r.H > 100, fmt.Sprintf("rects[%d]", n), "redaction.rects",
			fmt.Sprintf("第 %d 处遮盖超出了图片：左加宽、上加高都不能超过 100，宽和高至少为 1", n+1))
	}
	return wrong.Err()
}

// Redaction is a copy of a receipt's picture with parts blacked out, for one creditor.
type Redaction struct {
	ID        int64
	CourtID   int64
	CaseID    int64
	ReceiptID int64
	FileID    int64  // the picture as it was handed in
	CopyID    int64  // the copy, a file of its own
	PartyID   int64  // the creditor who may see it
	Rects     []Rect `gorm:"serializer:json"`
	ByUserID  int64
	IdemKey   string
	CreatedAt time.Time
}

// TableName names the table after what is blacked out.
func (Redaction) TableName() string { return "receipt_redactions" }

// SolePayee tells whether a receipt is about one creditor's money alone, so that its
// picture shows him nothing of others. lines are those of all who were asked.
func (r Receipt) SolePayee(lines []ObligeeResponse) bool {
	n := 0
	for _, l := range lines {
		if l.ReceiptID != r.ID {
			continue
		}
		if n++; l.OwnFen != nil && *l.OwnFen != r.ClaimedFen {
			return false
		}
	}
	return n == 1 && r.GroupID == 0
}

// RedactionNotice tells a creditor that he may look at a copy.
func RedactionNotice(r Receipt, x Redaction) Notice {
	n := receiptNotice(NoticeReceiptRedacted, r, fmt.Sprint(x.ID), "可以查阅付款凭证", fmt.Sprintf(
		"%s：%s提供了 %s 付款凭证的查阅件，与您无关的内容已经遮盖。看后可以确认收到，也可以更改您的答复。", r.CaseNo, actedAs(x.ByUserID, r.JudgeID), r.PaidOn.Chinese())).to(x.PartyID)
	delete(n.Card, "amount") // it is not his alone
	return n
}
