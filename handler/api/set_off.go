package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/performance"
)

// setOffRoutes are how a debtor performs where no money reaches the creditor: what
// they make is a receipt like any other.
func (s *API) setOffRoutes() []Route {
	declared := append(claimReasons(), Reason{model.Invalid, "debt.creditor"})
	return []Route{
		{
			Method: http.MethodPost, Path: "/cases/:id/set-offs", For: Phone, Act: model.ActReceiptSubmit, Status: http.StatusCreated, Timeout: 90 * time.Second,
			Do: do(s.declareSetOff), Summary: "义务人声明以自己对权利人的到期债权抵销（生成一份回执，由权利人答复、承办法官确认）",
			Reasons: slices.Concat(declared, []Reason{
				{model.Invalid, "set_off.creditor"},
				{model.Invalid, "set_off.basis"},
				{model.Invalid, "set_off.claim"},
				{model.Invalid, "set_off.notice"},
				{model.Invalid, "set_off.due"},
				{model.Invalid, "set_off.condition"},
				{model.Invalid, "set_off.barred"},
			}),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/lodgements", For: Phone, Act: model.ActReceiptSubmit, Status: http.StatusCreated, Timeout: 90 * time.Second,
			Do: do(s.lodge), Summary: "义务人提交为无法受领的权利人提存款项的凭证（生成一份回执，由承办法官确认）",
			Reasons: slices.Concat(declared, []Reason{
				{model.Invalid, "amount.too_large"},
				{model.Invalid, "file.missing"},
				{model.Invalid, "lodgement.creditor"},
				{model.Invalid, "lodgement.ground"},
				{model.Invalid, "lodgement.paper"},
				{model.Invalid, "lodgement.day"},
				{model.Invalid, "lodgement.notice"},
			}),
		},
	}
}

type newSetOff struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID       int64      `json:"party_id,omitempty" description:"为哪名义务人声明；只代理一名时可不填"`
	CreditorID    int64      `json:"creditor_id" required:"true" description:"向哪一名权利人主张抵销"`
	AmountFen     model.Fen  `json:"amount_fen" required:"true" description:"抵销的金额（分）"`
	ClaimFen      model.Fen  `json:"claim_fen" required:"true" description:"用来抵销的债权尚未受偿的数额（分）"`
	Basis         string     `json:"basis" required:"true" enum:"instrument,acknowledged" description:"instrument 已经生效法律文书确定；acknowledged 权利人认可"`
	InstrumentNo  string     `json:"instrument_no,omitempty" description:"确定该债权的法律文书的文号；basis 为 instrument 时必填"`
	InstrumentOn  model.Date `json:"instrument_on,omitzero" description:"该文书的日期；basis 为 instrument 时必填"`
	Paper         string     `json:"paper,omitempty" description:"权利人认可该债权的书面材料；没有的，由权利人在手机上答复"`
	DueOn         model.Date `json:"due_on" required:"true" description:"该债权到期的日期"`
	NoticeOn      model.Date `json:"notice_on" required:"true" description:"抵销的通知到达权利人的日期，抵销自该日生效"`
	How           string     `json:"notice_by" required:"true" description:"通知到达的方式"`
	Unconditional bool       `json:"unconditional" required:"true" description:"声明抵销不附条件、不附期限"`
	Remark        string     `json:"remark,omitempty"`
	Files         []int64    `json:"file_ids,omitempty" description:"法律文书、通知、认可书等，至多 9 个已上传的文件"`
	Targets       []int64    `json:"installment_ids,omitempty" description:"所抵销的期次，可不填"`
	Replaces      int64      `json:"replaces_id,omitempty" description:"替换本人被退回的回执"`
}

type newLodgement struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID    int64      `json:"party_id,omitempty" description:"为哪名义务人提交；只代理一名时可不填"`
	CreditorID int64      `json:"creditor_id" required:"true" description:"为哪一名权利人提存"`
	AmountFen  model.Fen  `json:"amount_fen" required:"true" description:"提存的金额（分）"`
	Ground     string     `json:"ground" required:"true" enum:"refused,missing,undetermined,by_law"`
	Reason     string     `json:"reason" required:"true" description:"难以向权利人履行的事实"`
	With       string     `json:"with" required:"true" description:"提存部门：公证机构或者法院"`
	Number     string     `json:"number" required:"true" description:"提存证书、提存通知书的文号"`
	LodgedOn   model.Date `json:"lodged_on" required:"true" description:"款项交付提存部门的日期，提存自该日成立"`
	NoticeOn   model.Date `json:"notice_on,omitzero" description:"通知权利人一方的日期；无法通知的不填"`
	How        string     `json:"notice_by" required:"true" description:"通知的方式，或者无法通知的原因"`
	Remark     string     `json:"remark,omitempty"`
	Files      []int64    `json:"file_ids" required:"true" description:"提存证书等，1–9 个已上传的文件"`
	Targets    []int64    `json:"installment_ids,omitempty" description:"所履行的期次，可不填"`
	Replaces   int64      `json:"replaces_id,omitempty" description:"替换本人被退回的回执"`
}

