package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/performance"
	"microcourt/service/relative"
)

func (s *API) relativeRoutes() []Route {
	onLink := []Reason{{model.NotFound, "relative.not_found"}}
	deciding := slices.Concat(onLink, []Reason{{model.Conflict, "relative.changed"}, {model.Conflict, "relative.state"}, {model.Invalid, "reason.required"}})
	return []Route{
		{
			Method: http.MethodGet, Path: "/officers", For: Public, Act: model.ActPublic, Summary: "查找执行法官：按姓名、法院或者所在镇村（不含任何案件信息）",
			Limit: web.LimitVerify, Do: do(s.listOfficers),
		},
		{
			Method: http.MethodPost, Path: "/relatives", For: Phone, Act: model.ActRelativeAsk, Status: http.StatusCreated, Limit: web.LimitBind,
			Summary: "家属申请联系执行法官：凭联系码（通知书上的或被执行人邀请的），或者选择一位执行法官；所填案号和姓名不论对错，答复相同", Do: do(s.askRelative),
			Reasons: []Reason{
				{model.Invalid, "relation.unknown"},
				{model.Invalid, "text.too_long"},
				{model.Invalid, "phone.format"},
				{model.Invalid, "officer.unknown"},
				{model.Invalid, "relative_code.wrong"},
				{model.TooMany, "binding.blocked"},
				{model.TooMany, "relative.too_many"},
				{model.Conflict, "relative.blocked"},
			},
		},
		{
			Method: http.MethodGet, Path: "/my/relatives", For: Phone, Act: model.ActRelativeAsk, Summary: "我提出的联系申请及其结果", Do: do(s.ownRelatives),
		},
		{
			Method: http.MethodGet, Path: "/my/relatives/:id/matter", For: Phone, Act: model.ActRelativeAsk, Reasons: onLink, Do: do(s.readMatter),
			Summary: "已接入的家属：向谁付、付多少、何时付、缴款识别码，以及办理到哪一步（不含案件的其他内容）",
		},
		{
			Method: http.MethodPost, Path: "/my/relatives/:id/receipts", For: Phone, Act: model.ActReceiptSubmit, Status: http.StatusCreated,
			Timeout: 90 * time.Second, Summary: "代为履行：提交缴款凭证（先用 matter 中的 case_id 上传图片）", Do: do(s.payOnBehalf),
			Reasons: slices.Concat(onLink, []Reason{
				{model.Invalid, "amount.positive"},
				{model.Invalid, "amount.too_large"},
				{model.Invalid, "amount.nothing_owed"},
				{model.Invalid, "currency.other"},
				{model.Invalid, "amount.over_debt"},
				{model.Invalid, "date.future"},
				{model.Invalid, "proof.unknown"},
				{model.Invalid, "file.missing"},
				{model.Invalid, "file.too_many"},
				{model.Invalid, "file.repeated"},
				{model.Invalid, "file.damaged"},
				{model.Invalid, "file.unknown"},
				{model.Invalid, "file.attached"},
				{model.Invalid, "receipt.not_returned"},
				{model.Conflict, "receipt.replaced"},
				{model.Conflict, "receipt.before_judgment"},
				{model.Unavailable, "files.unavailable"},
			}),
		},
		s.groupBehalfRoute(), s.behalfSharesRoute(),
		{
			Method: http.MethodGet, Path: "/my/relatives/:id/receipts/:receipt", For: Phone, Act: model.ActReceiptSubmit, Do: do(s.readBehalf),
			Summary: "代为履行的家属：本人提交的一份凭证及其图片", Reasons: []Reason{{model.NotFound, "receipt.not_found"}},
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/relative-invitations", For: Phone, Act: model.ActRelativeInvite, Summary: "被执行人邀请一名家属：生成一次性联系码，7 天有效",
			Status: http.StatusCreated, Do: do(s.inviteRelative), Reasons: []Reason{
				{model.NotFound, "case.not_found"},
				{model.Invalid, "party.unknown"},
				{model.Conflict, "relative.no_enforcement"},
			},
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/invited-relatives", For: Phone, Act: model.ActRelativeInvite, Summary: "接受我邀请的家属",
			Do: do(s.invitedRelatives), Reasons: []Reason{{model.NotFound, "case.not_found"}},
		},
		{
			Method: http.MethodPost, Path: "/invited-relatives/:id/decide", For: Phone, Act: model.ActRelativeInvite, Summary: "同意、不同意或者结束我邀请的家属的联系",
			Do: do(s.decideInvited), Reasons: append(slices.Clone(deciding), Reason{model.Conflict, "relative.officer_only"}),
		},
		{
			Method: http.MethodGet, Path: "/relative-requests", For: PhoneStaff, Act: model.ActRelativeRead, Summary: "家属的联系申请：执行法官本人的，书记员和院领导全院的",
			Do: do(s.listRelatives),
		},
		{
			Method: http.MethodGet, Path: "/relative-requests/:id", For: PhoneStaff, Act: model.ActRelativeRead, Summary: "一项联系申请：申请人、可能的被执行人和经过（留痕）",
			Reasons: onLink, Do: do(s.readRelative),
		},
		{
			Method: http.MethodPost, Path: "/relative-requests/:id/decide", For: PhoneStaff, Act: model.ActRelativeDecide, Summary: "执行法官：同意、不同意、限制、结束联系或者解除限制（均告知家属）",
			Do:      do(s.decideRelative),
			Reasons: slices.Concat(deciding, []Reason{{model.Invalid, "relative.debtor"}, {model.Conflict, "relative.exists"}, {model.Conflict, "relative.own"}}),
		},
		{
			Method: http.MethodGet, Path: "/payment-references/:code", For: PhoneStaff, Act: model.ActReferenceRead, Summary: "按缴款识别码查找到账款项所属的执行案件（留痕）",
			Do: do(s.readReference), Reasons: []Reason{{model.Invalid, "reference.check"}, {model.NotFound, "reference.not_found"}},
		},
	}
}

