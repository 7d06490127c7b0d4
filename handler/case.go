package handler

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/model"
	"microcourt/service/filing"
)

func (s *server) caseRoutes() []route {
	notFound := []reason{{model.NotFound, "case.not_found"}, {model.NotFound, "path.not_found"}}
	return []route{
		{
			method: http.MethodPut, path: "/cases/*case_no", act: model.ActCasePut, summary: "审判管理系统推送案件（幂等，按版本号）",
			input: casePut{}, output: caseWritten{}, maxBody: 8 << 20, handle: s.putCase, reasons: []reason{
				{model.Invalid, "case.invalid"},
				{model.Invalid, "version.format"},
				{model.Invalid, "case_no.mismatch"},
				{model.Conflict, "case.stale"},
				{model.Conflict, "case.version_reused"},
			},
		},
		{
			method: http.MethodPost, path: "/cases", act: model.ActCaseFile, summary: "录入案件", input: filing.CaseInput{}, output: caseWritten{},
			status: http.StatusCreated, maxBody: 8 << 20, handle: s.fileCase,
			reasons: []reason{{model.Invalid, "case.invalid"}, {model.Invalid, "case.exists"}},
		},
		{
			method: http.MethodGet, path: "/cases", act: model.ActCaseRead, summary: "案件列表（新的在前）", input: caseQuery{}, output: caseList{},
			handle: s.listCases, reasons: []reason{{model.Invalid, "filter.unknown"}},
		},
		{
			method: http.MethodGet, path: "/cases/:id", act: model.ActCaseRead, summary: "案件详情", input: caseLook{}, output: caseView{},
			reasons: notFound, handle: s.readCase,
		},
		{
			method: http.MethodPost, path: "/cases/:id/instruments", act: model.ActCaseFile, summary: "补充法律文书及其义务",
			input: addInstrument{}, output: instrumentView{}, status: http.StatusCreated, handle: s.addInstrument,
			reasons: append(notFound, reason{model.Invalid, "case.invalid"}, reason{model.Invalid, "instrument.exists"}),
		},
		{
			method: http.MethodPost, path: "/cases/:id/hand-over", act: model.ActCaseHandOver, summary: "移交案件", input: handOver{},
			status: http.StatusNoContent, handle: s.handOver, reasons: append(notFound, reason{model.Invalid, "reason.required"},
				reason{model.Invalid, "judge.unknown"}, reason{model.Invalid, "judge.same"}, reason{model.Conflict, "case.changed"}),
		},
		{
			method: http.MethodGet, path: "/cases/:id/contacts", act: model.ActContactLog, summary: "联系记录", input: casePath{}, output: contactList{},
			reasons: notFound, handle: s.listContacts,
		},
		{
			method: http.MethodPost, path: "/cases/:id/contacts", act: model.ActContactLog, summary: "登记联系情况（电话、走访、谅解等）",
			input: newContact{}, output: contactView{}, status: http.StatusCreated, handle: s.logContact, reasons: append(notFound,
				reason{model.Invalid, "contact.channel"}, reason{model.Invalid, "contact.note"}, reason{model.Invalid, "date.future"},
				reason{model.NotFound, "party.not_found"}, reason{model.Invalid, "idempotency.required"}),
		},
		{
			method: http.MethodPost, path: "/cases/:id/promises", act: model.ActPromise, summary: "义务人作出履行承诺", input: newPromise{},
			output: promiseView{}, status: http.StatusCreated, handle: s.promise, reasons: append(notFound,
				reason{model.Invalid, "promise.text"}, reason{model.Invalid, "date.past"}, reason{model.Invalid, "party.not_obligor"},
				reason{model.Invalid, "idempotency.required"}),
		},
	}
}

func (s *server) putCase(c *gin.Context) error {
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
	cs, out, err := s.svc.Filing.Put(c.Request.Context(), actor(c), req.CaseInput, req.Version)
	return writeCase(c, cs, out, err)
}

func (s *server) fileCase(c *gin.Context) error {
	var req filing.CaseInput
	if err := bind(c, &req); err != nil {
		return err
	}
	cs, out, err := s.svc.Filing.File(c.Request.Context(), actor(c), req)
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

func (s *server) listCases(c *gin.Context) error {
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
	cases, err := s.svc.Filing.Cases(c.Request.Context(), actor(c), f)
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

func (s *server) readCase(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	reveal := c.Query("reveal") == "1"
	d, err := s.svc.Filing.Case(c.Request.Context(), actor(c), caseID, reveal)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewCase(d, reveal))
	return nil
}

func (s *server) addInstrument(c *gin.Context) error {
	caseID, req, err := posted[addInstrument](c)
	if err != nil {
		return err
	}
	in, err := s.svc.Filing.AddInstrument(c.Request.Context(), actor(c), caseID, req.InstrumentInput)
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewInstrument(&filing.Detail{}, *in))
	return nil
}

func (s *server) handOver(c *gin.Context) error {
	caseID, req, err := posted[handOver](c)
	if err != nil {
		return err
	}
	if err := s.svc.Filing.HandOver(c.Request.Context(), actor(c), caseID, req.Version, req.ToJudge, req.Reason); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

func (s *server) listContacts(c *gin.Context) error {
	caseID, err := id(c, "id")
	if err != nil {
		return err
	}
	list, err := s.svc.Filing.Contacts(c.Request.Context(), actor(c), caseID)
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

func (s *server) logContact(c *gin.Context) error {
	caseID, key, req, err := keyed[newContact](c)
	if err != nil {
		return err
	}
	v, err := s.svc.Filing.LogContact(c.Request.Context(), actor(c), model.Contact{
		CaseID: caseID, PartyID: req.PartyID, Channel: model.ContactChannel(req.Channel), HappenedAt: req.HappenedAt, Note: req.Note, IdemKey: key,
	})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewContact(*v))
	return nil
}

func (s *server) promise(c *gin.Context) error {
	caseID, key, req, err := keyed[newPromise](c)
	if err != nil {
		return err
	}
	p, err := s.svc.Filing.Promise(c.Request.Context(), actor(c),
		model.Promise{CaseID: caseID, PartyID: req.PartyID, PayBy: req.PayBy, Text: req.Text, IdemKey: key})
	if err != nil {
		return err
	}
	c.JSON(http.StatusCreated, viewPromise(*p))
	return nil
}
