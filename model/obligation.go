package model

import (
	"slices"
	"time"
)

// InstrumentKind is the kind of an effective legal instrument (生效法律文书).
type InstrumentKind string

// The kinds of instrument.
const (
	Judgment         InstrumentKind = "judgment"          // 判决书
	Mediation        InstrumentKind = "mediation"         // 调解书
	Ruling           InstrumentKind = "ruling"            // 裁定书
	WithdrawalRuling InstrumentKind = "withdrawal_ruling" // 撤诉裁定: a plaintiff withdrew after payment
	Decision         InstrumentKind = "decision"          // 决定书
	PaymentOrder     InstrumentKind = "payment_order"     // 支付令

	ConfirmationRuling InstrumentKind = "confirmation_ruling" // 司法确认裁定书: confirms an agreement that people's mediators brought about
	ArbitralAward      InstrumentKind = "arbitral_award"      // 仲裁裁决书
	NotarisedDebt      InstrumentKind = "notarised_debt"      // 公证债权文书
)

// Chinese is the kind's name on papers.
func (k InstrumentKind) Chinese() string {
	return map[InstrumentKind]string{
		Judgment: "判决书", Mediation: "调解书", Ruling: "裁定书", WithdrawalRuling: "准许撤诉裁定书", Decision: "决定书",
		PaymentOrder: "支付令", ConfirmationRuling: "司法确认裁定书", ArbitralAward: "仲裁裁决书", NotarisedDebt: "公证债权文书",
	}[k]
}

// InstrumentKinds lists them in the order of screens.
var InstrumentKinds = []InstrumentKind{
	Judgment, Mediation, Ruling, WithdrawalRuling, Decision, PaymentOrder, ConfirmationRuling, ArbitralAward, NotarisedDebt,
}

// Elsewhere tells whether another authority than a court made the instrument. No
// paper calls it this court's, and enforcement of it is not asked for where a
// court's own is.
// Source: 民事诉讼法 235 para. 2, 248, 249; 法释〔2018〕5号 2 for which court's awards are.
func (k InstrumentKind) Elsewhere() bool { return k == ArbitralAward || k == NotarisedDebt }

// ways are how a creditor gets enforcement of an instrument that no court made,
// and until when; "" where the rules of the duty say it. That a notarised debt's
// instalments count each by itself is 法释〔2018〕18号 9, whose text was not at hand
// when this was written; its articles 2 and 3 were.
func (k InstrumentKind) ways() (claims, until string) {
	const where = "对方逾期不履行的，您可以向被执行人住所地或者被执行的财产所在地有管辖权的人民法院申请强制执行"
	switch k {
	case ArbitralAward:
		return where + by(CiteOtherInstruments, CiteAwardEnforced) + "，需提交申请书、仲裁裁决书和身份证明，不预交执行申请费。", ""
	case NotarisedDebt:
		return where + by(CiteOtherInstruments, CiteNotarisedEnforced) + "，需提交申请书、公证债权文书、公证机构出具的执行证书" + by(CiteNotarisedProof) + "和身份证明，不预交执行申请费。",
			"申请执行的期间为二年，从公证债权文书确定的履行期间的最后一日起计算；分期履行的，从每次履行期间的最后一日起分别计算；您向公证机构申请出具执行证书的，自申请之日起中断" +
				by(CiteNotarisedPeriod) + "。"
	default:
		return "", ""
	}
}

// claims and until are what a paper says of it: by the instrument, or by the
// rules of the duties.
func (k InstrumentKind) claims(regimes []Regime) string {
	if s, _ := k.ways(); s != "" {
		return s
	}
	return told(regimes, func(r Rules) string { return r.Claims })
}

func (k InstrumentKind) until(regimes []Regime) string {
	if _, s := k.ways(); s != "" {
		return s
	}
	return told(regimes, func(r Rules) string { return r.Until })
}

// term is until when enforcement of a duty under the instrument can be applied
// for.
func (k InstrumentKind) term(r Rules) Term {
	if k == NotarisedDebt && r.Term == TermWhole {
		return TermSingly
	}
	return r.Term
}

// Valid tells whether the kind is known.
func (k InstrumentKind) Valid() bool { return k.Chinese() != "" }