type officerQuery struct {
	Text string `query:"q" json:"-" required:"true" description:"执行法官姓名、法院名称或者镇、村名称的开头"`
}

type officerView struct {
	ID    int64  `json:"id" required:"true"`
	Name  string `json:"name" required:"true"`
	Court string `json:"court" required:"true"`
	Phone string `json:"phone" required:"true" description:"法院电话"`
}

type officerList struct {
	Officers []officerView `json:"officers" required:"true"`
}

type newRelative struct {
	withKey
	Code       string `json:"code,omitempty" description:"联系码，或小程序码的 scene；没有的填写 officer_id"`
	OfficerID  int64  `json:"officer_id,omitempty" description:"没有联系码时，从 /officers 中选择"`
	Name       string `json:"name" required:"true" description:"申请人姓名"`
	Relation   string `json:"relation" required:"true" enum:"spouse,parent,child,sibling,near_kin,other"`
	Phone      string `json:"phone" required:"true"`
	DebtorName string `json:"debtor_name" required:"true" description:"被执行人姓名或名称"`
	CaseNo     string `json:"case_no,omitempty" description:"知道的可以填写"`
	Note       string `json:"note,omitempty"`
}

// relativeView says what became of somebody's request, and nothing of the case.
type relativeView struct {
	ID        int64     `json:"id" required:"true"`
	State     string    `json:"state" required:"true" enum:"asked,admitted,declined,blocked,revoked"`
	StateText string    `json:"state_text" required:"true"`
	Name      string    `json:"name" required:"true"`
	Relation  string    `json:"relation" required:"true"`
	Debtor    string    `json:"debtor_name" required:"true" description:"申请人所填的"`
	Reason    string    `json:"reason" required:"true" description:"不同意、限制或者结束的理由"`
	Version   int64     `json:"version" required:"true"`
	CreatedAt time.Time `json:"created_at" required:"true"`
}

type relativeList struct {
	Relatives []relativeView `json:"relatives" required:"true"`
}

type relativeStepView struct {
	Code string `json:"code" required:"true" enum:"paid,confirmed,performed,released"`
	Name string `json:"name" required:"true"`
	Done bool   `json:"done" required:"true"`
}

