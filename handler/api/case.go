package api

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/filing"
)

func (s *API) caseRoutes() []Route {
	notFound := []Reason{{model.NotFound, "case.not_found"}, {model.NotFound, "path.not_found"}}
	return []Route{
		{
			Method: http.MethodPut, Path: "/case-system/cases/*case_no", For: CaseSystem, Act: model.ActCasePut, Summary: "审判管理系统推送案件（幂等，按版本号）",
			Input: casePut{}, Output: caseWritten{}, MaxBody: 8 << 20, Handle: s.putCase, Reasons: []Reason{
				{model.Invalid, "case.invalid"},
				{model.Invalid, "version.format"},
				{model.Invalid, "case_no.mismatch"},
				{model.Conflict, "case.stale"},
				{model.Conflict, "case.version_reused"},
			},
		},
		{
			Method: http.MethodPost, Path: "/cases", Act: model.ActCaseFile, Summary: "录入案件", Input: filing.CaseInput{}, Output: caseWritten{},
			Status: http.StatusCreated, MaxBody: 8 << 20, Handle: s.fileCase,
			Reasons: []Reason{{model.Invalid, "case.invalid"}, {model.Invalid, "case.exists"}},
		},
		{
			Method: http.MethodGet, Path: "/cases", For: Phone | PhoneStaff, Act: model.ActCaseRead, Summary: "案件列表（新的在前）", Input: caseQuery{}, Output: caseList{},
			Handle: s.listCases, Reasons: []Reason{{model.Invalid, "filter.unknown"}},
		},
		{
			Method: http.MethodGet, Path: "/cases/:id", For: Phone | PhoneStaff, Act: model.ActCaseRead, Summary: "案件详情", Input: caseLook{}, Output: caseView{},
			Reasons: notFound, Handle: s.readCase,
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/instruments", Act: model.ActCaseFile, Summary: "补充法律文书及其义务",
			Input: addInstrument{}, Output: instrumentView{}, Status: http.StatusCreated, Handle: s.addInstrument,
			Reasons: append(notFound, Reason{model.Invalid, "case.invalid"}, Reason{model.Invalid, "instrument.exists"}),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/hand-over", Act: model.ActCaseHandOver, Summary: "移交案件", Input: handOver{},
			Status: http.StatusNoContent, Handle: s.handOver, Reasons: append(notFound, Reason{model.Invalid, "reason.required"},
				Reason{model.Invalid, "judge.unknown"}, Reason{model.Invalid, "judge.same"}, Reason{model.Conflict, "case.changed"}),
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/contacts", For: PhoneStaff, Act: model.ActContactLog, Summary: "联系记录", Input: casePath{}, Output: contactList{},
			Reasons: notFound, Handle: s.listContacts,
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/contacts", For: PhoneStaff, Act: model.ActContactLog, Summary: "登记联系情况（电话、走访、谅解等）",
			Input: newContact{}, Output: contactView{}, Status: http.StatusCreated, Handle: s.logContact, Reasons: append(notFound,
				Reason{model.Invalid, "contact.channel"}, Reason{model.Invalid, "contact.note"}, Reason{model.Invalid, "date.future"},
				Reason{model.NotFound, "party.not_found"}, Reason{model.Invalid, "idempotency.required"}),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/promises", For: Phone, Act: model.ActPromise, Summary: "义务人作出履行承诺", Input: newPromise{},
			Output: promiseView{}, Status: http.StatusCreated, Handle: s.promise, Reasons: append(notFound,
				Reason{model.Invalid, "promise.text"}, Reason{model.Invalid, "date.past"}, Reason{model.Invalid, "party.not_obligor"},
				Reason{model.Invalid, "idempotency.required"}),
		},
	}
}

func (s *API) putCase(c *gin.Context) error {
	var req casePut
	if err := bind(c, &req); err != nil {
		return err
	}
	no, err := model.ParseCaseNo(c.Param("case_no")[1:]) // the wildcard keeps its slash
	if err != nil {
		return err
	}
	if body, err := model.ParseCaseNo(req.CaseInput.CaseNo); err != nil || body != no {
		return model.InvalidField("case_no", "case_no.mismatch", "地址中的案号与内容中的案号不一致")
	}
	cs, out, err := s.svc.Filing.Put(c.Request.Context(), web.Actor(c), req.CaseInput, req.Version)
	return writeCase(c, cs, out, err)
}

