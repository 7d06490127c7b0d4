package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/deposit"
)

func (s *API) depositRoutes() []Route {
	onCase := []Reason{{model.NotFound, "case.not_found"}, {model.Conflict, "penalty.not_criminal"}}
	onDeposit := []Reason{{model.NotFound, "deposit.not_found"}, {model.Conflict, "deposit.changed"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/penalty", For: Phone | PhoneStaff, Act: model.ActDepositRead, Do: do(s.readPenalty), Reasons: onCase,
			Summary: "刑事案件：被告人本人的财产性判项、缴付情况和判决前的暂存款；工作人员看到全部被告人的",
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/deposits", For: Phone, Act: model.ActDepositMake, Status: http.StatusCreated, Do: do(s.makeDeposit),
			Summary: "被告人一方登记判决前自愿缴入法院账户的款项（先上传凭证和书面意愿）", Reasons: append(onCase,
				Reason{model.Conflict, "deposit.judged"},
				Reason{model.Invalid, "deposit.not_accused"},
				Reason{model.Invalid, "deposit.wish"},
				Reason{model.Invalid, "amount.positive"},
				Reason{model.Invalid, "date.future"},
				Reason{model.Invalid, "file.missing"},
				Reason{model.Invalid, "file.repeated"},
				Reason{model.Invalid, "file.unknown"},
			),
		},
		{
			Method: http.MethodGet, Path: "/my/relatives/:id/deposits", For: Phone, Act: model.ActDepositRead, Do: do(s.relativeDeposits),
			Summary: "已接入的被告人家属：本人在判决前缴纳的暂存款及其去向（不含案件的其他内容）", Reasons: []Reason{{model.NotFound, "relative.not_found"}},
		},
		{
			Method: http.MethodPost, Path: "/my/relatives/:id/deposits", For: Phone, Act: model.ActDepositMake, Status: http.StatusCreated, Do: do(s.makeRelativeDeposit),
			Summary: "已接入的被告人家属：登记本人在判决前自愿缴入法院账户的款项（先用 matter 中的 case_id 上传图片；退还时退给本人）", Reasons: []Reason{
				{model.NotFound, "relative.not_found"},
				{model.Conflict, "penalty.not_criminal"},
				{model.Conflict, "deposit.judged"},
				{model.Invalid, "deposit.wish"},
				{model.Invalid, "amount.positive"},
				{model.Invalid, "date.future"},
				{model.Invalid, "file.missing"},
				{model.Invalid, "file.repeated"},
				{model.Invalid, "file.unknown"},
			},
		},
		{
			Method: http.MethodPost, Path: "/deposits/:id/take-back", For: Phone, Act: model.ActDepositMake, Do: do(s.takeBackDeposit),
			Summary: "被告人一方：核实以前撤回登记；核实以后、判决生效以前要求退还", Reasons: append(onDeposit,
				Reason{model.Conflict, "deposit.judged"}, Reason{model.Conflict, "deposit.state"}, Reason{model.Conflict, "deposit.payer_only"}),
		},
		{
			Method: http.MethodPost, Path: "/deposits/:id/wishes", For: Phone, Act: model.ActDepositMake, Status: http.StatusCreated, Do: do(s.changeWish),
			Summary: "被告人一方：缴款人书面要求改变暂存款的用途（承办法官接受后才改变，原来的意愿保留）", Reasons: []Reason{
				{model.NotFound, "deposit.not_found"},
				{model.Conflict, "deposit.state"},
				{model.Conflict, "wish.open"},
				{model.Conflict, "deposit.payer_only"},
				{model.Invalid, "deposit.same_purpose"},
				{model.Invalid, "deposit.wish"},
				{model.Invalid, "file.unknown"},
			},
		},
		{
			Method: http.MethodPost, Path: "/deposits/:id/wishes/decide", For: PhoneStaff, Act: model.ActDepositDecide, Do: do(s.decideWish),
			Summary: "承办法官接受或者不接受改变暂存款用途的意愿", Reasons: append(slices.Clone(onDeposit),
				Reason{model.NotFound, "wish.not_found"}, Reason{model.Conflict, "wish.state"}, Reason{model.Invalid, "reason.required"}),
		},
		{
			Method: http.MethodPost, Path: "/deposits/:id/confirm", For: PhoneStaff, Act: model.ActDepositDecide, Do: do(s.confirmDeposit),
			Summary: "承办法官核实暂存款已经到账", Reasons: append(onDeposit, Reason{model.Conflict, "deposit.state"}, Reason{model.Invalid, "amount.positive"}),
		},
		{
			Method: http.MethodPost, Path: "/deposits/:id/return", For: PhoneStaff, Act: model.ActDepositDecide, Do: do(s.returnDeposit),
			Summary: "承办法官退回暂存款的登记", Reasons: append(onDeposit, Reason{model.Conflict, "deposit.state"}, Reason{model.Invalid, "reason.required"}),
		},
	}
}