type matterView struct {
	ID             int64              `json:"id" required:"true"`
	CaseID         int64              `json:"case_id" required:"true" description:"上传图片时填写"`
	Court          string             `json:"court" required:"true"`
	CourtPhone     string             `json:"court_phone" required:"true"`
	Officer        string             `json:"officer" required:"true"`
	Debtor         string             `json:"debtor_name" required:"true" description:"申请人所填的"`
	Account        string             `json:"account" required:"true" description:"收款账户"`
	Reference      string             `json:"reference" required:"true" description:"缴款识别码，写在汇款附言中"`
	Pay            []payWayView       `json:"pay" required:"true" description:"付到哪个账户：每一项单独列出，供复制；没有应付款项的为空"`
	Warning        string             `json:"pay_warning" required:"true" description:"付款前的提示"`
	OpenFen        model.Fen          `json:"open_fen" required:"true" description:"尚未履行的金额"`
	InterestFen    model.Fen          `json:"interest_fen" required:"true" description:"截至今日的加倍部分债务利息，以法院核算为准"`
	PerDayFen      model.Fen          `json:"per_day_fen" required:"true" description:"此后每日增加"`
	OrdinaryFen    model.Fen          `json:"ordinary_fen" required:"true" description:"截至今日尚欠的一般债务利息，以法院核算为准"`
	OrdinaryPerDay model.Fen          `json:"ordinary_per_day_fen" required:"true" description:"每多一天增加的一般债务利息"`
	PayBy          model.Date         `json:"pay_by" required:"true"`
	ConversationID int64              `json:"conversation_id" required:"true"`
	Steps          []relativeStepView `json:"steps" required:"true"`
	Receipts       []behalfView       `json:"receipts" required:"true" description:"本人提交的凭证"`
}

type behalfReceipt struct {
	ID int64 `path:"id" json:"-"`
	withKey
	AmountFen    model.Fen  `json:"amount_fen" required:"true"`
	PaidOn       model.Date `json:"paid_on" required:"true"`
	PayeeName    string     `json:"payee_name,omitempty"`
	PayeeAccount string     `json:"payee_account,omitempty"`
	BankSerial   string     `json:"bank_serial,omitempty"`
	ProofKind    string     `json:"proof_kind" required:"true" enum:"bank_receipt,screenshot,counter_slip,cash_receipt,court_account"`
	Remark       string     `json:"remark,omitempty"`
	Files        []int64    `json:"file_ids" required:"true" description:"1–9 个已上传的文件"`
	Replaces     int64      `json:"replaces_id,omitempty" description:"替换本人被退回的凭证"`
}

// behalfView is a receipt as the relative who submitted it sees it.
type behalfView struct {
	ID           int64      `json:"id" required:"true"`
	State        string     `json:"state" required:"true" enum:"submitted,confirmed,returned,withdrawn,corrected"`
	StateText    string     `json:"state_text" required:"true"`
	AmountFen    model.Fen  `json:"amount_fen" required:"true"`
	ConfirmedFen model.Fen  `json:"confirmed_fen" required:"true"`
	PaidOn       model.Date `json:"paid_on" required:"true"`
	Payer        string     `json:"payer" required:"true"`
	ReturnReason string     `json:"return_reason" required:"true"`
	SubmittedAt  time.Time  `json:"submitted_at" required:"true"`
	Version      int64      `json:"version" required:"true"`
}

type behalfPath struct {
	ID        int64 `path:"id" json:"-"`
	ReceiptID int64 `path:"receipt" json:"-"`
}

// behalfDetail is it with its pictures.
type behalfDetail struct {
	behalfView
	ProofKind  string     `json:"proof_kind" required:"true" enum:"bank_receipt,screenshot,counter_slip,cash_receipt,court_account,conduct,no_proof,imported,set_off,lodged"`
	ProofName  string     `json:"proof_name" required:"true"`
	PayeeName  string     `json:"payee_name" required:"true"`
	BankSerial string     `json:"bank_serial" required:"true"`
	Remark     string     `json:"remark" required:"true"`
	Files      []fileView `json:"files" required:"true"`
}

type invitation struct {
	ID      int64 `path:"id" json:"-"`
	PartyID int64 `json:"party_id" required:"true" description:"本人（或所代理的被执行人）"`
}

type relativeCodeView struct {
	Code      string    `json:"code" required:"true" description:"只显示这一次"`
	Scene     string    `json:"scene" required:"true" description:"小程序码的 scene 参数"`
	ExpiresAt time.Time `json:"expires_at" required:"true"`
}

type invitedView struct {
	relativeView
	PartyID int64  `json:"party_id" required:"true"`
	Phone   string `json:"phone" required:"true" description:"隐去中间四位"`
}

