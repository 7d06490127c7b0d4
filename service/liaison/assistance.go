package liaison

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Ask asks the liaison of a village for help in the officer's own case. A
// repeat under the same key is the first request.
func (s *Service) Ask(ctx context.Context, by model.Actor, in model.Assistance) (*model.Assistance, error) {
	if err := by.Require(model.ActAssistanceRequest); err != nil {
		return nil, err
	}
	var out *model.Assistance
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		e, _, err := tx.LockOwnEnforcement(ctx, by, in.EnforcementCaseID)
		if err != nil {
			return err
		}
		if out, err = tx.AssistanceByKey(ctx, by.UserID, in.IdemKey); err != nil || out != nil {
			return err
		}
		in.RequestedBy = by.UserID
		today := model.DateOf(tx.Now())
		a, err := model.NewAssistance(*e, in, today)
		if err != nil {
			return err
		}
		l, err := liaisonFor(ctx, tx, e.CourtID, a.VillageID, today)
		if err != nil {
			return err
		}
		p, err := tx.Party(ctx, e.CaseID, a.PartyID)
		if err != nil {
			return err
		}
		a.LiaisonID, a.Name = l.ID, p.Name
		if _, err := tx.CreateAssistance(ctx, a); err != nil {
			return err
		}
		out = a
		_, err = tx.AddTask(ctx, model.Task{
			CourtID: a.CourtID, CaseID: a.CaseID, EnforcementCaseID: e.ID, PartyID: a.PartyID, OwnerID: e.OfficerID, Kind: model.TaskAssistanceAnswer,
			Subject: model.ThingAssistance.Of(a.ID), Title: "联络员反馈：" + a.Kind.Chinese(), DueAt: a.DueOn.EndOfDay(), DueReason: "您请联络员在该日前反馈",
			DedupeKey: fmt.Sprintf("%s:%d", model.TaskAssistanceAnswer, a.ID),
		})
		if err != nil {
			return err
		}
		if err := tx.AddNotice(ctx, model.AssistanceNotice(*a, l.UserID)); err != nil {
			return err
		}
		return audit(tx, by, model.ActAssistanceRequest, model.AuditAssistanceAsk, nil, a)
	})
	if err != nil {
		return nil, fmt.Errorf("ask liaison: %w", err)
	}
	return out, nil
}

func audit(tx *storage.DB, by model.Actor, act model.Act, action model.AuditAction, before any, a *model.Assistance) error {
	return tx.Audit(by, by.RoleFor(act), model.AuditEvent{
		CourtID: a.CourtID, Action: action, CaseID: a.CaseID, Subject: model.ThingAssistance.Of(a.ID), Before: before, After: a,
	})
}

// liaisonFor is the liaison of a village; an error names the village that has
// none.
func liaisonFor(ctx context.Context, tx *storage.DB, courtID, villageID int64, today model.Date) (*model.Liaison, error) {
	list, err := tx.VillagesByID(ctx, courtID, []int64{villageID})
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, model.InvalidField("village_id", "village.unknown", "没有这个村（社区），请重新选择")
	}
	l, err := tx.LiaisonOf(ctx, villageID, today)
	switch {
	case err != nil:
		return nil, err
	case l == nil:
		return nil, model.InvalidField("village_id", "liaison.none", list[0].Town+list[0].Name+"目前没有在任的联络员，请联系名册管理人员")
	case l.UserID == 0:
		return nil, model.InvalidField("village_id", "liaison.unbound", list[0].Town+list[0].Name+"的联络员"+l.Name+"尚未绑定手机，请先为其打印绑定码")
	}
	return l, nil
}

// change locks a request, lets f change it and writes it. f returns false when
// there is nothing to do: a repeat.
func (s *Service) change(ctx context.Context, by model.Actor, act model.Act, action model.AuditAction, id int64,
	f func(tx *storage.DB, a *model.Assistance, e *model.EnforcementCase, cs *model.Case) (bool, error),
) (*model.AssistanceLine, error) {
	if err := by.Require(act); err != nil {
		return nil, err
	}
	var out *model.AssistanceLine
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		a, e, cs, err := tx.LockAssistance(ctx, by, id, act == model.ActAssist)
		if err != nil {
			return err
		}
		before := *a
		changed, err := f(tx, a, e, cs)
		if err != nil {
			return err
		}
		if changed {
			if err := tx.UpdateAssistance(ctx, a, before.Version); err != nil {
				return err
			}
			if err := audit(tx, by, act, action, before, a); err != nil {
				return err
			}
		}
		list, err := tx.Assistances(ctx, a.CourtID, id, model.AssistanceFilter{Limit: 1})
		if err != nil {
			return err
		}
		out = &list[0]
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", action, id, err)
	}
	return out, nil
}

