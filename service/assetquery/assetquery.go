// Package assetquery asks agencies what debtors have (查控): requests, a leader's
// approval where it is needed, the agency's door, and its answers, every look
// at which is recorded.
package assetquery

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Door puts a query to an agency, e.g. the vehicle registry's interface. The
// same QueryID again is the same question: its answer may have got lost.
type Door interface {
	Ask(ctx context.Context, letter model.QueryLetter) (reference string, err error)
}

// Config is what the area needs besides the database.
type Config struct {
	// Door is nil where the court asks on paper: the officer hands the letter over
	// and records the answer.
	Door Door
	// Uploads, when set, are asked about every file of an answer.
	Uploads Uploads
}

// Uploads are the files that people handed in.
type Uploads interface {
	// DecodeUploads makes the viewing copies of files that the actor uploaded and
	// refuses one that cannot be decoded.
	DecodeUploads(ctx context.Context, by model.Actor, ids []int64) error
}

// Service is the area.
type Service struct {
	db  *storage.DB
	cfg Config
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service { return &Service{db, cfg} }

// Request asks for a query in the officer's own case. Kinds that need a
// leader's approval wait for it. A repeat under the same key is the first one.
func (s *Service) Request(ctx context.Context, by model.Actor, in model.AssetQuery) (*model.AssetQuery, error) {
	if err := by.Require(model.ActQueryRequest); err != nil {
		return nil, err
	}
	var out *model.AssetQuery
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		e, cs, err := tx.LockOwnEnforcement(ctx, by, in.EnforcementCaseID)
		if err != nil {
			return err
		}
		if out, err = tx.AssetQueryByKey(ctx, by.UserID, in.IdemKey); err != nil || out != nil {
			return err
		}
		in.RequestedBy = by.UserID
		if err := addressed(ctx, tx, by, in.AgencyID, in.Kind, &in.Agency); err != nil {
			return err
		}
		q, err := model.NewAssetQuery(*e, in, tx.Now())
		if err != nil {
			return err
		}
		created, err := tx.CreateAssetQuery(ctx, q)
		if err != nil {
			return err
		}
		if created {
			if err := requested(ctx, tx, by, *cs, *e, q); err != nil {
				return err
			}
		}
		out, err = tx.AssetQueryByKey(ctx, by.UserID, in.IdemKey)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("request query: %w", err)
	}
	return out, nil
}

// requested tells the leaders who have to approve a new query.
func requested(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, e model.EnforcementFile, q *model.AssetQuery) error {
	if q.State == model.QueryRequested {
		leaders, err := tx.StaffWith(ctx, cs.CourtID, model.RoleLeader)
		if err != nil {
			return err
		}
		for _, l := range leaders {
			if l.UserID == by.UserID {
				continue
			}
			if err := tx.AddNotice(ctx, model.QueryRequestedNotice(cs, e.EnforcementCase, *q, l.UserID)); err != nil {
				return err
			}
		}
	}
	return audit(tx, by, model.ActQueryRequest, model.AuditQueryRequest, nil, q)
}

func audit(tx *storage.DB, by model.Actor, act model.Act, action model.AuditAction, before any, q *model.AssetQuery) error {
	return tx.Audit(by, by.RoleFor(act), model.AuditEvent{
		CourtID: q.CourtID, Action: action, CaseID: q.CaseID, Subject: model.ThingAssetQuery.Of(q.ID), Before: before, After: q,
	})
}

// change locks a query, lets f change it and writes it. f returns false when
// there is nothing to do: a repeat.
func (s *Service) change(ctx context.Context, by model.Actor, act model.Act, action model.AuditAction, id int64, own bool,
	f func(tx *storage.DB, q *model.AssetQuery, e *model.EnforcementFile, cs *model.Case) (bool, error),
) (*model.AssetQuery, error) {
	if err := by.Require(act); err != nil {
		return nil, err
	}
	var out *model.AssetQuery
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		q, e, cs, err := tx.LockAssetQuery(ctx, by, id, own)
		if err != nil {
			return err
		}
		out = q
		before := *q
		if changed, err := f(tx, q, e, cs); err != nil || !changed {
			return err
		}
		if err := tx.UpdateAssetQuery(ctx, q, before.Version); err != nil {
			return err
		}
		return audit(tx, by, act, action, before, q)
	})
	if err != nil {
		return nil, fmt.Errorf("%s %d: %w", action, id, err)
	}
	return out, nil
}

// Decide is a leader's decision on a query. A repeat of it changes nothing.
func (s *Service) Decide(ctx context.Context, by model.Actor, id, seen int64, approve bool, reason string) (*model.AssetQuery, error) {
	return s.change(ctx, by, model.ActQueryApprove, model.AuditQueryDecide, id, false,
		func(tx *storage.DB, q *model.AssetQuery, e *model.EnforcementFile, cs *model.Case) (bool, error) {
			if done, err := tx.Repeated(ctx, by, model.ThingAssetQuery.Of(id), seen, q.Version, "decide", approve, reason); err != nil || done {
				return false, err
			}
			if err := tx.OtherEyes(ctx, model.MatterQuery, by.UserID, q.RequestedBy); err != nil {
				return false, err
			}
			if err := q.Decide(by.UserID, seen, approve, reason, tx.Now()); err != nil || e.OfficerID == 0 {
				return err == nil, err
			}
			return true, tx.AddNotice(ctx, model.QueryDecidedNotice(*cs, e.EnforcementCase, *q))
		})
}