type invitedList struct {
	Relatives []invitedView `json:"relatives" required:"true"`
}

type invitedDecision struct {
	ID      int64  `path:"id" json:"-"`
	State   string `json:"state" required:"true" enum:"admitted,declined,revoked,blocked"`
	Reason  string `json:"reason,omitempty" description:"同意以外必填，对方会看到"`
	Version int64  `json:"version" required:"true"`
}

type relativeQuery struct {
	pageQuery
	State         string `query:"state" json:"-" enum:",asked,admitted,declined,blocked,revoked"`
	EnforcementID int64  `query:"enforcement_case_id" json:"-"`
}

type requestView struct {
	relativeView
	Via               string `json:"via" required:"true" enum:"notice,invitation,search"`
	ViaText           string `json:"via_text" required:"true"`
	Phone             string `json:"phone" required:"true" description:"列表中隐去中间四位"`
	CaseNoGiven       string `json:"case_no_given" required:"true" description:"申请人所填的案号"`
	Note              string `json:"note" required:"true"`
	Officer           string `json:"officer" required:"true"`
	EnforcementCaseID int64  `json:"enforcement_case_id" required:"true" description:"尚未确定时为 0"`
	CaseNo            string `json:"case_no" required:"true"`
	PartyID           int64  `json:"party_id" required:"true"`
	DebtorIs          string `json:"debtor" required:"true" description:"实际的被执行人"`
	ConversationID    int64  `json:"conversation_id" required:"true"`
}

type requestList struct {
	Requests []requestView `json:"requests" required:"true"`
	Next     string        `json:"next" required:"true"`
}

type candidateView struct {
	EnforcementCaseID int64  `json:"enforcement_case_id" required:"true"`
	CaseNo            string `json:"case_no" required:"true"`
	PartyID           int64  `json:"party_id" required:"true"`
	Debtor            string `json:"debtor" required:"true"`
}

type relativeEntryView struct {
	State  string    `json:"state" required:"true"`
	By     string    `json:"by" required:"true"`
	Reason string    `json:"reason" required:"true"`
	At     time.Time `json:"at" required:"true"`
}

type requestDetail struct {
	requestView
	Candidates []candidateView     `json:"candidates" required:"true" description:"本人办理的执行案件中姓名相同的被执行人"`
	Entries    []relativeEntryView `json:"entries" required:"true"`
}

type relativeDecision struct {
	ID                int64  `path:"id" json:"-"`
	State             string `json:"state" required:"true" enum:"admitted,declined,blocked,revoked" description:"revoked：结束联系，或者解除限制"`
	Reason            string `json:"reason,omitempty" description:"同意以外必填，对方会看到"`
	EnforcementCaseID int64  `json:"enforcement_case_id,omitempty" description:"自行查找的家属：其要联系的被执行人所在的执行案件"`
	PartyID           int64  `json:"party_id,omitempty"`
	Version           int64  `json:"version" required:"true"`
}

type referencePath struct {
	Code string `path:"code" json:"-"`
}

type referenceView struct {
	Code              string     `json:"code" required:"true"`
	CaseID            int64      `json:"case_id" required:"true"`
	EnforcementCaseID int64      `json:"enforcement_case_id" required:"true"`
	CaseNo            string     `json:"case_no" required:"true"`
	PartyID           int64      `json:"party_id" required:"true"`
	Debtor            string     `json:"debtor" required:"true"`
	InstallmentID     int64      `json:"installment_id" required:"true" description:"识别码对应的期次，0 为该案全部款项"`
	DueOn             model.Date `json:"due_on,omitzero" description:"该期的履行期限"`
}

func viewRelative(r model.Relative) relativeView {
	return relativeView{
		ID: r.ID, State: string(r.State), StateText: r.State.Chinese(), Name: r.Name, Relation: r.Relation.Chinese(), Debtor: r.DebtorName, Reason: r.Reason,
		Version: r.Version, CreatedAt: r.CreatedAt,
	}
}

