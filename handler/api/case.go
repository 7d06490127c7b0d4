package api

import (
	"context"
	"net/http"
	"strings"

	"microcourt/model"
	"microcourt/service/performance"
)

func (s *API) caseRoutes() []Route {
	notFound := []Reason{{model.NotFound, "case.not_found"}}
	return []Route{
		{
			Method: http.MethodPut, Path: "/case-system/cases/*case_no", For: CaseSystem, Act: model.ActCasePut, Summary: "审判管理系统推送案件（幂等，按版本号）",
			MaxBody: 8 << 20, Do: do(s.putCase), Reasons: []Reason{
				{model.Invalid, "case.invalid"},
				{model.Invalid, "version.format"},
				{model.Invalid, "case_no.mismatch"},
				{model.Conflict, "case.stale"},
				{model.Conflict, "case.version_reused"},
			},
		},
		{
			Method: http.MethodGet, Path: "/cases", For: Phone | PhoneStaff, Act: model.ActCaseRead, Summary: "案件列表（新的在前）",
			Do: do(s.listCases),
		},
		{
			Method: http.MethodGet, Path: "/cases/:id", For: Phone | PhoneStaff, Act: model.ActCaseRead, Summary: "案件详情",
			Reasons: notFound, Do: do(s.readCase),
		},
		{
			Method: http.MethodGet, Path: "/cases/:id/contacts", For: PhoneStaff, Act: model.ActContactLog, Summary: "联系记录",
			Reasons: notFound, Do: do(s.listContacts),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/contacts", For: PhoneStaff, Act: model.ActContactLog, Summary: "登记联系情况（电话、走访、谅解等）",
			Status: http.StatusCreated, Do: do(s.logContact), Reasons: append(notFound,
				Reason{model.Invalid, "contact.channel"}, Reason{model.Invalid, "contact.note"}, Reason{model.Invalid, "date.future"},
				Reason{model.Invalid, "contact.not_forgiven"}, Reason{model.NotFound, "party.not_found"}),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/interest-waivers", For: Phone, Act: model.ActInterestWaive, Summary: "权利人放弃利息",
			Status: http.StatusCreated, Do: do(s.waiveInterest), Reasons: append(notFound,
				Reason{model.NotFound, "obligation.not_found"}, Reason{model.Invalid, "debt.authority"}, Reason{model.Invalid, "debt.joint"}, Reason{model.Invalid, "debt.nothing_owed"},
				Reason{model.Invalid, "debt.more_than_owed"}, Reason{model.Invalid, "amount.positive"}),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/forgiveness", For: Phone, Act: model.ActDebtForgive, Summary: "权利人免除债务本金（全部、一部分，或者一名连带债务人的份额）",
			Status: http.StatusCreated, Do: do(s.forgiveDebt), Reasons: append(notFound,
				Reason{model.NotFound, "obligation.not_found"}, Reason{model.Invalid, "debt.authority"}, Reason{model.Invalid, "debt.nothing_owed"},
				Reason{model.Invalid, "debt.more_than_owed"}, Reason{model.Invalid, "debt.not_joint"}, Reason{model.Invalid, "debt.not_disposable"}, Reason{model.Invalid, "debt.money"}, Reason{model.Invalid, "amount.positive"}),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/forgiveness-refusals", For: Phone, Act: model.ActDebtRefuse, Summary: "义务人拒绝免除，债务恢复",
			Status: http.StatusCreated, Do: do(s.refuseForgiveness), Reasons: append(notFound,
				Reason{model.NotFound, "debt.entry_not_found"}, Reason{model.Invalid, "debt.authority"}, Reason{model.Invalid, "debt.undo"}, Reason{model.Invalid, "debt.not_forgiven"},
				Reason{model.Conflict, "debt.refuse_late"}, Reason{model.Conflict, "debt.refuse_joint"}, Reason{model.Conflict, "debt.refuse_agreed"}, Reason{model.Conflict, "debt.certified"}),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/promises", For: Phone, Act: model.ActPromise, Summary: "义务人作出履行承诺",
			Status: http.StatusCreated, Do: do(s.promisePayment), Reasons: append(notFound,
				Reason{model.Invalid, "promise.text"}, Reason{model.Invalid, "date.past"}, Reason{model.Invalid, "party.not_obligor"}),
		},
	}
}