// Instrument is an effective legal instrument of a case. It holds obligations.
type Instrument struct {
	ID          int64
	CourtID     int64
	CaseID      int64
	Ref         string // stable within the case
	Kind        InstrumentKind
	Number      string // as printed on it; often the case number
	MadeOn      Date   // the day of the judgment; zero when not known
	EffectiveOn Date   // zero while it has not taken effect
	Summary     string // what was adjudged, as printed on the certificate
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// ObligationKind is what is owed.
type ObligationKind string

// The kinds of obligation.
const (
	ObligationMoney    ObligationKind = "money"    // 金钱
	ObligationConduct  ObligationKind = "conduct"  // 行为
	ObligationDelivery ObligationKind = "delivery" // 交付
)

// Chinese is the name on screens.
func (k ObligationKind) Chinese() string {
	return map[ObligationKind]string{ObligationMoney: "金钱", ObligationConduct: "行为", ObligationDelivery: "交付"}[k]
}

// Obligation is one duty under an instrument (给付义务). Joint debtors (连带) are
// several obligors of one obligation; debtors by shares (按份) are filed as one
// obligation each, with the same ShareRef, so that each share is paid and
// certified by itself.
type Obligation struct {
	ID           int64
	CourtID      int64
	CaseID       int64
	InstrumentID int64
	Ref          string // stable within the case
	ShareRef     string // common to the shares of a several obligation, "" otherwise
	Kind         ObligationKind
	ObligeeID    int64 // the party owed; 0 when owed to the court's account (罚金 etc.)
	// JointIDs are those who are owed it together with ObligeeID since they took a
	// creditor's place; ask Obligees and OwedTo. Formers are whose place was taken.
	JointIDs    []int64  `gorm:"serializer:json"`
	Formers     []Former `gorm:"serializer:json"`
	ToCourt     bool
	AmountFen   Fen // 0 for conduct and delivery; after reductions
	ReducedFen  Fen // what an enforcement agreement took off (行政强制法 42)
	Category    Category
	Description string // what is to be done, for conduct and delivery
	// Interest is the ordinary interest that runs on it until it is paid, nil when
	// none does. A fixed sum of interest is an obligation of its own.
	Interest *InterestTerms `gorm:"serializer:json"`
	// Foreign is what the instrument fixes in another currency, nil for yuan. Then
	// AmountFen is what it is booked as, 0 while no rate is entered.
	Foreign *ForeignDebt `gorm:"column:foreign_debt;serializer:json"`
	// SecurityFen is the security that the creditor has for it, and Weight how heavy
	// it weighs on the debtor, 0 to 9: both for the order of payment (民法典 560).
	SecurityFen Fen
	Weight      int
	// Recurs is the rule of a duty that comes again and again, nil for others; its
	// instalments are made as they come, the next ones from ExtendOn on.
	Recurs   *DuesRule `gorm:"serializer:json"`
	ExtendOn Date
	// Replaces are the obligations of earlier instruments of the case whose place it
	// took, and ReplacedOn is the day from which a newer instrument's took its own, zero
	// while it is owed. See Debts.CheckReplacement.
	Replaces   []int64 `gorm:"serializer:json"`
	ReplacedOn Date
	// EnforcedOn is the day on which the first enforcement case for it was filed,
	// zero when none was. From that day on its performance is not voluntary.
	EnforcedOn Date
	Terms      // what the instrument says of its breach
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Obligor ties a debtor to an obligation; more than one means joint liability.
// One whose place others took is kept and not listed any more.
type Obligor struct {
	ObligationID int64 `gorm:"primaryKey;autoIncrement:false"`
	PartyID      int64 `gorm:"primaryKey;autoIncrement:false"`
	CaseID       int64
	// ReleasedOn is when the creditor forgave this one of several joint debtors, who
	// owes it no longer; zero while he does. It follows from the entries of the debt.
	ReleasedOn Date
	SinceID    int64 // the Succession by which he became one, 0 from the instrument
	EndedBy    int64 // the Succession by which he ceased to be one, 0 while he is
	Limited    bool  // see Successor
	LimitFen   Fen
}

// Owing are those who owe still.
func Owing(all []Obligor) []Obligor {
	return slices.DeleteFunc(slices.Clone(all), func(o Obligor) bool { return !o.ReleasedOn.IsZero() })
}

// Installment is one due part of an obligation (分期). An obligation without
// instalments has exactly one, so that allocation knows one shape only.
type Installment struct {
	ID           int64
	CourtID      int64
	CaseID       int64
	ObligationID int64
	Seq          int // from 1, in order of due day
	AmountFen    Fen // after reductions
	ReducedFen   Fen // its part of the obligation's reductions
	// GrantedFen is what the instrument grants where AmountFen is less, because it is
	// what was owed on a day: see Debts.OnDay.
	GrantedFen Fen  `gorm:"-"`
	DueOn      Date // after the holiday shift; zero when the instrument names no term
	// DueInDays is the term from the day after the instrument took effect when
	// the instrument names one; 0 when it names a day. A new calendar moves DueOn.
	DueInDays int
	// DueReason says in words how DueOn was computed, or why a day that the
	// instrument names is not moved; "" when there is nothing to say.
	DueReason string
	// AgreedDueOn is the instrument's day where its clause moved DueOn, else zero.
	AgreedDueOn Date
	// EnforcedOn is the day on which the first enforcement case for this part was
	// filed, zero when none was: until then it is voluntary.
	EnforcedOn Date
	// PlanID is the agreement that stands in front of it, PlanDueOn until when it is to
	// be paid by that, and PlanDueFen how much; they follow from the agreement and
	// the ledger. PlanDueOn stays of what was performed by it. See PlanAgreement.Front.
	PlanID     int64
	PlanDueOn  Date
	PlanDueFen Fen
	// ConfirmedFen is the sum of the allocations; a test proves it equal to a
	// recount of the entries.
	ConfirmedFen Fen
	// ForgivenFen is what stands as forgiven by the creditor: the sum of the entries
	// that say so (see DebtForgive), which a test proves.
	ForgivenFen Fen
	// DroppedOn is when a newer version of the case system no longer named it, zero
	// while it is part of the plan. The row stays; nothing was paid or forgiven of it.
	DroppedOn Date
	// PerformedOn is the day of the payment, or of the forgiveness, that completed it,
	// or the day the judge found the conduct done; zero while open.
	PerformedOn Date
	// LapsedOn is the end of dues after which this one would have fallen due, zero
	// while it is owed: it is kept and not listed.
	LapsedOn  Date
	UpdatedAt time.Time
}

// DueWithoutTerm is when money is due of which the instrument says no term: from
// the day on which it takes effect, so that it is overdue, and bears interest,
// from then. It is zero while the instrument has no effect.
// Source: 法释〔2014〕8号 2; for the period to apply 民事诉讼法 250 reads alike.
func DueWithoutTerm(effectiveOn Date) (Date, string) {
	if effectiveOn.IsZero() {
		return Date{}, ""
	}
	return effectiveOn, "法律文书未确定履行期间，自生效之日起即应履行"
}

// CheckDrop refuses that a newer version of the case system leaves an instalment out
// of which something is on record: it was paid or forgiven in part, is enforced, or
// an agreement of the parties stands in front of it.
func (i Installment) CheckDrop() error {
	switch {
	case i.ConfirmedFen != 0 || i.ForgivenFen != 0 || i.Done():
		return E(Invalid, "part.missing", "该期已有确认的履行或者免除，不能去掉；不再履行的部分请把金额并入其他期")
	case !i.EnforcedOn.IsZero():
		return E(Invalid, "part.missing", "该期已进入强制执行，不能去掉")
	case i.PlanID != 0:
		return E(Invalid, "plan.agreed", "该期正按各方达成的和解协议履行，不能以新版本去掉；请由承办法官记录新的协议，或者推送新的法律文书")
	}
	return nil
}

// OutstandingFen is what is still owed, in fen.
func (i Installment) OutstandingFen() Fen { return i.AmountFen - i.ConfirmedFen - i.ForgivenFen }

// Done tells whether the instalment is fully performed.
func (i Installment) Done() bool { return !i.PerformedOn.IsZero() }
