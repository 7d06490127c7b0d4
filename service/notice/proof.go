package notice

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// Proofs lists the notices to the parties of a case, newest first, each with
// everything that is known of its service (送达).
func (s *Service) Proofs(ctx context.Context, by model.Actor, caseID, before int64, limit int) ([]model.ServiceProof, error) {
	if err := by.Require(model.ActServiceOfProcessRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	list, err := s.db.CaseNotices(ctx, caseID, before, limit)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	f, err := s.facts(ctx, *cs, list)
	if err != nil {
		return nil, err
	}
	out := make([]model.ServiceProof, len(list))
	for i, n := range list {
		out[i] = f.proof(n)
	}
	err = s.db.AuditLook(ctx, by, by.RoleFor(model.ActServiceOfProcessRead), model.AuditEvent{
		CourtID: cs.CourtID, Action: model.AuditServiceLook, CaseID: cs.ID, Subject: model.ThingCase.Of(cs.ID),
	})
	return out, err
}

// ProofOf is the proof of one notice of a case.
func (s *Service) ProofOf(ctx context.Context, by model.Actor, caseID, noticeID int64) (*model.ServiceProof, error) {
	if err := by.Require(model.ActServiceOfProcessRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	n, err := s.db.CourtNotice(ctx, cs.CourtID, noticeID)
	if err == nil && n.CaseID != caseID {
		err = model.E(model.NotFound, "notice.not_found", "没有找到，或您无权查看")
	}
	if err != nil {
		return nil, err
	}
	f, err := s.facts(ctx, *cs, []model.Notice{*n})
	if err != nil {
		return nil, err
	}
	p := f.proof(*n)
	return &p, nil
}

// facts is what the proofs of some notices of a case are made from.
type facts struct {
	parties    []model.Party
	bindings   []model.Binding
	consents   []model.Consent
	acts       []storage.Acted
	reads      []model.NoticeRead
	deliveries []model.OutboxMessage
	reports    []model.DeliveryReport
	paper      []model.PaperTask
}

func (s *Service) facts(ctx context.Context, cs model.Case, list []model.Notice) (*facts, error) {
	ids := make([]int64, len(list))
	for i, n := range list {
		ids[i] = n.ID
	}
	f := &facts{}
	var err error
	if f.parties, err = s.db.Parties(ctx, cs.ID); err != nil {
		return nil, err
	}
	if f.bindings, err = s.db.CaseBindings(ctx, cs.ID); err != nil {
		return nil, err
	}
	if f.consents, err = s.db.Consents(ctx, cs.ID); err != nil {
		return nil, err
	}
	if f.acts, err = s.db.Acts(ctx, cs.ID); err != nil {
		return nil, err
	}
	if f.reads, err = s.db.AllReads(ctx, ids); err != nil {
		return nil, err
	}
	if f.deliveries, err = s.db.Deliveries(ctx, ids); err != nil {
		return nil, err
	}
	sent := make([]int64, len(f.deliveries))
	for i, d := range f.deliveries {
		sent[i] = d.ID
	}
	if f.reports, err = s.db.DeliveryReports(ctx, sent); err != nil {
		return nil, err
	}
	f.paper, err = s.db.PaperTasksOf(ctx, ids)
	return f, err
}

func (f *facts) proof(n model.Notice) model.ServiceProof {
	p := model.ServiceProof{Notice: n}
	if i := slices.IndexFunc(f.parties, func(o model.Party) bool { return o.ID == n.PartyID }); i >= 0 {
		p.Party = f.parties[i]
	}
	for _, t := range model.TracesOf(n.ID, n.PartyID, n.CreatedAt, f.bindings, f.reads) {
		for _, a := range f.acts {
			if a.UserID == t.UserID && a.At.After(t.ArrivedAt) && (t.RepliedAt == nil || a.At.Before(*t.RepliedAt)) {
				t.RepliedAt = &a.At
			}
		}
		p.Traces = append(p.Traces, t)
	}
	for _, d := range f.deliveries {
		if d.NoticeID == n.ID {
			p.Deliveries = append(p.Deliveries, d)
			for _, r := range f.reports {
				if r.OutboxID == d.ID {
					p.Reports = append(p.Reports, r)
				}
			}
		}
	}
	for _, t := range f.paper {
		if t.NoticeID == n.ID {
			p.Paper = append(p.Paper, t)
		}
	}
	for _, c := range f.consents {
		if c.PartyID == n.PartyID {
			p.Consents = append(p.Consents, c)
		}
	}
	p.ServedAt, p.Rule = model.ServiceOfProcess(n.PartyID, f.consents, p.Traces)
	return p
}

// Consent records that a party agrees to electronic service in a case, or
// takes it back. A party speaks for itself; a clerk records what was said on
// paper or in person. A repeat under the same key changes nothing.
func (s *Service) Consent(ctx context.Context, by model.Actor, c model.Consent) error {
	if err := by.Require(model.ActConsent); err != nil {
		return err
	}
	if c.Act != model.ConsentGiven && c.Act != model.ConsentWithdrawn {
		return model.InvalidField("act", "consent.act", "请选择同意或者撤回")
	}
	if by.IsParty() {
		c.How = model.ConsentInApp
	} else if c.How != model.ConsentPaper && c.How != model.ConsentOral {
		return model.InvalidField("how", "consent.how", "请选择书面或者口头")
	}
	if len([]rune(c.Note)) > 200 {
		return model.InvalidField("note", "text.too_long", "说明不能超过 200 字")
	}
	return s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, c.CaseID)
		if err != nil {
			return err
		}
		parties, err := tx.Parties(ctx, cs.ID)
		if by.IsParty() {
			parties, err = tx.PartiesOf(ctx, cs.ID, by.UserID)
		}
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(parties, func(p model.Party) bool { return p.ID == c.PartyID }) {
			return model.InvalidField("party_id", "party.unknown", "本案没有这位当事人，或您无权代其表示")
		}
		c.CourtID, c.ByUserID = cs.CourtID, by.UserID
		if created, err := tx.CreateConsent(ctx, &c); err != nil || !created {
			return err
		}
		if c.FileID != 0 { // the scan of what was signed is kept with it
			if err := tx.KeepFile(ctx, c.FileID, cs.ID, by.UserID); err != nil {
				return err
			}
		}
		return tx.Audit(by, by.RoleFor(model.ActConsent), model.AuditEvent{
			CourtID: cs.CourtID, Action: c.Act.Action(), CaseID: cs.ID, Subject: model.ThingParty.Of(c.PartyID), After: c,
		})
	})
}