// letter is a query as the agency gets it.
func letter(ctx context.Context, db *storage.DB, by model.Actor, q *model.AssetQuery, e *model.EnforcementFile) (*model.QueryLetter, error) {
	p, err := db.Party(ctx, q.CaseID, q.PartyID)
	if err != nil {
		return nil, err
	}
	court, err := db.Court(ctx, q.CourtID)
	if err != nil {
		return nil, err
	}
	officer := by.Name
	if by.AgencyID != 0 { // the letter names who asks, not who reads it
		names, err := db.UserNames(ctx, []int64{e.OfficerID})
		if err != nil {
			return nil, err
		}
		officer = names[e.OfficerID]
	}
	return &model.QueryLetter{
		QueryID: q.ID, Court: court.Name, CaseNo: e.CaseNo, Agency: q.Agency, Kind: q.Kind, Name: p.Name, IDNumber: p.IDNumber, Purpose: q.Purpose,
		Officer: officer, Phone: court.Phone, DueOn: q.DueOn,
	}, nil
}

// To is who is asked: an agency of the directory, which answers at its own door,
// or any other unit by its name. The zero To is the one that was asked for.
type To struct {
	AgencyID int64
	Name     string
}

// addressed gives the name of the agency of the directory that is asked.
func addressed(ctx context.Context, tx *storage.DB, by model.Actor, agencyID int64, kind model.QueryKind, name *string) error {
	if agencyID == 0 {
		return nil
	}
	a, err := tx.Agency(ctx, by.CourtID, agencyID)
	if err != nil && model.KindOf(err) != model.NotFound {
		return err
	}
	if err != nil || !a.Active() {
		return model.InvalidField("agency_id", "query.agency", "通讯录中没有这个单位，或者已经停用，请重新选择")
	}
	if kind.Chinese() != "" && !a.Answers(kind) {
		return model.InvalidField("agency_id", "query.agency_kind", a.Name+"没有登记可以答复"+kind.Chinese()+"查询，请选择其他单位，或者先在通讯录中登记")
	}
	*name = a.Name
	return nil
}

// Send puts an approved query to the agency: to its own door when it is in the
// directory, otherwise through the court's door, or on paper. From then on the
// clock of the answer runs. A repeat changes nothing.
func (s *Service) Send(ctx context.Context, by model.Actor, id, seen int64, asked To) (*model.AssetQuery, error) {
	if err := by.Require(model.ActQueryRequest); err != nil {
		return nil, err
	}
	reference, err := s.ask(ctx, by, id, seen, asked)
	if err != nil {
		return nil, fmt.Errorf("send query %d: %w", id, err)
	}
	return s.change(ctx, by, model.ActQueryRequest, model.AuditQuerySend, id, true,
		func(tx *storage.DB, q *model.AssetQuery, e *model.EnforcementFile, _ *model.Case) (bool, error) {
			if done, err := tx.Repeated(ctx, by, model.ThingAssetQuery.Of(id), seen, q.Version, "send", asked); err != nil || done {
				return false, err
			}
			to := asked // the agency's name is filled in, and this may be run again
			court, err := tx.Court(ctx, q.CourtID)
			if err != nil {
				return false, err
			}
			days, err := tx.Calendar(ctx)
			if err != nil {
				return false, err
			}
			due, why := model.QueryDue(days, model.DateOf(tx.Now()), court.Settings.QueryAnswerTerm())
			switch {
			case to.AgencyID != 0:
				q.AgencyID = to.AgencyID
			case to.Name != "":
				q.AgencyID = 0
			}
			if err := addressed(ctx, tx, by, q.AgencyID, q.Kind, &to.Name); err != nil {
				return false, err
			}
			if err := q.Send(by.UserID, seen, to.Name, reference, due, tx.Now()); err != nil {
				return false, err
			}
			if err := tellAgency(ctx, tx, q); err != nil {
				return false, err
			}
			_, err = tx.AddTask(ctx, model.Task{
				CourtID: q.CourtID, CaseID: q.CaseID, EnforcementCaseID: e.ID, PartyID: q.PartyID, OwnerID: e.OfficerID, Kind: model.TaskQueryAnswer,
				Subject: model.ThingAssetQuery.Of(q.ID), Title: "催办" + q.Kind.Chinese() + "查询答复", DueAt: due.EndOfDay(), DueReason: why,
				DedupeKey: fmt.Sprintf("%s:%d", model.TaskQueryAnswer, q.ID),
			})
			return true, err
		})
}