func (s *API) putCase(ctx context.Context, by model.Actor, in casePut) (caseWritten, error) {
	no, err := model.ParseCaseNo(strings.TrimPrefix(in.CaseNo, "/")) // the wildcard keeps its slash
	body, bodyErr := model.ParseCaseNo(in.CaseInput.CaseNo)
	if err != nil || bodyErr != nil || body != no {
		return caseWritten{}, model.InvalidField("case_no", "case_no.mismatch", "地址中的案号与内容中的案号不一致")
	}
	return viewWrittenCase(s.svc.Filing.Put(ctx, by, in.CaseInput, in.Version))
}

func (s *API) listCases(ctx context.Context, by model.Actor, in caseQuery) (caseList, error) {
	cases, err := s.svc.Filing.Cases(ctx, by, model.CaseFilter{
		Performance: model.Performance(in.Performance), Kind: model.CaseKind(in.Kind), Text: in.Text, Before: in.After.ID, Limit: in.more(),
	})
	return caseList{Cases: each(cut(in.pageQuery, cases), viewCaseLine), Next: next(in.pageQuery, cases, func(c model.Case) int64 { return c.ID })}, err
}

func (s *API) readCase(ctx context.Context, by model.Actor, in caseLook) (caseView, error) {
	reveal := in.Reveal == "1"
	d, err := s.svc.Filing.Case(ctx, by, in.ID, reveal)
	if err != nil {
		return caseView{}, err
	}
	return viewCase(d, reveal), nil
}

func (s *API) listContacts(ctx context.Context, by model.Actor, in idPath) (contactList, error) {
	list, err := s.svc.Filing.Contacts(ctx, by, in.ID)
	return contactList{Contacts: each(list, viewContact)}, err
}

func (s *API) logContact(ctx context.Context, by model.Actor, in newContact) (contactView, error) {
	v, err := s.svc.Filing.LogContact(ctx, by, model.Contact{
		CaseID: in.ID, PartyID: in.PartyID, Channel: model.ContactChannel(in.Channel), HappenedAt: in.HappenedAt, Note: in.Note, IdemKey: in.Key,
	})
	if err != nil {
		return contactView{}, err
	}
	return viewContact(*v), nil
}

func (s *API) waiveInterest(ctx context.Context, by model.Actor, in newWaiver) (debtEntryView, error) {
	e, err := s.svc.Performance.Waive(ctx, by, performance.DebtChange{
		CaseID: in.ID, IdemKey: in.Key, Entry: model.DebtEntry{ObligationID: in.ObligationID, Part: model.Part(in.Part), AmountFen: in.AmountFen, Reason: in.Reason},
	})
	if err != nil {
		return debtEntryView{}, err
	}
	return viewDebtEntry(*e), nil
}

func (s *API) forgiveDebt(ctx context.Context, by model.Actor, in newForgiveness) (debtEntryView, error) {
	e, err := s.svc.Performance.Forgive(ctx, by, performance.DebtChange{
		CaseID: in.ID, IdemKey: in.Key, Entry: model.DebtEntry{
			ObligationID: in.ObligationID, InstallmentID: in.InstallmentID, AmountFen: in.AmountFen, DebtorID: in.DebtorID, Reason: in.Reason,
		},
	})
	if err != nil {
		return debtEntryView{}, err
	}
	return viewDebtEntry(*e), nil
}

func (s *API) refuseForgiveness(ctx context.Context, by model.Actor, in newRefusal) (debtEntryView, error) {
	e, err := s.svc.Performance.RefuseForgiveness(ctx, by, performance.DebtChange{
		CaseID: in.ID, IdemKey: in.Key, Entry: model.DebtEntry{UndoesID: in.EntryID, Reason: in.Reason},
	})
	if err != nil {
		return debtEntryView{}, err
	}
	return viewDebtEntry(*e), nil
}

func (s *API) promisePayment(ctx context.Context, by model.Actor, in newPromise) (promiseView, error) {
	p, err := s.svc.Filing.Promise(ctx, by, model.Promise{CaseID: in.ID, PartyID: in.PartyID, PayBy: in.PayBy, Text: in.Text, IdemKey: in.Key})
	if err != nil {
		return promiseView{}, err
	}
	return viewPromise(*p), nil
}
