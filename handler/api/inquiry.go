package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/penalty"
)

type inquiryView struct {
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

func viewInquiry(q model.Inquiry, today model.Date) inquiryView {
	return inquiryView{
		ID: q.ID, CaseID: q.CaseID, PartyID: q.PartyID, AskerKind: string(q.AskerKind), Asker: q.Asker, DocumentNo: q.DocumentNo, ReceivedOn: q.ReceivedOn,
		Note: q.Note, DueOn: q.DueOn, DueReason: q.DueReason, DaysLeft: q.DaysLeft(today), Late: q.Late(today) || q.LateAnswer(), State: string(q.State),
		StateName: q.State.Chinese(), DocumentID: q.StatementID, SentOn: q.SentOn, Method: string(q.Method), Proof: q.Proof, ProofFileID: q.ProofFileID,
		VoidReason: q.VoidReason, Version: q.Version,
	}
}

func viewInquiryLine(l model.InquiryLine, today model.Date) inquiryView {
	v := viewInquiry(l.Inquiry, today)
	v.CaseNo, v.Convict = l.CaseNo, l.Convict
	return v
}

func (s *API) today() model.Date { return model.DateOf(s.cfg.Now()) }

func (s *API) writeInquiry(c *gin.Context, status int, q *model.Inquiry, err error) error {
	if err != nil {
		return err
	}
	c.JSON(status, viewInquiry(*q, s.today()))
	return nil
}

type newInquiry struct {
	ID         int64      `path:"id" json:"-"`
	PartyID    int64      `json:"party_id" required:"true" description:"罪犯"`
	AskerKind  string     `json:"asker_kind" required:"true" enum:"prison,detention,correction,procuratorate,police,judicial_bureau,court"`
	Asker      string     `json:"asker" required:"true"`
	DocumentNo string     `json:"document_no" required:"true" description:"来函文号；同一来函、同一罪犯只登记一次"`
	ReceivedOn model.Date `json:"received_on" required:"true"`
	Note       string     `json:"note,omitempty"`
}

func (s *API) registerInquiry(c *gin.Context) error {
	caseID, req, err := posted[newInquiry](c)
	if err != nil {
		return err
	}
	q, err := s.svc.Penalty.Register(c.Request.Context(), web.Actor(c), penalty.Letter{
		CaseID: caseID, PartyID: req.PartyID, AskerKind: model.AskerKind(req.AskerKind), Asker: req.Asker, DocumentNo: req.DocumentNo,
		ReceivedOn: req.ReceivedOn, Note: req.Note,
	})
	return s.writeInquiry(c, http.StatusCreated, q, err)
}

type inquiryQuery struct {
	State    string     `query:"state" enum:",open,answered,void"`
	Late     string     `query:"late" enum:",1" description:"只看已超期未答复的"`
	AfterDue model.Date `query:"after_due" description:"上一页最后一条的期限"`
	After    int64      `query:"after" description:"上一页最后一条的编号"`
	Limit    int        `query:"limit" description:"每页条数，1–100，默认 20"`
}

type inquiryList struct {
	Inquiries []inquiryView `json:"inquiries" required:"true"`
	NextDue   model.Date    `json:"next_due" required:"true" description:"下一页的 after_due，空表示没有了"`
	Next      int64         `json:"next" required:"true" description:"下一页的 after"`
}

func (s *API) inquiries(c *gin.Context) error {
	after, limit, err := page(c)
	if err != nil {
		return err
	}
	f := model.InquiryFilter{State: model.InquiryState(c.Query("state")), After: after, Limit: limit}
	if f.State != "" && f.State.Chinese() == "" {
		return model.InvalidField("state", "filter.unknown", "筛选条件不正确")
	}
	if c.Query("late") == "1" {
		f.LateOn = s.today()
	}
	if f.AfterDue, err = queryDay(c, "after_due"); err != nil {
		return err
	}
	list, err := s.svc.Penalty.Inquiries(c.Request.Context(), web.Actor(c), f)
	if err != nil {
		return err
	}
	out := inquiryList{Inquiries: []inquiryView{}}
	for _, q := range list {
		out.Inquiries = append(out.Inquiries, viewInquiryLine(q, s.today()))
	}
	if len(list) == limit {
		out.NextDue, out.Next = list[limit-1].DueOn, list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) readInquiry(c *gin.Context) error {
	inquiryID, err := id(c, "id")
	if err != nil {
		return err
	}
	q, err := s.svc.Penalty.Inquiry(c.Request.Context(), web.Actor(c), inquiryID)
	return s.writeInquiry(c, http.StatusOK, q, err)
}

type newAnswer struct {
	ID          int64      `path:"id" json:"-"`
	Key         string     `header:"Idempotency-Key" json:"-" required:"true"`
	Version     int64      `json:"version" required:"true"`
	DocumentID  int64      `json:"document_id" required:"true" description:"所附的《财产性判项履行情况说明》"`
	SentOn      model.Date `json:"sent_on" required:"true"`
	Method      string     `json:"method" required:"true" enum:"platform,mail,hand,courier"`
	Proof       string     `json:"proof" required:"true" description:"邮单号、平台流水号或签收人"`
	ProofFileID int64      `json:"proof_file_id,omitempty"`
}

func (s *API) answerInquiry(c *gin.Context) error {
	inquiryID, key, req, err := keyed[newAnswer](c)
	if err != nil {
		return err
	}
	q, err := s.svc.Penalty.Answer(c.Request.Context(), web.Actor(c), penalty.Reply{
		InquiryID: inquiryID, Version: req.Version, DocumentID: req.DocumentID, SentOn: req.SentOn, Method: model.AnswerMethod(req.Method), Proof: req.Proof,
		ProofFileID: req.ProofFileID, Key: key,
	})
	return s.writeInquiry(c, http.StatusOK, q, err)
}

func (s *API) voidInquiry(c *gin.Context) error {
	inquiryID, req, err := posted[versionReason](c)
	if err != nil {
		return err
	}
	q, err := s.svc.Penalty.Void(c.Request.Context(), web.Actor(c), inquiryID, req.Version, req.Reason)
	return s.writeInquiry(c, http.StatusOK, q, err)
}

type periodQuery struct {
	From  model.Date `query:"from" required:"true"`
	Until model.Date `query:"until" required:"true" description:"包含该日"`
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

func (s *API) penaltyFigures(c *gin.Context) error {
	from, until, err := days(c)
	if err != nil {
		return err
	}
	f, err := s.svc.Statistics.Penalties(c.Request.Context(), web.Actor(c), from, until)
	if err != nil {
		return err
	}
	v := penaltyFigures{
		From: from, Until: until, Cases: f.Cases, PerformedFen: f.PerformedFen(), AdjudgedCases: f.AdjudgedCases, AdjudgedFen: f.AdjudgedFen(), Share: f.Share(),
		Categories: []categoryFigure{},
	}
	for _, cat := range f.Categories() {
		v.Categories = append(v.Categories, categoryFigure{string(cat), cat.Chinese(), f.Performed[cat], f.Adjudged[cat]})
	}
	c.JSON(http.StatusOK, v)
	return nil
}

type penaltyCaseQuery struct {
	periodQuery
	pageQuery
	Of string `query:"of" enum:",performed,adjudged" description:"全额履行的（默认）或者判处的"`
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

func (s *API) penaltyCases(c *gin.Context) error {
	after, limit, err := page(c)
	if err != nil {
		return err
	}
	f := model.PenaltyCaseFilter{After: after, Limit: limit, Adjudged: c.Query("of") == "adjudged"}
	if of := c.Query("of"); of != "" && of != "performed" && of != "adjudged" {
		return model.InvalidField("of", "filter.unknown", "筛选条件不正确")
	}
	if f.From, f.Until, err = days(c); err != nil {
		return err
	}
	list, err := s.svc.Statistics.PenaltyCases(c.Request.Context(), web.Actor(c), f)
	if err != nil {
		return err
	}
	out := penaltyCaseList{Cases: []penaltyCaseView{}}
	for _, k := range list {
		out.Cases = append(out.Cases, penaltyCaseView{k.ID, k.CaseNo, k.Cause, string(k.Performance), k.Judge, k.AdjudgedFen, k.ArrivedFen})
	}
	if len(list) == limit {
		out.Next = list[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}