// ask goes through the door, outside any transaction.
func (s *Service) ask(ctx context.Context, by model.Actor, id, seen int64, to To) (string, error) {
	q, e, err := s.db.AssetQuery(ctx, by, id)
	own := to.AgencyID != 0 || err == nil && q.AgencyID != 0 && to.Name == ""
	if err != nil || own || s.cfg.Door == nil || e.OfficerID != by.UserID || q.State == model.QuerySent {
		return "", err
	}
	if err := q.Sendable(seen); err != nil {
		return "", err
	}
	l, err := letter(ctx, s.db, by, q, e)
	if err != nil {
		return "", err
	}
	if to.Name != "" {
		l.Agency = to.Name
	}
	reference, err := s.cfg.Door.Ask(ctx, *l)
	if err != nil {
		return "", model.E(model.Unavailable, "query.door", "协助单位的接口暂时无法连接，查询尚未发出，请稍后再试").WithCause(err)
	}
	return reference, nil
}

// Answer is what the officer records of an agency's answer.
type Answer struct {
	On       model.Date
	Note     string
	Findings []model.AssetFinding
	Files    []int64
	IdemKey  string
}

// Answer records an agency's answer; no findings is an answer too. A repeat
// under the same key changes nothing.
func (s *Service) Answer(ctx context.Context, by model.Actor, id, seen int64, a Answer) (*model.AssetQuery, error) {
	return s.change(ctx, by, model.ActQueryRequest, model.AuditQueryAnswer, id, true,
		func(tx *storage.DB, q *model.AssetQuery, _ *model.EnforcementFile, _ *model.Case) (bool, error) {
			if done, err := tx.Repeated(ctx, by, model.ThingAssetQuery.Of(id), seen, q.Version, "answer", a); err != nil || done {
				return false, err
			}
			a := a // rows get numbers, and this may be run again
			a.Findings = slices.Clone(a.Findings)
			files := slices.Compact(slices.Sorted(slices.Values(a.Files)))
			if err := q.Answer(by.UserID, seen, a.On, a.Note, a.IdemKey, a.Findings, files, tx.Now()); err != nil {
				return false, err
			}
			rows := make([]model.AssetQueryFile, len(files))
			for i, f := range files {
				if err := tx.KeepFile(ctx, f, q.CaseID, by.UserID); err != nil {
					return false, model.InvalidField("file_ids", "file.unknown", "没有这个文件，请重新上传").WithCause(err)
				}
				rows[i] = model.AssetQueryFile{QueryID: q.ID, FileID: f, CaseID: q.CaseID, Seq: i + 1}
			}
			if err := tx.AddQueryAnswer(ctx, a.Findings, rows); err != nil {
				return false, err
			}
			return true, tx.EndTasks(ctx, model.TaskDone, by.UserID, "已答复", model.TaskMatch{CaseID: q.CaseID, Subject: model.ThingAssetQuery.Of(q.ID)})
		})
}

// Cancel takes a query back that was not answered. A repeat changes nothing.
func (s *Service) Cancel(ctx context.Context, by model.Actor, id, seen int64, reason string) (*model.AssetQuery, error) {
	return s.change(ctx, by, model.ActQueryRequest, model.AuditQueryCancel, id, true,
		func(tx *storage.DB, q *model.AssetQuery, _ *model.EnforcementFile, _ *model.Case) (bool, error) {
			if done, err := tx.Repeated(ctx, by, model.ThingAssetQuery.Of(id), seen, q.Version, "cancel", reason); err != nil || done {
				return false, err
			}
			if err := q.Cancel(seen, reason); err != nil {
				return false, err
			}
			if err := tellAgency(ctx, tx, q); err != nil {
				return false, err
			}
			return true, tx.EndTasks(ctx, model.TaskCancelled, by.UserID, "查询已撤销", model.TaskMatch{CaseID: q.CaseID, Subject: model.ThingAssetQuery.Of(q.ID)})
		})
}

// Ended cancels what was asked in an enforcement case and not answered, in the
// transaction in which the case ends.
func (s *Service) Ended(ctx context.Context, tx *storage.DB, by model.Actor, e model.EnforcementFile, why string) error {
	list, err := tx.AssetQueries(ctx, e.CourtID, model.AssetQueryFilter{EnforcementCaseID: e.ID, Limit: storage.CountCeiling})
	if err != nil {
		return err
	}
	for i := range list {
		q := &list[i].AssetQuery
		if !model.QueryMachine.May(q.State, model.QueryCancelled) {
			continue
		}
		before := *q
		if err := q.Cancel(q.Version, why); err != nil {
			return err
		}
		if before.State == model.QuerySent {
			if err := tellAgency(ctx, tx, q); err != nil {
				return err
			}
		}
		if err := tx.EndTasks(ctx, model.TaskCancelled, by.UserID, why, model.TaskMatch{CaseID: q.CaseID, Subject: model.ThingAssetQuery.Of(q.ID)}); err != nil {
			return err
		}
		if err := tx.UpdateAssetQuery(ctx, q, before.Version); err != nil {
			return err
		}
		if err := audit(tx, by, model.ActQueryRequest, model.AuditQueryCancel, before, q); err != nil {
			return err
		}
	}
	return nil
}