func (s *API) fileCase(c *gin.Context) error {
	var req filing.CaseInput
	if err := bind(c, &req); err != nil {
		return err
	}
	cs, out, err := s.svc.Filing.File(c.Request.Context(), web.Actor(c), req)
	return writeCase(c, cs, out, err)
}

func writeCase(c *gin.Context, cs *model.Case, out filing.Outcome, err error) error {
	if err != nil {
		return err
	}
	status := http.StatusOK
	if c.Request.Method == http.MethodPost {
		status = http.StatusCreated
	}
	c.JSON(status, caseWritten{ID: cs.ID, CaseNo: cs.CaseNo, Outcome: string(out), Version: cs.Version})
	return nil
}

func (s *API) listCases(c *gin.Context) error {
	before, limit, err := page(c)
	if err != nil {
		return err
	}
	f := model.CaseFilter{
		Performance: model.Performance(c.Query("performance")), Kind: model.CaseKind(c.Query("kind")), Text: c.Query("text"),
		Before: before, Limit: limit,
	}
	if f.Performance != "" && f.Performance.Chinese() == "" || f.Kind != "" && f.Kind.Chinese() == "" {
		return model.InvalidField("performance", "filter.unknown", "筛选条件不正确")
	}
	cases, err := s.svc.Filing.Cases(c.Request.Context(), web.Actor(c), f)
	if err != nil {
		return err
	}
	out := caseList{Cases: []caseLine{}}
	for _, cs := range cases {
		out.Cases = append(out.Cases, viewCaseLine(cs))
	}
	if len(cases) == limit {
		out.Next = cases[limit-1].ID
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) readCase(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	reveal := c.Query("reveal") == "1"
	d, err := s.svc.Filing.Case(c.Request.Context(), web.Actor(c), caseID, reveal)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewCase(d, reveal))
	return nil
}

func (s *API) addInstrument(c *gin.Context) error {
	caseID, req, err := posted[addInstrument](c)
	if err != nil {
		return err
	}
	in, err := s.svc.Filing.AddInstrument(c.Request.Context(), web.Actor(c), caseID, req.InstrumentInput)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewInstrument(&filing.Detail{}, *in))
	return nil
}

func (s *API) handOver(c *gin.Context) error {
	caseID, req, err := posted[handOver](c)
	if err != nil {
		return err
	}
	if err := s.svc.Filing.HandOver(c.Request.Context(), web.Actor(c), caseID, req.Version, req.ToJudge, req.Reason); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *API) listContacts(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	list, err := s.svc.Filing.Contacts(c.Request.Context(), web.Actor(c), caseID)
	if err != nil {
		return err
	}
	out := contactList{Contacts: []contactView{}}
	for _, v := range list {
		out.Contacts = append(out.Contacts, viewContact(v))
	}
	c.JSON(http.StatusOK, out)
	return nil
}

func (s *API) logContact(c *gin.Context) error {
	caseID, key, req, err := keyed[newContact](c)
	if err != nil {
		return err
	}
	v, err := s.svc.Filing.LogContact(c.Request.Context(), web.Actor(c), model.Contact{
		CaseID: caseID, PartyID: req.PartyID, Channel: model.ContactChannel(req.Channel), HappenedAt: req.HappenedAt, Note: req.Note, IdemKey: key,
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewContact(*v))
	return nil
}

func (s *API) promise(c *gin.Context) error {
	caseID, key, req, err := keyed[newPromise](c)
	if err != nil {
		return err
	}
	p, err := s.svc.Filing.Promise(c.Request.Context(), web.Actor(c),
		model.Promise{CaseID: caseID, PartyID: req.PartyID, PayBy: req.PayBy, Text: req.Text, IdemKey: key})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewPromise(*p))
	return nil
}
