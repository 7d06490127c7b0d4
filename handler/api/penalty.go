package api

import (
	"context"
	"net/http"
	"slices"

	"microcourt/model"
	"microcourt/service/penalty"
)

// penaltyRoutes are about criminal cases' items of property (财产性判项) and the
// authorities that ask for them.
func (s *API) penaltyRoutes() []Route {
	onCase := []Reason{{model.NotFound, "case.not_found"}}
	criminal := append([]Reason{{model.Conflict, "penalty.not_criminal"}}, onCase...)
	onPrisonLetter := []Reason{
		{model.NotFound, "prison_letter.not_found"},
		{model.Conflict, "prison_letter.answered"},
		{model.Conflict, "prison_letter.changed"},
	}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/penalty", Act: model.ActPenaltyRead, Summary: "财产性判项：类别、法定顺序、履行情况、罚金期限和公函",
			Reasons: criminal, Do: do(s.readPenalty),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/categories", Act: model.ActPenaltyManage, Summary: "注明一项义务的判项类别",
			Do: do(s.categorise), Reasons: slices.Concat(onCase, []Reason{
				{model.NotFound, "obligation.not_found"},
				{model.Invalid, "reason.required"},
				{model.Invalid, "category.unknown"},
				{model.Invalid, "category.to_court"},
				{model.Invalid, "category.to_party"},
				{model.Invalid, "category.money"},
				{model.Invalid, "category.reduced"},
				{model.Invalid, "surcharge.over_cap"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/penalty-statements", Act: model.ActPenaltyManage, Summary: "制作《财产性判项履行情况说明》",
			Status: http.StatusCreated, Do: do(s.makeStatement), Reasons: slices.Concat(criminal, []Reason{
				{model.NotFound, "party.not_found"},
				{model.Invalid, "party.not_obligor"},
				{model.Invalid, "prison_letter.unknown"},
				{model.Conflict, "receipt.import_pending"},
				{model.Invalid, "statement.closing"},
				{model.Invalid, "statement.closing_file"},
				{model.Invalid, "date.future"},
				{model.Invalid, "field.too_long"},
				{model.Invalid, "file.unknown"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/prison-letters", Act: model.ActPenaltyManage, Summary: "登记核实财产性判项的公函，开始计算答复期限",
			Status: http.StatusCreated, Do: do(s.registerPrisonLetter), Reasons: slices.Concat(criminal, []Reason{
				{model.NotFound, "party.not_found"},
				{model.Invalid, "party.not_obligor"},
				{model.Invalid, "prison_letter.asker"},
				{model.Invalid, "prison_letter.exists"},
				{model.Invalid, "date.future"},
				{model.Invalid, "field.too_long"},
			}),
		},
		{
			Method: http.MethodGet, Path: "/prison-letters", Act: model.ActPenaltyRead, Summary: "公函（期限早的在前）；法官只看本人承办的",
			Do: do(s.prisonLetters),
		},
		{
			Method: http.MethodGet, Path: "/prison-letters/:id", Act: model.ActPenaltyRead, Summary: "公函详情",
			Do: do(s.readPrisonLetter), Reasons: []Reason{{model.NotFound, "prison_letter.not_found"}},
		},
		{
			Method: http.MethodPost, Path: "/prison-letters/:id/answer", Act: model.ActPenaltyManage, Summary: "登记答复：所附的说明、送交方式和证明",
			Do: do(s.answerPrisonLetter), Reasons: slices.Concat(onPrisonLetter, []Reason{
				{model.Invalid, "statement.unknown"},
				{model.Invalid, "statement.old"},
				{model.Invalid, "prison_letter.method"},
				{model.Invalid, "prison_letter.sent_on"},
				{model.Invalid, "prison_letter.proof"},
				{model.Invalid, "file.unknown"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/prison-letters/:id/void", Act: model.ActPenaltyManage, Summary: "作废公函（来函机关撤回，或登记有误）",
			Do: do(s.voidPrisonLetter), Reasons: append(onPrisonLetter, Reason{model.Invalid, "reason.required"}),
		},
		{
			Method: http.MethodGet, Path: "/statistics/penalties", Act: model.ActPenaltyStatistics, Summary: "一段期间的刑事财产刑：全额履行的案件、金额和占判处的比例",
			Do:      do(s.penaltyFigures),
			Reasons: []Reason{{model.Invalid, "period.format"}},
		},
		{
			Method: http.MethodGet, Path: "/statistics/penalties/cases", Act: model.ActPenaltyStatistics, Summary: "刑事财产刑统计数字背后的案件",
			Do:      do(s.penaltyCases),
			Reasons: []Reason{{model.Invalid, "period.format"}},
		},
	}
}

type penaltyLineView struct {
	Category       string    `json:"category" required:"true"`
	CategoryName   string    `json:"category_name" required:"true"`
	What           string    `json:"what" required:"true"`
	Joint          bool      `json:"joint" required:"true" description:"连带"`
	AdjudgedFen    model.Fen `json:"adjudged_fen" required:"true"`
	PrepaidFen     model.Fen `json:"prepaid_fen" required:"true" description:"判决前预缴"`
	PaidFen        model.Fen `json:"paid_fen" required:"true" description:"判决后履行"`
	OutstandingFen model.Fen `json:"outstanding_fen" required:"true"`
	Share          string    `json:"share" required:"true" description:"到位率，分母为 0 时为 —"`
	Performed      bool      `json:"performed" required:"true"`
}

type penaltyPaymentView struct {
	PaidOn    model.Date `json:"paid_on" required:"true"`
	Category  string     `json:"category" required:"true"`
	AmountFen model.Fen  `json:"amount_fen" required:"true"`
	PayerKind string     `json:"payer_kind" required:"true" enum:"self,relative,company,other"`
	Payer     string     `json:"payer" required:"true"`
	Prepaid   bool       `json:"prepaid" required:"true"`
	CoDebtor  string     `json:"co_debtor,omitempty" description:"连带义务人的履行"`
}

type convictView struct {
	PartyID      int64                `json:"party_id" required:"true"`
	Name         string               `json:"name" required:"true"`
	Lines        []penaltyLineView    `json:"lines" required:"true" description:"按法定顺序"`
	Payments     []penaltyPaymentView `json:"payments" required:"true"`
	AdjudgedFen  model.Fen            `json:"adjudged_fen" required:"true"`
	ArrivedFen   model.Fen            `json:"arrived_fen" required:"true"`
	OwnFen       model.Fen            `json:"own_fen" required:"true" description:"视为本人履行的金额，含亲属代为履行"`
	RelativesFen model.Fen            `json:"relatives_fen" required:"true" description:"其中亲属代为履行"`
	Share        string               `json:"share" required:"true"`
	Performed    bool                 `json:"performed" required:"true"`
}

type fineTermView struct {
	ObligationID int64      `json:"obligation_id" required:"true"`
	DueOn        model.Date `json:"due_on" required:"true" description:"判决确定的最后缴纳日，未定的为空"`
	LimitOn      model.Date `json:"limit_on" required:"true" description:"可以确定的最晚日期"`
	Reason       string     `json:"reason" required:"true"`
	Citation     string     `json:"citation" required:"true"`
	Within       bool       `json:"within" required:"true"`
}

type penaltyView struct {
	CaseNo        string             `json:"case_no" required:"true"`
	Order         []string           `json:"order" required:"true" description:"法定顺序"`
	OrderCitation string             `json:"order_citation" required:"true"`
	Convicts      []convictView      `json:"convicts" required:"true"`
	FineTerms     []fineTermView     `json:"fine_terms" required:"true"`
	Unsaid        []int64            `json:"unsaid" required:"true" description:"尚未注明类别的金钱义务"`
	PrisonLetters []prisonLetterView `json:"prison_letters" required:"true"`
	Statements    []documentView     `json:"statements" required:"true"`
}

func (s *API) readPenalty(ctx context.Context, by model.Actor, in idPath) (penaltyView, error) {
	v, err := s.svc.Penalty.Case(ctx, by, in.ID)
	if err != nil {
		return penaltyView{}, err
	}
	return penaltyView{
		CaseNo: v.Case.CaseNo, OrderCitation: model.PaymentOrderCitation(),
		Order:    each(model.CriminalCategories(), func(c model.Category) string { return string(c) }),
		Convicts: each(v.Convicts, viewConvict),
		FineTerms: each(v.FineTerms, func(t penalty.FineTerm) fineTermView {
			return fineTermView{t.ObligationID, t.LastDueOn, t.Last, t.Reason, t.Citation, t.Within}
		}),
		Unsaid:        each(v.Unsaid, func(o model.Obligation) int64 { return o.ID }),
		PrisonLetters: each(v.PrisonLetters, func(q model.PrisonLetterLine) prisonLetterView { return viewPrisonLetterLine(q, v.Today) }),
		Statements:    each(v.Statements, viewDocument),
	}, nil
}

func viewConvict(k penalty.Convict) convictView {
	t := k.Totals()
	return convictView{
		PartyID: k.ID, Name: k.Name, AdjudgedFen: t.AdjudgedFen, ArrivedFen: t.ArrivedFen,
		OwnFen: k.OwnFen(), RelativesFen: k.ByPayer()[model.PayerRelative], Share: model.Percent(t.ArrivedFen, t.AdjudgedFen), Performed: k.Done(),
		Lines: each(k.Lines, func(l model.PenaltyLine) penaltyLineView {
			return penaltyLineView{
				Category: string(l.Category), CategoryName: l.Category.Chinese(), What: l.What, Joint: l.Joint, AdjudgedFen: l.AdjudgedFen, PrepaidFen: l.PrepaidFen,
				PaidFen: l.PaidFen, OutstandingFen: l.RestFen(), Share: model.Percent(l.ArrivedFen(), l.AdjudgedFen), Performed: !l.PerformedOn.IsZero(),
			}
		}),
		Payments: each(k.Payments, func(p model.PenaltyPayment) penaltyPaymentView {
			return penaltyPaymentView{
				PaidOn: p.PaidOn, Category: string(p.Category), AmountFen: p.AmountFen, PayerKind: string(p.PayerKind), Payer: p.PayerName, Prepaid: p.Prepaid,
				CoDebtor: p.CoDebtor,
			}
		}),
	}
}

type newCategory struct {
	ID           int64  `path:"id" json:"-"`
	ObligationID int64  `json:"obligation_id" required:"true"`
	Category     string `json:"category" required:"true" enum:"medical,restitution,civil,fine,confiscation,principal,surcharge"`
	Reason       string `json:"reason" required:"true" description:"依据，例如判决主文第几项"`
}

type categoryView struct {
	ObligationID int64  `json:"obligation_id" required:"true"`
	Category     string `json:"category" required:"true"`
	CategoryName string `json:"category_name" required:"true"`
}

func (s *API) categorise(ctx context.Context, by model.Actor, in newCategory) (categoryView, error) {
	ob, err := s.svc.Penalty.Categorise(ctx, by, in.ID, in.ObligationID, model.Category(in.Category), in.Reason)
	if err != nil {
		return categoryView{}, err
	}
	return categoryView{ob.ID, string(ob.Category), ob.Category.Chinese()}, nil
}

type newStatement struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID        int64      `json:"party_id" required:"true" description:"罪犯"`
	PrisonLetterID int64      `json:"prison_letter_id,omitempty" description:"所答复的公函"`
	To             string     `json:"to,omitempty" description:"收函机关，答复公函时默认为来函机关"`
	ClosingNo      string     `json:"closing_no,omitempty" description:"结案通知书编号，未结案的不填"`
	ClosedOn       model.Date `json:"closed_on,omitzero"`
	ClosingFileID  int64      `json:"closing_file_id,omitempty" description:"结案通知书，已结案的应当附"`
	Note           string     `json:"note,omitempty"`
}

func (s *API) makeStatement(ctx context.Context, by model.Actor, in newStatement) (documentView, error) {
	d, err := s.svc.Penalty.State(ctx, by, penalty.StatementRequest{
		CaseID: in.ID, PartyID: in.PartyID, PrisonLetterID: in.PrisonLetterID, To: in.To, ClosingNo: in.ClosingNo, ClosedOn: in.ClosedOn,
		ClosingFileID: in.ClosingFileID, Note: in.Note, Key: in.Key,
	})
	if err != nil {
		return documentView{}, err
	}
	return viewDocument(*d), nil
}
