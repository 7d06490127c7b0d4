package api

import (
	"context"

	"microcourt/model"
	"microcourt/service/penalty"
)

type prisonLetterView struct {
	ID          int64      `json:"id" required:"true"`
	CaseID      int64      `json:"case_id" required:"true"`
	CaseNo      string     `json:"case_no,omitempty"`
	PartyID     int64      `json:"party_id" required:"true"`
	Convict     string     `json:"convict,omitempty"`
	AskerKind   string     `json:"asker_kind" required:"true"`
	Asker       string     `json:"asker" required:"true"`
	DocumentNo  string     `json:"document_no" required:"true"`
	ReceivedOn  model.Date `json:"received_on" required:"true"`
	Note        string     `json:"note" required:"true"`
	DueOn       model.Date `json:"due_on" required:"true"`
	DueReason   string     `json:"due_reason" required:"true" description:"期限怎样计算，依据什么规定"`
	DaysLeft    int        `json:"days_left" required:"true" description:"离期限还有几天，负数为已超期"`
	Late        bool       `json:"late" required:"true"`
	State       string     `json:"state" required:"true" enum:"open,answered,void"`
	StateName   string     `json:"state_name" required:"true"`
	DocumentID  int64      `json:"document_id" required:"true" description:"所附的说明，未答复时为 0"`
	SentOn      model.Date `json:"sent_on" required:"true"`
	Method      string     `json:"method" required:"true"`
	Proof       string     `json:"proof" required:"true"`
	ProofFileID int64      `json:"proof_file_id" required:"true"`
	VoidReason  string     `json:"void_reason" required:"true"`
	Version     int64      `json:"version" required:"true"`
}

func viewPrisonLetter(q model.PrisonLetter, today model.Date) prisonLetterView {
	return prisonLetterView{
		ID: q.ID, CaseID: q.CaseID, PartyID: q.PartyID, AskerKind: string(q.AskerKind), Asker: q.Asker, DocumentNo: q.DocumentNo, ReceivedOn: q.ReceivedOn,
		Note: q.Note, DueOn: q.DueOn, DueReason: q.DueReason, DaysLeft: q.DaysLeft(today), Late: q.Late(today) || q.LateAnswer(), State: string(q.State),
		StateName: q.State.Chinese(), DocumentID: q.StatementID, SentOn: q.SentOn, Method: string(q.Method), Proof: q.Proof, ProofFileID: q.ProofFileID,
		VoidReason: q.VoidReason, Version: q.Version,
	}
}

func viewPrisonLetterLine(l model.PrisonLetterLine, today model.Date) prisonLetterView {
	v := viewPrisonLetter(l.PrisonLetter, today)
	v.CaseNo, v.Convict = l.CaseNo, l.Convict
	return v
}

func (s *API) today() model.Date { return model.DateOf(s.cfg.Now()) }

// prisonLetterAfter is a letter as it is after an act, unless err says why the act was
// not done.
func (s *API) prisonLetterAfter(q *model.PrisonLetter, err error) (prisonLetterView, error) {
	if err != nil {
		return prisonLetterView{}, err
	}
	return viewPrisonLetter(*q, s.today()), nil
}

type newPrisonLetter struct {
	ID         int64      `path:"id" json:"-"`
	PartyID    int64      `json:"party_id" required:"true" description:"罪犯"`
	AskerKind  string     `json:"asker_kind" required:"true" enum:"prison,detention,correction,procuratorate,police,judicial_bureau,court"`
	Asker      string     `json:"asker" required:"true"`
	DocumentNo string     `json:"document_no" required:"true" description:"来函文号；同一来函、同一罪犯只登记一次"`
	ReceivedOn model.Date `json:"received_on" required:"true"`
	Note       string     `json:"note,omitempty"`
}

func (s *API) registerPrisonLetter(ctx context.Context, by model.Actor, in newPrisonLetter) (prisonLetterView, error) {
	return s.prisonLetterAfter(s.svc.Penalty.Register(ctx, by, penalty.Letter{
		CaseID: in.ID, PartyID: in.PartyID, AskerKind: model.AskerKind(in.AskerKind), Asker: in.Asker, DocumentNo: in.DocumentNo,
		ReceivedOn: in.ReceivedOn, Note: in.Note,
	}))
}

type prisonLetterQuery struct {
	State    string     `query:"state" json:"-" enum:",open,answered,void"`
	Late     string     `query:"late" json:"-" enum:",1" description:"只看已超期未答复的"`
	AfterDue model.Date `query:"after_due" json:"-" description:"上一页最后一条的期限"`
	pageQuery
}

type prisonLetterList struct {
	PrisonLetters []prisonLetterView `json:"prison_letters" required:"true"`
	NextDue       model.Date         `json:"next_due" required:"true" description:"下一页的 after_due，空表示没有了"`
	Next          int64              `json:"next" required:"true" description:"下一页的 after"`
}

func (s *API) prisonLetters(ctx context.Context, by model.Actor, in prisonLetterQuery) (prisonLetterList, error) {
	f := model.PrisonLetterFilter{State: model.PrisonLetterState(in.State), AfterDue: in.AfterDue, After: in.After, Limit: in.Limit}
	if in.Late == "1" {
		f.LateOn = s.today()
	}
	list, err := s.svc.Penalty.PrisonLetters(ctx, by, f)
	out := prisonLetterList{
		PrisonLetters: each(list, func(l model.PrisonLetterLine) prisonLetterView { return viewPrisonLetterLine(l, s.today()) }),
		Next:          next(list, in.Limit, func(l model.PrisonLetterLine) int64 { return l.ID }),
	}
	if out.Next != 0 {
		out.NextDue = list[in.Limit-1].DueOn
	}
	return out, err
}