type newDeposit struct {
	ID int64 `path:"id" json:"-"`
	withKey
	PartyID      int64      `json:"party_id,omitempty" description:"被告人；只代理一名被告人的可以不填"`
	Purpose      string     `json:"purpose" required:"true" enum:"restitution,fine" description:"restitution 退赔、赔偿损失；fine 拟缴罚金（法院不要求缴纳）"`
	AmountFen    int64      `json:"amount_fen" required:"true"`
	PaidOn       model.Date `json:"paid_on" required:"true"`
	PayerKind    string     `json:"payer_kind" required:"true" enum:"self,relative,company,other"`
	PayerName    string     `json:"payer_name" required:"true"`
	PayerAccount string     `json:"payer_account,omitempty" description:"退还时的收款账户"`
	Wish         string     `json:"wish,omitempty" description:"缴款人自愿缴纳的意愿，10 至 1000 字；上传书面意愿的可以不写"`
	WishFileID   int64      `json:"wish_file_id,omitempty" description:"签名的书面意愿的照片"`
	ProofFileID  int64      `json:"proof_file_id" required:"true" description:"缴款凭证"`
}

type relativeDeposit struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Purpose      string     `json:"purpose" required:"true" enum:"restitution,fine" description:"restitution 退赔、赔偿损失；fine 拟缴罚金（法院不要求缴纳）"`
	AmountFen    int64      `json:"amount_fen" required:"true"`
	PaidOn       model.Date `json:"paid_on" required:"true"`
	PayerAccount string     `json:"payer_account,omitempty" description:"退还时的收款账户"`
	Wish         string     `json:"wish,omitempty" description:"本人自愿缴纳的意愿，10 至 1000 字；上传书面意愿的可以不写"`
	WishFileID   int64      `json:"wish_file_id,omitempty" description:"签名的书面意愿的照片"`
	ProofFileID  int64      `json:"proof_file_id" required:"true" description:"缴款凭证"`
}

type relativeDeposits struct {
	Deposits []depositView `json:"deposits" required:"true" description:"本人缴纳的暂存款"`
}

type newWish struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Purpose    string `json:"purpose" required:"true" enum:"restitution,fine" description:"改为：restitution 退赔、赔偿损失；fine 拟缴罚金（法院不要求缴纳）"`
	Wish       string `json:"wish,omitempty" description:"缴款人改变用途的意愿，10 至 1000 字；上传书面意愿的可以不写"`
	WishFileID int64  `json:"wish_file_id,omitempty" description:"签名的书面意愿的照片"`
}

type wishDecision struct {
	depositVersion
	WishID int64  `json:"wish_id" required:"true" description:"改变用途的意愿"`
	Accept bool   `json:"accept" required:"true" description:"是否接受"`
	Reason string `json:"reason,omitempty" description:"不接受的理由，缴款一方会看到"`
}