func viewRequest(l model.RelativeLine) requestView {
	return requestView{
		relativeView: viewRelative(l.Relative), Via: string(l.Via), ViaText: l.Via.Chinese(), Phone: model.MaskPhone(l.Phone), CaseNoGiven: l.CaseNo, Note: l.Note,
		Officer: l.Officer, EnforcementCaseID: l.EnforcementCaseID, CaseNo: l.Basis, PartyID: l.PartyID, DebtorIs: l.Debtor, ConversationID: l.Conversations,
	}
}

func viewBehalf(r model.Receipt) behalfView {
	return behalfView{
		ID: r.ID, State: string(r.State), StateText: r.State.Chinese(), AmountFen: r.ClaimedFen, ConfirmedFen: r.ConfirmedFen, PaidOn: r.PaidOn, Payer: r.Payer(),
		ReturnReason: r.ReturnReason, SubmittedAt: r.SubmittedAt, Version: r.Version,
	}
}

func viewRelativeCode(k model.FamilyCode) relativeCodeView {
	return relativeCodeView{Code: k.Code, Scene: k.Scene, ExpiresAt: k.ExpiresAt}
}

func viewMatter(m relative.Matter) matterView {
	return matterView{
		ID: m.Relative.ID, CaseID: m.Relative.CaseID, Court: m.Court.Name, CourtPhone: m.Court.Phone, Officer: m.Officer, Debtor: m.Relative.DebtorName, Account: m.Court.Account,
		Reference: m.Reference, OpenFen: m.OpenFen, InterestFen: m.InterestFen, PerDayFen: m.PerDayFen, OrdinaryFen: m.OrdinaryFen, OrdinaryPerDay: m.OrdinaryPerDay, PayBy: m.PayBy, ConversationID: m.ConversationID,
		Steps:    each(m.Steps, func(st model.RelativeStep) relativeStepView { return relativeStepView(st) }),
		Receipts: each(m.Receipts, viewBehalf),
	}
}

func viewCandidate(k model.DebtorCandidate) candidateView {
	return candidateView{EnforcementCaseID: k.EnforcementCaseID, CaseNo: k.CaseNo, PartyID: k.PartyID, Debtor: k.Debtor}
}

func viewRequestDetail(d relative.Detail) requestDetail {
	out := requestDetail{
		requestView: viewRequest(d.RelativeLine), Candidates: each(d.Candidates, viewCandidate),
		Entries: each(d.Entries, func(e model.RelativeEntry) relativeEntryView {
			return relativeEntryView{State: e.State.Chinese(), By: d.Names[e.ByUserID], Reason: e.Reason, At: e.CreatedAt}
		}),
	}
	out.Phone = d.Phone
	return out
}

func (s *API) listOfficers(ctx context.Context, _ model.Actor, in officerQuery) (officerList, error) {
	list, err := s.svc.Relative.Officers(ctx, in.Text)
	return officerList{Officers: each(list, func(o model.Officer) officerView {
		return officerView{ID: o.ID, Name: o.Name, Court: o.Court, Phone: o.Phone}
	})}, err
}

func (s *API) askRelative(ctx context.Context, by model.Actor, in newRelative) (relativeView, error) {
	r, err := s.svc.Relative.Ask(ctx, by, relative.Asking{Code: in.Code, Relative: model.Relative{
		OfficerID: in.OfficerID, Name: in.Name, Relation: model.Relation(in.Relation), Phone: in.Phone, DebtorName: in.DebtorName, CaseNo: in.CaseNo,
		Note: in.Note, IdemKey: in.Key,
	}})
	if err != nil {
		return relativeView{}, err
	}
	return viewRelative(*r), nil
}

func (s *API) ownRelatives(ctx context.Context, by model.Actor, _ nothing) (relativeList, error) {
	list, err := s.svc.Relative.Own(ctx, by)
	return relativeList{Relatives: each(list, func(l model.RelativeLine) relativeView { return viewRelative(l.Relative) })}, err
}

func (s *API) readMatter(ctx context.Context, by model.Actor, in idPath) (matterView, error) {
	m, err := s.svc.Relative.Matter(ctx, by, in.ID)
	if err != nil {
		return matterView{}, err
	}
	guides, err := s.svc.Payment.OfRelative(ctx, by, in.ID)
	if err != nil {
		return matterView{}, err
	}
	out := viewMatter(*m)
	out.Pay, out.Warning = []payWayView{}, model.PayWarning(m.Court)
	for _, g := range guides {
		out.Pay = append(out.Pay, viewPayWays(g)...)
	}
	return out, nil
}

