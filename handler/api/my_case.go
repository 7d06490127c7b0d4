package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"microcourt/model"
	"microcourt/service/mycase"
	"microcourt/service/payment"
)

func (s *API) myCaseRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/my/cases", For: Phone, Act: model.ActCaseRead, Summary: "我的案件（新的在前）：对方、身份、金额、尚未履行、下一步",
			Do: do(s.myCases),
		},
		{
			Method: http.MethodGet, Path: "/my/cases/:id", For: Phone, Act: model.ActCaseRead, Summary: "一个案件的整页内容：一次请求取齐，不必再逐项请求",
			Reasons: []Reason{{model.NotFound, "case.not_found"}}, Do: do(s.myCase),
		},
	}
}

// nextStepView is what somebody has to do next, and where.
type nextStepView struct {
	Code string     `json:"code" required:"true" enum:"answer,replace,pay,perform,wait_court,apply,wait_paper,certificate,enter_account,wait_debtor,done,wait_judgement" description:"下一步的代码"`
	Name string     `json:"name" required:"true" description:"下一步的名称，可作按钮文字"`
	Text string     `json:"text" required:"true" description:"下一步的说明"`
	By   model.Date `json:"by_date" required:"true" description:"期限，没有的为空"`
	Page string     `json:"page" required:"true" description:"小程序页面"`
	Path string     `json:"path,omitempty" description:"办理这一步的接口地址；只需等待的没有"`
}

func viewNextStep(n model.NextStep, caseID int64) nextStepView {
	v := nextStepView{Code: string(n.Code), Name: n.Code.Chinese(), Text: n.Text, By: n.By, Page: n.Page}
	switch n.Code {
	case model.StepAnswer, model.StepReplace:
		v.Path = fmt.Sprintf("/api/v1/receipts/%d", n.Thing.ID)
	case model.StepPay:
		v.Path = fmt.Sprintf("/api/v1/cases/%d/how-to-pay", caseID)
	case model.StepPerform:
		v.Path = fmt.Sprintf("/api/v1/cases/%d/receipts", caseID)
	case model.StepApply:
		v.Path = fmt.Sprintf("/api/v1/cases/%d/certificate-applications", caseID)
	case model.StepCertificate:
		v.Path = fmt.Sprintf("/api/v1/certificates/%d", n.Thing.ID)
	case model.StepEnterAccount:
		v.Path = fmt.Sprintf("/api/v1/cases/%d/payment-accounts", caseID)
	case model.StepWaitCourt, model.StepWaitPaper, model.StepWaitDebtor, model.StepDone, model.StepWaitJudgement:
	}
	return v
}

type myCaseLine struct {
	ID              int64        `json:"id" required:"true"`
	CaseNo          string       `json:"case_no" required:"true"`
	Court           string       `json:"court" required:"true"`
	CourtPhone      string       `json:"court_phone" required:"true" description:"法院电话"`
	Kind            string       `json:"kind" required:"true" enum:"civil,criminal,administrative"`
	Cause           string       `json:"cause" required:"true"`
	Own             []string     `json:"own" required:"true" description:"本人或者所代理的当事人"`
	RoleNames       []string     `json:"role_names" required:"true" description:"本人或者所代理的当事人的身份"`
	Opponents       []string     `json:"opponents" required:"true" description:"对方当事人"`
	AmountFen       model.Fen    `json:"amount_fen" required:"true" description:"与本人有关的应履行总额"`
	OpenFen         model.Fen    `json:"open_fen" required:"true" description:"其中尚未履行的金额，不含利息"`
	InterestFen     model.Fen    `json:"interest_fen" required:"true" description:"截至今日尚欠的加倍部分债务利息；其他款项付清而此项未付的，案件为部分履行"`
	NextDueOn       model.Date   `json:"next_due_on" required:"true"`
	Overdue         bool         `json:"overdue" required:"true"`
	InEnforcement   bool         `json:"in_enforcement" required:"true" description:"已进入强制执行"`
	Performance     string       `json:"performance" required:"true" enum:",pending,partial,fulfilled,none"`
	PerformanceName string       `json:"performance_name" required:"true"`
	NextStep        nextStepView `json:"next_step" required:"true" description:"下一步"`
}

type myCaseList struct {
	Cases []myCaseLine `json:"cases" required:"true"`
	Next  string       `json:"next" required:"true"`
}

func viewMyCase(l mycase.Line) myCaseLine {
	cs := l.Debts.Case
	v := myCaseLine{
		ID: cs.ID, CaseNo: cs.CaseNo, Court: l.Court.Name, CourtPhone: l.Court.Phone, Kind: string(cs.Kind), Cause: cs.Cause,
		RoleNames: each(l.Roles, model.PartyRole.Chinese), Opponents: l.Opponents(), InEnforcement: !cs.EnforcementFiledOn.IsZero(),
		Performance: string(cs.Performance), PerformanceName: cs.Performance.Chinese(), NextStep: viewNextStep(l.Next(), cs.ID),
		Own: each(l.Own, func(id int64) string { return l.Debts.Party(id).Name }),
	}
	v.AmountFen, v.OpenFen, v.NextDueOn = l.OwnSums()
	v.InterestFen = l.InterestFen()
	v.Overdue = !v.NextDueOn.IsZero() && v.NextDueOn.Before(l.Today)
	if v.Opponents == nil {
		v.Opponents = []string{}
	}
	return v
}