type wishView struct {
	ID          int64     `json:"id" required:"true"`
	WasPurpose  string    `json:"was_purpose" required:"true" enum:"restitution,fine" description:"原来的用途"`
	Purpose     string    `json:"purpose" required:"true" enum:"restitution,fine" description:"要求改为的用途"`
	PurposeText string    `json:"purpose_text" required:"true" description:"要求改为的用途的中文名称"`
	State       string    `json:"state" required:"true" enum:"asked,accepted,declined"`
	StateText   string    `json:"state_text" required:"true"`
	Wish        string    `json:"wish" required:"true" description:"缴款人改变用途的意愿"`
	WishFileID  int64     `json:"wish_file_id" required:"true" description:"书面意愿，0 为没有"`
	Reason      string    `json:"reason" required:"true" description:"不接受的理由"`
	CreatedAt   time.Time `json:"created_at" required:"true"`
}

type depositQuery struct {
	ID int64 `path:"id" json:"-"`
}

type depositVersion struct {
	ID      int64 `path:"id" json:"-"`
	Version int64 `json:"version" required:"true"`
}

type depositAmount struct {
	depositVersion
	AmountFen int64 `json:"amount_fen" required:"true" description:"已到账的金额（分）"`
}

type depositReturn struct {
	depositVersion
	Reason string `json:"reason" required:"true" description:"退回原因，缴款一方会看到"`
}

type depositEntryView struct {
	Kind       string     `json:"kind" required:"true" enum:"confirm,correct,set_off,reopen,refund,purpose" description:"confirm 核实入账，correct 更正，set_off 抵充判项，reopen 抵充更正、转回暂存，refund 退还，purpose 改变用途（没有款项进出）"`
	KindText   string     `json:"kind_text" required:"true"`
	AmountFen  int64      `json:"amount_fen" required:"true" description:"分；转出暂存的为负"`
	HappenedOn model.Date `json:"happened_on" required:"true" description:"到账、抵充或者退还的日期"`
	Reason     string     `json:"reason" required:"true"`
	BankSerial string     `json:"bank_serial" required:"true" description:"退还的银行流水号"`
	FileID     int64      `json:"file_id" required:"true" description:"退还的银行回单，0 为没有"`
	Lodged     string     `json:"lodged,omitempty" description:"不能退还而提存的：提存于何处，怎样领取、至何日止"`
}

type depositView struct {
	ID           int64              `json:"id" required:"true"`
	PartyID      int64              `json:"party_id" required:"true"`
	Purpose      string             `json:"purpose" required:"true" enum:"restitution,fine"`
	PurposeText  string             `json:"purpose_text" required:"true" description:"用途的中文名称"`
	State        string             `json:"state" required:"true" enum:"submitted,returned,withdrawn,held,refunding,settled"`
	StateText    string             `json:"state_text" required:"true"`
	AmountFen    int64              `json:"amount_fen" required:"true"`
	HeldFen      int64              `json:"held_fen" required:"true" description:"现由法院暂存的金额（分），不是履行"`
	PaidOn       model.Date         `json:"paid_on" required:"true"`
	PayerKind    string             `json:"payer_kind" required:"true" enum:"self,relative,company,other"`
	PayerName    string             `json:"payer_name" required:"true"`
	PayerAccount string             `json:"payer_account" required:"true" description:"退还时的收款账户"`
	Wish         string             `json:"wish" required:"true" description:"缴款人的意愿"`
	WishFileID   int64              `json:"wish_file_id" required:"true" description:"书面意愿，0 为没有"`
	ProofFileID  int64              `json:"proof_file_id" required:"true" description:"缴款凭证"`
	CounselTold  *time.Time         `json:"counsel_told" required:"true" nullable:"true" description:"告知辩护人的时间，登记时没有绑定辩护人的为 null"`
	Reason       string             `json:"reason" required:"true" description:"退回登记的原因"`
	RefundFen    int64              `json:"refund_fen" required:"true" description:"待退还的金额（分）"`
	RefundText   string             `json:"refund_text" required:"true" description:"退还的情形，没有为空"`
	RefundDueOn  model.Date         `json:"refund_due_on,omitzero" description:"退还的期限"`
	Entries      []depositEntryView `json:"entries" required:"true" description:"暂存款的台账，先发生的在前，只增加不更改"`
	Wishes       []wishView         `json:"wishes" required:"true" description:"改变用途的意愿，先提出的在前；缴款时的意愿仍在 wish 中"`
	Version      int64              `json:"version" required:"true"`
	CreatedAt    time.Time          `json:"created_at" required:"true"`
}

