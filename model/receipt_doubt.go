package model

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// flagDoubts says of each flag whether a receipt that has it is confirmed only by
// somebody who says why. What is claimed above the debt has a question of its own
// (over_reason), which the amount asks.
var flagDoubts = map[FlagKind]bool{
	FlagSameBytes:       true,
	FlagSameSerial:      true,
	FlagSimilarPicture:  true,
	FlagBeforeEffective: true,
	FlagPayeeMismatch:   true,
	FlagPaidByOther:     true,
	FlagSameClaim:       true,
	FlagSamePayment:     true,
	FlagOpenClaims:      true,
	FlagOverClaim:       false,
}

// Doubtful tells whether a receipt with the flag is confirmed only with a reason.
// One that nobody has classified asks for it.
func (k FlagKind) Doubtful() bool {
	doubtful, known := flagDoubts[k]
	return doubtful || !known
}

// FlagKinds lists the flags.
func FlagKinds() []FlagKind { return slices.Sorted(maps.Keys(flagDoubts)) }

// Doubts are those of a receipt's flags for whose sake confirming it takes a reason.
func Doubts(flags []ReceiptFlag) (out []ReceiptFlag) {
	for _, f := range flags {
		if f.Kind.Doubtful() {
			out = append(out, f)
		}
	}
	return out
}

// MaxDoubtReason is how long the reason may be, in characters: it stands in the
// ledger and in the audit trail.
const MaxDoubtReason = 200

// CheckDoubt refuses to confirm a doubtful receipt without a reason, and returns the
// reason as it is kept: "" where nothing is to be explained.
func CheckDoubt(flags []ReceiptFlag, reason string) (string, error) {
	doubts := Doubts(flags)
	reason = strings.TrimSpace(reason)
	switch {
	case len(doubts) == 0:
		return "", nil
	case reason == "":
		var said []string
		for _, f := range doubts {
			said = append(said, f.Kind.Chinese())
		}
		return "", InvalidField("doubt_reason", "receipt.doubtful", "这份回执有提示："+strings.Join(unique(said), "；")+"。核实后仍要确认的，请填写理由")
	case utf8.RuneCountInString(reason) > MaxDoubtReason:
		return "", InvalidField("doubt_reason", "field.too_long", "仍要确认的理由不能超过 200 字")
	}
	return reason, nil
}

// unique leaves out what was said before.
func unique(list []string) (out []string) {
	seen := map[string]bool{}
	for _, s := range list {
		if !seen[s] {
			seen[s], out = true, append(out, s)
		}
	}
	return out
}

// doubtReasons are the usual reasons for confirming a receipt with a flag.
var doubtReasons = map[FlagKind][]string{
	FlagSameBytes:       {"同一笔款项同时履行几个案件，已核对各案的金额。", "此前提交的那一份未被确认，现由本件认定。"},
	FlagSameSerial:      {"流水号填写有误，已核对回单，不是同一笔付款。", "同一笔款项同时履行几个案件，已核对各案的金额。"},
	FlagSimilarPicture:  {"图片版式相同，已核对流水号、金额和日期，是另一笔付款。"},
	FlagBeforeEffective: {"文书生效以前支付，权利人认可计入本案履行。"},
	FlagPayeeMismatch:   {"收款人由权利人指定，已与权利人核实。", "收款人名称是权利人的简称或者曾用名，已核实。"},
	FlagPaidByOther:     {"付款人代义务人履行，已核实。"},
	FlagSameClaim:       {"此前只抵销了该债权的一部分，余额足够，已核对。"},
}

// DoubtReasons are the usual reasons for confirming a receipt with these flags, each
// once, and one that fits every flag.
func DoubtReasons(flags []ReceiptFlag) []string {
	var out []string
	for _, f := range Doubts(flags) {
		out = append(out, doubtReasons[f.Kind]...)
	}
	return unique(append(out, "已与权利人电话核实，款项确已收到。"))
}

// Earlier is the receipt to which a flag of another points, as the page shows it
// beside that one.
type Earlier struct {
	ReceiptID  int64
	Kinds      []FlagKind // by which flags
	CaseNo     string
	PaidOn     Date
	ClaimedFen Fen
	State      ReceiptState
	// Open says that the actor may see its case; of another he sees no more than
	// number, day and amount. Files are its pictures then.
	Open  bool
	Files []File
}

// EarlierOf are the receipts that flags point to, in their order, each once. seen
// are those receipts, open the cases that the actor may see, files the pictures of
// the receipts of these.
func EarlierOf(flags []ReceiptFlag, seen []Receipt, open map[int64]bool, files []File) (out []Earlier) {
	place := map[int64]int{}
	for _, f := range flags {
		if i, ok := place[f.OtherReceiptID]; ok {
			out[i].Kinds = append(out[i].Kinds, f.Kind)
			continue
		}
		for _, r := range seen {
			if r.ID != f.OtherReceiptID {
				continue
			}
			e := Earlier{ReceiptID: r.ID, Kinds: []FlagKind{f.Kind}, CaseNo: r.CaseNo, PaidOn: r.PaidOn, ClaimedFen: r.ClaimedFen, Open: open[r.CaseID]}
			if e.Open {
				e.State = r.State
				for _, file := range files {
					if file.ReceiptID == r.ID {
						e.Files = append(e.Files, file)
					}
				}
			}
			place[r.ID] = len(out)
			out = append(out, e)
		}
	}
	return out
}