// tell tells the officer what the liaison did.
func tell(ctx context.Context, tx *storage.DB, cs *model.Case, e *model.EnforcementCase, a *model.Assistance, who string) error {
	if e.OfficerID == 0 {
		return nil
	}
	return tx.AddNotice(ctx, model.AssistanceReplyNotice(*cs, *e, *a, who))
}

func (s *Service) name(ctx context.Context, tx *storage.DB, a *model.Assistance) (string, error) {
	l, err := tx.Liaison(ctx, a.CourtID, a.LiaisonID)
	if err != nil {
		return "", err
	}
	return l.Name, nil
}

// Accept is the liaison's word that he will do it. A repeat changes nothing.
func (s *Service) Accept(ctx context.Context, by model.Actor, id, seen int64) (*model.AssistanceLine, error) {
	return s.change(ctx, by, model.ActAssist, model.AuditAssistanceAccept, id,
		func(tx *storage.DB, a *model.Assistance, e *model.EnforcementCase, cs *model.Case) (bool, error) {
			if done, err := tx.Repeated(ctx, by, model.ThingAssistance.Of(id), seen, a.Version, "accept"); err != nil || done {
				return false, err
			}
			if err := a.Accept(seen); err != nil {
				return false, err
			}
			who, err := s.name(ctx, tx, a)
			if err != nil {
				return false, err
			}
			return true, tell(ctx, tx, cs, e, a, who)
		})
}

// Decline is his word that he cannot. A repeat changes nothing.
func (s *Service) Decline(ctx context.Context, by model.Actor, id, seen int64, reason string) (*model.AssistanceLine, error) {
	return s.change(ctx, by, model.ActAssist, model.AuditAssistanceDecline, id,
		func(tx *storage.DB, a *model.Assistance, e *model.EnforcementCase, cs *model.Case) (bool, error) {
			if done, err := tx.Repeated(ctx, by, model.ThingAssistance.Of(id), seen, a.Version, "decline", reason); err != nil || done {
				return false, err
			}
			if err := a.Decline(seen, reason); err != nil {
				return false, err
			}
			who, err := s.name(ctx, tx, a)
			if err != nil {
				return false, err
			}
			if err := tell(ctx, tx, cs, e, a, who); err != nil {
				return false, err
			}
			return true, s.ended(ctx, tx, by, a, model.TaskCancelled, "联络员不能协助")
		})
}

func (*Service) ended(ctx context.Context, tx *storage.DB, by model.Actor, a *model.Assistance, state model.TaskState, result string) error {
	return tx.EndTasks(ctx, state, by.UserID, result, model.TaskMatch{CaseID: a.CaseID, Subject: model.ThingAssistance.Of(a.ID)})
}

// Reply is what the liaison found or did, with photos that he uploaded for it.
// A repeat changes nothing.
func (s *Service) Reply(ctx context.Context, by model.Actor, id, seen int64, text string, files []int64) (*model.AssistanceLine, error) {
	return s.change(ctx, by, model.ActAssist, model.AuditAssistanceAnswer, id,
		func(tx *storage.DB, a *model.Assistance, e *model.EnforcementCase, cs *model.Case) (bool, error) {
			if done, err := tx.Repeated(ctx, by, model.ThingAssistance.Of(id), seen, a.Version, "answer", text, files); err != nil || done {
				return false, err
			}
			files := slices.Compact(slices.Sorted(slices.Values(files)))
			if err := a.Reply(seen, text, files, tx.Now()); err != nil {
				return false, err
			}
			rows := make([]model.AssistanceFile, len(files))
			for i, f := range files {
				if err := tx.KeepFile(ctx, f, a.CaseID, by.UserID); err != nil {
					return false, model.InvalidField("file_ids", "file.unknown", "没有这个文件，请重新上传").WithCause(err)
				}
				rows[i] = model.AssistanceFile{RequestID: a.ID, FileID: f, CaseID: a.CaseID, Seq: i + 1}
			}
			if err := tx.AddAssistanceFiles(ctx, rows); err != nil {
				return false, err
			}
			who, err := s.name(ctx, tx, a)
			if err != nil {
				return false, err
			}
			if err := tell(ctx, tx, cs, e, a, who); err != nil {
				return false, err
			}
			return true, s.ended(ctx, tx, by, a, model.TaskDone, "联络员已反馈")
		})
}