func (s *API) readPrisonLetter(ctx context.Context, by model.Actor, in idPath) (prisonLetterView, error) {
	return s.prisonLetterAfter(s.svc.Penalty.PrisonLetter(ctx, by, in.ID))
}

type newAnswer struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Version     int64      `json:"version" required:"true"`
	DocumentID  int64      `json:"document_id" required:"true" description:"所附的《财产性判项履行情况说明》"`
	SentOn      model.Date `json:"sent_on" required:"true"`
	Method      string     `json:"method" required:"true" enum:"platform,mail,hand,courier"`
	Proof       string     `json:"proof" required:"true" description:"邮单号、平台流水号或签收人"`
	ProofFileID int64      `json:"proof_file_id,omitempty"`
}

func (s *API) answerPrisonLetter(ctx context.Context, by model.Actor, in newAnswer) (prisonLetterView, error) {
	return s.prisonLetterAfter(s.svc.Penalty.Answer(ctx, by, penalty.Reply{
		PrisonLetterID: in.ID, Version: in.Version, DocumentID: in.DocumentID, SentOn: in.SentOn, Method: model.AnswerMethod(in.Method), Proof: in.Proof,
		ProofFileID: in.ProofFileID, Key: in.Key,
	}))
}

func (s *API) voidPrisonLetter(ctx context.Context, by model.Actor, in versionReason) (prisonLetterView, error) {
	return s.prisonLetterAfter(s.svc.Penalty.Void(ctx, by, in.ID, in.Version, in.Reason))
}

type periodQuery struct {
	From  model.Date `query:"from" json:"-" required:"true"`
	Until model.Date `query:"until" json:"-" required:"true" description:"包含该日"`
}

type categoryFigure struct {
	Category     string    `json:"category" required:"true"`
	CategoryName string    `json:"category_name" required:"true"`
	PerformedFen model.Fen `json:"performed_fen" required:"true"`
	AdjudgedFen  model.Fen `json:"adjudged_fen" required:"true"`
}

type penaltyFigures struct {
	From          model.Date       `json:"from" required:"true"`
	Until         model.Date       `json:"until" required:"true"`
	Cases         int64            `json:"cases" required:"true" description:"期间内（按确认日）全额履行的刑事案件数"`
	PerformedFen  model.Fen        `json:"performed_fen" required:"true" description:"这些案件判处的金额"`
	AdjudgedCases int64            `json:"adjudged_cases" required:"true" description:"期间内裁判生效的刑事案件数"`
	AdjudgedFen   model.Fen        `json:"adjudged_fen" required:"true" description:"期间内生效裁判判处的金额"`
	Share         string           `json:"share" required:"true" description:"全额履行金额占判处金额的比例，分母为 0 时为 —"`
	Categories    []categoryFigure `json:"categories" required:"true"`
}

func (s *API) penaltyFigures(ctx context.Context, by model.Actor, in periodQuery) (penaltyFigures, error) {
	f, err := s.svc.Statistics.Penalties(ctx, by, in.From, in.Until)
	if err != nil {
		return penaltyFigures{}, err
	}
	return penaltyFigures{
		From: in.From, Until: in.Until, Cases: f.Cases, PerformedFen: f.PerformedFen(), AdjudgedCases: f.AdjudgedCases, AdjudgedFen: f.AdjudgedFen(), Share: f.Share(),
		Categories: each(f.Categories(), func(c model.Category) categoryFigure {
			return categoryFigure{string(c), c.Chinese(), f.Performed[c], f.Adjudged[c]}
		}),
	}, nil
}

type penaltyCaseQuery struct {
	periodQuery
	pageQuery
	Of string `query:"of" json:"-" enum:",performed,adjudged" description:"全额履行的（默认）或者判处的"`
}

type penaltyCaseView struct {
	ID          int64     `json:"id" required:"true"`
	CaseNo      string    `json:"case_no" required:"true"`
	Cause       string    `json:"cause" required:"true"`
	Performance string    `json:"performance" required:"true"`
	Judge       string    `json:"judge" required:"true"`
	AdjudgedFen model.Fen `json:"adjudged_fen" required:"true"`
	ArrivedFen  model.Fen `json:"arrived_fen" required:"true"`
}

type penaltyCaseList struct {
	Cases []penaltyCaseView `json:"cases" required:"true"`
	Next  int64             `json:"next" required:"true"`
}

func (s *API) penaltyCases(ctx context.Context, by model.Actor, in penaltyCaseQuery) (penaltyCaseList, error) {
	list, err := s.svc.Statistics.PenaltyCases(ctx, by, model.PenaltyCaseFilter{
		From: in.From, Until: in.Until, Adjudged: in.Of == "adjudged", After: in.After, Limit: in.Limit,
	})
	return penaltyCaseList{
		Cases: each(list, func(k model.PenaltyCase) penaltyCaseView {
			return penaltyCaseView{k.ID, k.CaseNo, k.Cause, string(k.Performance), k.Judge, k.AdjudgedFen, k.ArrivedFen}
		}),
		Next: next(list, in.Limit, func(k model.PenaltyCase) int64 { return k.ID }),
	}, err
}