// Consents lists what was said about electronic service in a case, oldest
// first; a party sees its own.
func (s *Service) Consents(ctx context.Context, by model.Actor, caseID int64) ([]model.Consent, error) {
	if err := by.Require(model.ActCaseRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	all, err := s.db.Consents(ctx, caseID)
	if err != nil || !by.IsParty() {
		return all, err
	}
	own, err := s.db.PartiesOf(ctx, caseID, by.UserID)
	return slices.DeleteFunc(all, func(c model.Consent) bool {
		return !slices.ContainsFunc(own, func(p model.Party) bool { return p.ID == c.PartyID })
	}), err
}

// RequestPaper asks for a notice on paper (民事诉讼法 90: paper on request). A
// repeat is the same task.
func (s *Service) RequestPaper(ctx context.Context, by model.Actor, noticeID int64) error {
	if err := by.Require(model.ActPaperRequest); err != nil {
		return err
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		n, err := s.reachable(ctx, tx, by, noticeID)
		if err != nil {
			return err
		}
		if err := tx.SendBy(ctx, *n, model.Court{}, model.ChannelPaper, model.PaperRequested, by.UserID); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActPaperRequest), model.AuditEvent{
			CourtID: n.CourtID, Action: model.AuditPaperRequest, CaseID: n.CaseID, Subject: model.ThingNotice.Of(n.ID),
		})
	})
}