type setOffView struct {
	CreditorID   int64      `json:"creditor_id" required:"true" description:"向哪一名权利人抵销"`
	Basis        string     `json:"basis" required:"true" enum:"instrument,acknowledged" description:"instrument 已经生效法律文书确定；acknowledged 权利人认可"`
	BasisName    string     `json:"basis_name" required:"true"`
	InstrumentNo string     `json:"instrument_no,omitempty" description:"确定该债权的法律文书的文号"`
	InstrumentOn model.Date `json:"instrument_on,omitzero" description:"该文书的日期"`
	Paper        string     `json:"paper,omitempty" description:"权利人认可该债权的书面材料"`
	ClaimFen     model.Fen  `json:"claim_fen" required:"true" description:"用来抵销的债权的数额（分）"`
	DueOn        model.Date `json:"due_on" required:"true" description:"该债权到期的日期"`
	NoticeOn     model.Date `json:"notice_on" required:"true" description:"抵销的通知到达权利人的日期，抵销自该日生效"`
	How          string     `json:"notice_by" required:"true" description:"通知到达的方式"`
}

type lodgementView struct {
	CreditorID int64      `json:"creditor_id" required:"true" description:"为哪一名权利人提存"`
	Ground     string     `json:"ground" required:"true" enum:"refused,missing,undetermined,by_law"`
	GroundName string     `json:"ground_name" required:"true"`
	Reason     string     `json:"reason" required:"true" description:"难以向权利人履行的事实"`
	With       string     `json:"with" required:"true" description:"提存部门"`
	Number     string     `json:"number" required:"true" description:"提存证书、提存通知书的文号"`
	NoticeOn   model.Date `json:"notice_on,omitzero" description:"通知权利人一方的日期"`
	How        string     `json:"notice_by" required:"true" description:"通知的方式，或者无法通知的原因"`
	CollectBy  model.Date `json:"collect_by" required:"true" description:"权利人领取提存物的最后一日，提存之日起五年"`
}

func viewSetOff(s *model.SetOff) *setOffView {
	if s == nil {
		return nil
	}
	return &setOffView{
		CreditorID: s.CreditorID, Basis: string(s.Basis), BasisName: s.Basis.Chinese(), InstrumentNo: s.InstrumentNo, InstrumentOn: s.InstrumentOn, Paper: s.Paper,
		ClaimFen: s.ClaimFen, DueOn: s.DueOn, NoticeOn: s.NoticeOn, How: s.How,
	}
}

func viewLodgement(l *model.Lodgement) *lodgementView {
	if l == nil {
		return nil
	}
	return &lodgementView{
		CreditorID: l.CreditorID, Ground: string(l.Ground), GroundName: l.Ground.Chinese(), Reason: l.Reason, With: l.With, Number: l.Number,
		NoticeOn: l.NoticeOn, How: l.How, CollectBy: l.CollectBy(),
	}
}

func (s *API) declareSetOff(ctx context.Context, by model.Actor, in newSetOff) (receiptView, error) {
	r, err := s.svc.Performance.DeclareSetOff(ctx, by, performance.Claim{
		CaseID: in.ID, PartyID: in.PartyID, AmountFen: in.AmountFen, Remark: in.Remark, Files: in.Files, Targets: in.Targets, ReplacesID: in.Replaces, IdemKey: in.Key,
		SetOff: &model.SetOff{
			CreditorID: in.CreditorID, Basis: model.SetOffBasis(in.Basis), InstrumentNo: in.InstrumentNo, InstrumentOn: in.InstrumentOn, Paper: in.Paper,
			ClaimFen: in.ClaimFen, DueOn: in.DueOn, NoticeOn: in.NoticeOn, How: in.How, Unconditional: in.Unconditional,
		},
	})
	if err != nil {
		return receiptView{}, err
	}
	return s.receiptOf(ctx, by, idPath{r.ID})
}

func (s *API) lodge(ctx context.Context, by model.Actor, in newLodgement) (receiptView, error) {
	r, err := s.svc.Performance.Lodge(ctx, by, performance.Claim{
		CaseID: in.ID, PartyID: in.PartyID, AmountFen: in.AmountFen, Remark: in.Remark, Files: in.Files, Targets: in.Targets, ReplacesID: in.Replaces, IdemKey: in.Key,
		Lodged: &model.Lodgement{
			CreditorID: in.CreditorID, Ground: model.LodgementGround(in.Ground), Reason: in.Reason, With: in.With, Number: in.Number,
			LodgedOn: in.LodgedOn, NoticeOn: in.NoticeOn, How: in.How,
		},
	})
	if err != nil {
		return receiptView{}, err
	}
	return s.receiptOf(ctx, by, idPath{r.ID})
}