type penaltyLineView struct {
	Category     string     `json:"category" required:"true" enum:",medical,restitution,civil,fine,confiscation"`
	CategoryName string     `json:"category_name" required:"true"`
	What         string     `json:"what" required:"true" description:"向谁给付，或者做什么"`
	Joint        bool       `json:"joint" required:"true" description:"连带债务，列全部金额"`
	Money        bool       `json:"money" required:"true" description:"是否金钱义务"`
	AdjudgedFen  int64      `json:"adjudged_fen" required:"true" description:"判处的金额（分）"`
	PrepaidFen   int64      `json:"prepaid_fen" required:"true" description:"判决前预缴（分）"`
	PaidFen      int64      `json:"paid_fen" required:"true" description:"判决后履行（分）"`
	RestFen      int64      `json:"rest_fen" required:"true" description:"未履行（分）"`
	PerformedOn  model.Date `json:"performed_on,omitzero" description:"履行完毕的日期，未完毕的没有"`
}

type penaltyView struct {
	PartyID   int64             `json:"party_id" required:"true"`
	PartyName string            `json:"party_name" required:"true"`
	Judged    bool              `json:"judged" required:"true" description:"判决已经生效；以前的款项登记为暂存款，以后的提交汇款回执"`
	Lines     []penaltyLineView `json:"lines" required:"true" description:"财产性判项，按法定的缴付顺序"`
	Deposits  []depositView     `json:"deposits" required:"true" description:"判决前的暂存款"`
}

type penaltyList struct {
	Penalties []penaltyView `json:"penalties" required:"true" description:"各被告人"`
}

func viewDeposit(l deposit.Line) depositView {
	d := l.Deposit
	return depositView{
		ID: d.ID, PartyID: d.PartyID, Purpose: string(d.Purpose), PurposeText: d.Purpose.Chinese(), State: string(d.State), StateText: d.State.Chinese(),
		AmountFen: int64(d.AmountFen), HeldFen: int64(d.HeldFen), PaidOn: d.PaidOn, PayerKind: string(d.PayerKind), PayerName: d.PayerName,
		PayerAccount: d.PayerAccount, Wish: d.Wish, WishFileID: d.WishFileID, ProofFileID: d.ProofFileID, CounselTold: d.CounselTold, Reason: d.Reason,
		RefundFen: int64(d.RefundFen), RefundText: d.RefundGround.Chinese(), RefundDueOn: d.RefundDueOn, Version: d.Version, CreatedAt: d.CreatedAt,
		Wishes: each(l.Wishes, func(w model.DepositWish) wishView {
			return wishView{
				ID: w.ID, WasPurpose: string(w.WasPurpose), Purpose: string(w.Purpose), PurposeText: w.Purpose.Chinese(), State: string(w.State), StateText: w.State.Chinese(),
				Wish: w.Wish, WishFileID: w.WishFileID, Reason: w.Reason, CreatedAt: w.CreatedAt,
			}
		}),
		Entries: each(l.Entries, func(e model.DepositEntry) depositEntryView {
			lodged := ""
			if e.Lodged != nil {
				lodged = e.Lodged.Words() + "。" + e.Lodged.Collecting()
			}
			return depositEntryView{
				Kind: string(e.Kind), KindText: e.Chinese(), AmountFen: int64(e.AmountFen), HappenedOn: e.HappenedOn, Reason: e.Reason, BankSerial: e.BankSerial,
				FileID: e.FileID, Lodged: lodged,
			}
		}),
	}
}

func (s *API) readPenalty(ctx context.Context, by model.Actor, in depositQuery) (penaltyList, error) {
	list, err := s.svc.Deposit.Penalties(ctx, by, in.ID)
	return penaltyList{each(list, func(p deposit.Penalty) penaltyView {
		return penaltyView{
			PartyID: p.Accused.ID, PartyName: p.Accused.Name, Judged: p.Judged,
			Lines: each(p.Lines, func(l model.PenaltyLine) penaltyLineView {
				return penaltyLineView{
					Category: string(l.Category), CategoryName: l.Category.Chinese(), What: l.What, Joint: l.Joint, Money: l.Money, AdjudgedFen: int64(l.AdjudgedFen),
					PrepaidFen: int64(l.PrepaidFen), PaidFen: int64(l.PaidFen), RestFen: int64(l.RestFen()), PerformedOn: l.PerformedOn,
				}
			}),
			Deposits: each(p.Deposits, viewDeposit),
		}
	})}, err
}