// reachable is a notice that the actor may act on: his own, or one of a case
// that he sees.
func (*Service) reachable(ctx context.Context, tx *storage.DB, by model.Actor, noticeID int64) (*model.Notice, error) {
	if by.IsParty() {
		return tx.Notice(ctx, by, noticeID)
	}
	n, err := tx.CourtNotice(ctx, by.CourtID, noticeID)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Case(ctx, by, n.CaseID); err != nil {
		return nil, model.E(model.NotFound, "notice.not_found", "没有找到，或您无权查看")
	}
	return n, nil
}

// PaperTasks lists the court's papers that are still to go out, oldest first.
func (s *Service) PaperTasks(ctx context.Context, by model.Actor, after int64, limit int) ([]model.PaperTask, error) {
	if err := by.Require(model.ActPaperDo); err != nil {
		return nil, err
	}
	return s.db.PaperTasks(ctx, by.CourtID, after, limit)
}

// Paper is a paper that is still to go out, with what is to be printed.
type Paper struct {
	model.PaperTask
	Title      string
	DocumentID int64 // 0 when the notice has no numbered paper
}

// Papers are PaperTasks with their notices.
func (s *Service) Papers(ctx context.Context, by model.Actor, after int64, limit int) ([]Paper, error) {
	tasks, err := s.PaperTasks(ctx, by, after, limit)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	var cases, ids []int64
	for _, t := range tasks {
		cases, ids = append(cases, t.CaseID), append(ids, t.NoticeID)
	}
	notices, err := s.db.NoticesByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	documents, err := s.db.DocumentsOfNotices(ctx, cases, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Paper, len(tasks))
	for i, t := range tasks {
		out[i] = Paper{t, notices[t.NoticeID].Title, documents[t.NoticeID]}
	}
	return out, nil
}

// FinishPaper records how a paper went out, once.
func (s *Service) FinishPaper(ctx context.Context, by model.Actor, id int64, method, trackingNo, note string) error {
	if err := by.Require(model.ActPaperDo); err != nil {
		return err
	}
	trackingNo, note = strings.TrimSpace(trackingNo), strings.TrimSpace(note)
	switch {
	case model.PaperMethods[method] == "":
		return model.InvalidField("method", "paper.method", "请选择邮寄、到院领取、上门送达或者电话告知")
	case method == "phone" && note == "":
		return model.InvalidField("note", "paper.note", "电话告知的，请写明接听人和告知的情况")
	case method == "mail" && trackingNo == "":
		return model.InvalidField("tracking_no", "paper.tracking", "邮寄送达请填写邮单号")
	case len([]rune(trackingNo)) > 40 || len([]rune(note)) > 200:
		return model.InvalidField("note", "text.too_long", "邮单号不能超过 40 字，说明不能超过 200 字")
	}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		t, err := tx.PaperTask(ctx, by.CourtID, id)
		if err != nil {
			return err
		}
		if t.State == model.PaperDone {
			if t.Method == method && t.TrackingNo == trackingNo && t.Note == note {
				return nil // a repeat
			}
			return model.E(model.Conflict, "paper.done", "该任务已办结，请刷新后查看")
		}
		now := tx.Now()
		t.State, t.Method, t.TrackingNo, t.Note, t.DoneBy, t.DoneAt = model.PaperDone, method, trackingNo, note, by.UserID, &now
		if err := tx.FinishPaperTask(ctx, t); err != nil {
			return err
		}
		return tx.Audit(by, by.RoleFor(model.ActPaperDo), model.AuditEvent{
			CourtID: t.CourtID, Action: model.AuditPaperDone, CaseID: t.CaseID, Subject: model.ThingPaperTask.Of(id), After: t,
		})
	})
	if err != nil {
		return fmt.Errorf("paper task %d: %w", id, err)
	}
	return nil
}