// Close ends a request. A repeat changes nothing.
func (s *Service) Close(ctx context.Context, by model.Actor, id, seen int64, note string) (*model.AssistanceLine, error) {
	return s.change(ctx, by, model.ActAssistanceRequest, model.AuditAssistanceClose, id,
		func(tx *storage.DB, a *model.Assistance, _ *model.EnforcementCase, _ *model.Case) (bool, error) {
			if done, err := tx.Repeated(ctx, by, model.ThingAssistance.Of(id), seen, a.Version, "close", note); err != nil || done {
				return false, err
			}
			if err := a.Close(seen, note, tx.Now()); err != nil {
				return false, err
			}
			return true, s.tellClosed(ctx, tx, by, a)
		})
}

// tellClosed tells the liaison that his request is closed, and ends its clock.
func (s *Service) tellClosed(ctx context.Context, tx *storage.DB, by model.Actor, a *model.Assistance) error {
	l, err := tx.Liaison(ctx, a.CourtID, a.LiaisonID)
	if err != nil {
		return err
	}
	if l.UserID != 0 && l.Live(model.DateOf(tx.Now())) {
		if err := tx.AddNotice(ctx, model.AssistanceNotice(*a, l.UserID)); err != nil {
			return err
		}
	}
	return s.ended(ctx, tx, by, a, model.TaskCancelled, "协助请求已办结")
}

// Ended closes the requests of an enforcement case that nobody answered, in the
// transaction in which the case ends.
func (s *Service) Ended(ctx context.Context, tx *storage.DB, by model.Actor, e model.EnforcementFile, why string) error {
	list, err := tx.Assistances(ctx, e.CourtID, 0, model.AssistanceFilter{EnforcementCaseID: e.ID, Limit: storage.CountCeiling})
	if err != nil {
		return err
	}
	for i := range list {
		a := &list[i].Assistance
		if !model.AssistanceMachine.May(a.State, model.AssistanceClosed) || a.State == model.AssistanceAnswered {
			continue
		}
		before := *a
		if err := a.Close(a.Version, why, tx.Now()); err != nil {
			return err
		}
		if err := s.tellClosed(ctx, tx, by, a); err != nil {
			return err
		}
		if err := tx.UpdateAssistance(ctx, a, before.Version); err != nil {
			return err
		}
		if err := audit(tx, by, model.ActAssistanceRequest, model.AuditAssistanceClose, before, a); err != nil {
			return err
		}
	}
	return nil
}

// Detail is a request with the photos of its answer.
type Detail struct {
	model.AssistanceLine
	Phone string // of the court, for the liaison
	Files []model.File
	Own   bool
}

// filter is what the actor may see: a liaison his own while his term runs, an
// officer those of his cases, a leader the court's.
func (s *Service) filter(by model.Actor, liaison bool, f model.AssistanceFilter) (courtID int64, _ model.AssistanceFilter) {
	f.OfficerID, f.UserID = 0, 0
	switch {
	case liaison:
		f.UserID, f.Today = by.UserID, model.DateOf(s.db.Now())
		return 0, f
	case !by.Has(model.RoleLeader):
		f.OfficerID = by.UserID
	}
	return by.CourtID, f
}

// Requests lists requests for the court's side, or for a liaison.
func (s *Service) Requests(ctx context.Context, by model.Actor, act model.Act, f model.AssistanceFilter) ([]model.AssistanceLine, error) {
	if err := by.Require(act); err != nil {
		return nil, err
	}
	court, f := s.filter(by, act == model.ActAssist, f)
	return s.db.Assistances(ctx, court, 0, f)
}

// Request is one request, for the court's side or for the liaison. Where it
// has an answer the court's look is recorded.
func (s *Service) Request(ctx context.Context, by model.Actor, act model.Act, id int64) (*Detail, error) {
	if err := by.Require(act); err != nil {
		return nil, err
	}
	courtID, f := s.filter(by, act == model.ActAssist, model.AssistanceFilter{Limit: 1})
	list, err := s.db.Assistances(ctx, courtID, id, f)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, model.E(model.NotFound, "assistance.not_found", "没有找到，或您无权查看")
	}
	a := list[0]
	court, err := s.db.Court(ctx, a.CourtID)
	if err != nil {
		return nil, err
	}
	err = s.db.AuditLook(ctx, by, by.RoleFor(act), model.AuditEvent{
		CourtID: a.CourtID, Action: model.AuditAssistanceLook, CaseID: a.CaseID, Subject: model.ThingAssistance.Of(id),
	})
	if err != nil {
		return nil, err
	}
	d := &Detail{AssistanceLine: a, Phone: court.Phone}
	d.Files, err = s.db.AssistanceFiles(ctx, id)
	return d, err
}