// showDeposit is a deposit as the act left it, with its ledger.
func (s *API) showDeposit(ctx context.Context, by model.Actor, d *model.Deposit, err error) (depositView, error) {
	if err != nil {
		return depositView{}, err
	}
	l, err := s.svc.Deposit.Line(ctx, by, d.ID)
	if err != nil {
		return depositView{}, err
	}
	return viewDeposit(*l), nil
}

func (s *API) changeWish(ctx context.Context, by model.Actor, in newWish) (depositView, error) {
	w, err := s.svc.Deposit.ChangeWish(ctx, by, model.DepositWish{DepositID: in.ID, Purpose: model.DepositPurpose(in.Purpose), Wish: in.Wish, WishFileID: in.WishFileID, IdemKey: in.Key})
	if err != nil {
		return depositView{}, err
	}
	return s.showDeposit(ctx, by, &model.Deposit{ID: w.DepositID}, nil)
}

func (s *API) decideWish(ctx context.Context, by model.Actor, in wishDecision) (depositView, error) {
	d, err := s.svc.Deposit.DecideWish(ctx, by, in.ID, in.Version, in.WishID, in.Accept, in.Reason)
	return s.showDeposit(ctx, by, d, err)
}

func (s *API) makeDeposit(ctx context.Context, by model.Actor, in newDeposit) (depositView, error) {
	d, err := s.svc.Deposit.Submit(ctx, by, model.Deposit{
		CaseID: in.ID, PartyID: in.PartyID, Purpose: model.DepositPurpose(in.Purpose), AmountFen: model.Fen(in.AmountFen), PaidOn: in.PaidOn,
		PayerKind: model.PayerKind(in.PayerKind), PayerName: in.PayerName, PayerAccount: in.PayerAccount, Wish: in.Wish, WishFileID: in.WishFileID,
		ProofFileID: in.ProofFileID, IdemKey: in.Key,
	})
	return s.showDeposit(ctx, by, d, err)
}

func (s *API) relativeDeposits(ctx context.Context, by model.Actor, in idPath) (relativeDeposits, error) {
	list, err := s.svc.Deposit.OfRelative(ctx, by, in.ID)
	return relativeDeposits{each(list, viewDeposit)}, err
}

func (s *API) makeRelativeDeposit(ctx context.Context, by model.Actor, in relativeDeposit) (depositView, error) {
	d, err := s.svc.Deposit.Submit(ctx, by, model.Deposit{
		RelativeID: in.ID, Purpose: model.DepositPurpose(in.Purpose), AmountFen: model.Fen(in.AmountFen), PaidOn: in.PaidOn, PayerAccount: in.PayerAccount,
		Wish: in.Wish, WishFileID: in.WishFileID, ProofFileID: in.ProofFileID, IdemKey: in.Key,
	})
	return s.showDeposit(ctx, by, d, err)
}

func (s *API) takeBackDeposit(ctx context.Context, by model.Actor, in depositVersion) (depositView, error) {
	d, err := s.svc.Deposit.TakeBack(ctx, by, in.ID, in.Version)
	return s.showDeposit(ctx, by, d, err)
}

func (s *API) confirmDeposit(ctx context.Context, by model.Actor, in depositAmount) (depositView, error) {
	d, err := s.svc.Deposit.Confirm(ctx, by, in.ID, in.Version, model.Fen(in.AmountFen))
	return s.showDeposit(ctx, by, d, err)
}

func (s *API) returnDeposit(ctx context.Context, by model.Actor, in depositReturn) (depositView, error) {
	d, err := s.svc.Deposit.Return(ctx, by, in.ID, in.Version, in.Reason)
	return s.showDeposit(ctx, by, d, err)
}