func (s *API) payOnBehalf(ctx context.Context, by model.Actor, in behalfReceipt) (behalfView, error) {
	r, err := s.svc.Performance.Submit(ctx, by, performance.Claim{
		RelativeID: in.ID, AmountFen: in.AmountFen, PaidOn: in.PaidOn, PayeeName: in.PayeeName, PayeeAccount: in.PayeeAccount, BankSerial: in.BankSerial,
		ProofKind: model.ProofKind(in.ProofKind), Remark: in.Remark, Files: in.Files, ReplacesID: in.Replaces, IdemKey: in.Key,
	})
	if err != nil {
		return behalfView{}, err
	}
	return viewBehalf(*r), nil
}

func (s *API) readBehalf(ctx context.Context, by model.Actor, in behalfPath) (behalfDetail, error) {
	d, err := s.svc.Performance.OnBehalf(ctx, by, in.ID, in.ReceiptID)
	if err != nil {
		return behalfDetail{}, err
	}
	r := d.Receipt
	return behalfDetail{
		behalfView: viewBehalf(r), ProofKind: string(r.ProofKind), ProofName: r.ProofKind.Chinese(), PayeeName: r.PayeeName, BankSerial: r.BankSerial, Remark: r.Remark,
		Files: each(d.Files, viewFile),
	}, nil
}

func (s *API) inviteRelative(ctx context.Context, by model.Actor, in invitation) (relativeCodeView, error) {
	k, err := s.svc.Relative.Invite(ctx, by, in.ID, in.PartyID)
	if err != nil {
		return relativeCodeView{}, err
	}
	return viewRelativeCode(*k), nil
}

func (s *API) invitedRelatives(ctx context.Context, by model.Actor, in idPath) (invitedList, error) {
	list, err := s.svc.Relative.Invited(ctx, by, in.ID)
	return invitedList{Relatives: each(list, func(r model.Relative) invitedView {
		return invitedView{relativeView: viewRelative(r), PartyID: r.PartyID, Phone: model.MaskPhone(r.Phone)}
	})}, err
}

func (s *API) decideInvited(ctx context.Context, by model.Actor, in invitedDecision) (relativeView, error) {
	r, err := s.svc.Relative.DecideInvited(ctx, by, in.ID, relative.Decision{State: model.RelativeState(in.State), Reason: in.Reason, Version: in.Version})
	if err != nil {
		return relativeView{}, err
	}
	return viewRelative(*r), nil
}

func (s *API) listRelatives(ctx context.Context, by model.Actor, in relativeQuery) (requestList, error) {
	list, err := s.svc.Relative.Requests(ctx, by, model.RelativeState(in.State), in.EnforcementID, in.After.ID, in.more())
	return requestList{
		Requests: each(cut(in.pageQuery, list), viewRequest), Next: next(in.pageQuery, list, func(l model.RelativeLine) int64 { return l.ID }),
	}, err
}

func (s *API) readRelative(ctx context.Context, by model.Actor, in idPath) (requestDetail, error) {
	d, err := s.svc.Relative.Request(ctx, by, in.ID)
	if err != nil {
		return requestDetail{}, err
	}
	return viewRequestDetail(*d), nil
}

func (s *API) decideRelative(ctx context.Context, by model.Actor, in relativeDecision) (relativeView, error) {
	r, err := s.svc.Relative.Decide(ctx, by, in.ID, relative.Decision{
		State: model.RelativeState(in.State), Reason: in.Reason, EnforcementCaseID: in.EnforcementCaseID, PartyID: in.PartyID, Version: in.Version,
	})
	if err != nil {
		return relativeView{}, err
	}
	return viewRelative(*r), nil
}

func (s *API) readReference(ctx context.Context, by model.Actor, in referencePath) (referenceView, error) {
	f, err := s.svc.Relative.Reference(ctx, by, in.Code)
	if err != nil {
		return referenceView{}, err
	}
	return referenceView{
		Code: f.Code, CaseID: f.CaseID, EnforcementCaseID: f.EnforcementCaseID, CaseNo: f.CaseNo, PartyID: f.PartyID, Debtor: f.Debtor,
		InstallmentID: f.InstallmentID, DueOn: f.DueOn,
	}, nil
}