func (s *API) myCases(ctx context.Context, by model.Actor, in pageQuery) (myCaseList, error) {
	list, err := s.svc.MyCase.Cases(ctx, by, in.After.ID, in.more())
	return myCaseList{
		Cases: each(cut(in, list), viewMyCase), Next: next(in, list, func(l mycase.Line) int64 { return l.Debts.Case.ID }),
	}, err
}

// contactsView is whom to ask.
type contactsView struct {
	Judge        string   `json:"judge" required:"true"`
	Officers     []string `json:"officers" required:"true" description:"执行法官，没有进入执行的为空"`
	Court        string   `json:"court" required:"true"`
	CourtPhone   string   `json:"court_phone" required:"true" description:"法院电话"`
	CourtAddress string   `json:"court_address" required:"true" description:"法院地址"`
}

type myCasePage struct {
	Line         myCaseLine        `json:"line" required:"true" description:"案件列表中的一行，包括下一步"`
	Case         caseView          `json:"case" required:"true" description:"案件、当事人、法律文书和各项义务"`
	Ledger       ledgerView        `json:"ledger" required:"true" description:"应付、已付、尚欠和利息"`
	Pay          howToPayView      `json:"pay" required:"true" description:"怎样付款"`
	Accounts     []accountView     `json:"accounts" required:"true" description:"权利人本人登记的收款账户"`
	Receipts     []receiptView     `json:"receipts" required:"true"`
	Notices      []noticeView      `json:"notices" required:"true" description:"本案的通知，新的在前，最多 20 条"`
	Documents    []documentView    `json:"documents" required:"true" description:"本案发给本人的文书，新的在前，最多 50 份"`
	Messages     []messageView     `json:"messages" required:"true" description:"与法院的对话，新的在前，最多 20 条"`
	Certificates []certificateView `json:"certificates" required:"true" description:"已出具的证明书"`
	Eligibility  []eligibilityView `json:"eligibility" required:"true" description:"能否出具证明书：逐项核对"`
	Contacts     contactsView      `json:"contacts" required:"true" description:"联系谁"`
}

// The lengths of the parts of a case's page.
const (
	pageNotices   = 20
	pageDocuments = 50
	pageMessages  = 20
)

// myCase gathers a case's page: each part from the area whose it is, in a fixed
// number of queries, however much there is.
func (s *API) myCase(ctx context.Context, by model.Actor, in idPath) (out myCasePage, err error) {
	line, err := s.svc.MyCase.Case(ctx, by, in.ID)
	if err != nil {
		return out, err
	}
	out.Line = viewMyCase(*line)
	d, err := s.svc.Filing.Case(ctx, by, in.ID, false)
	if err != nil {
		return out, err
	}
	out.Case = viewCase(d, false)
	out.Contacts = contactsView{
		Judge: d.Judge.Name, Officers: []string{}, Court: line.Court.Name, CourtPhone: line.Court.Phone, CourtAddress: line.Court.Address,
	}
	for _, e := range d.Enforcement {
		if name := d.Officers[e.OfficerID]; e.State == model.EnforcementOpen && name != "" && !slices.Contains(out.Contacts.Officers, name) {
			out.Contacts.Officers = append(out.Contacts.Officers, name)
		}
	}
	for _, part := range []func() error{
		func() error {
			l, err := s.svc.Performance.Ledger(ctx, by, in.ID)
			if err == nil {
				out.Ledger = viewLedger(l)
			}
			return err
		},
		func() error {
			guides, err := s.svc.Payment.HowToPay(ctx, by, in.ID)
			out.Pay = viewHowToPay(line.Court, line.Today, guides)
			return err
		},
		func() error {
			list, err := s.svc.Payment.Accounts(ctx, by, in.ID)
			out.Accounts = each(list, func(a payment.Account) accountView { return viewAccount(a.PaymentAccount) })
			return err
		},
		func() error { l, err := s.caseReceipts(ctx, by, in); out.Receipts = l.Receipts; return err },
		func() error {
			list, _, err := s.svc.Notice.Inbox(ctx, by, in.ID, 0, pageNotices)
			out.Notices = each(list, viewNotice)
			return err
		},
		func() error {
			list, err := s.svc.Paper.Documents(ctx, by, in.ID, 0, pageDocuments)
			out.Documents = each(list, viewDocument)
			return err
		},
		func() error {
			page, err := s.svc.Conversation.Messages(ctx, by, in.ID, 0, 0, pageMessages)
			if err == nil {
				out.Messages = s.shownMessages(by, pageQuery{Limit: pageMessages}, *page).Messages
			}
			return err
		},
		func() error {
			list, err := s.svc.Certificate.Certificates(ctx, by, in.ID, 0, 50)
			out.Certificates = each(list, viewCertificate)
			return err
		},
		func() error { l, err := s.checkEligibility(ctx, by, in); out.Eligibility = l.Items; return err },
	} {
		if err := part(); err != nil {
			return myCasePage{}, err
		}
	}
	return out, nil
}
