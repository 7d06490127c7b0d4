package assetquery

import (
	"context"
	"fmt"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// The agency's side: what the court asks of it, and its answers at its own door.

// tellAgency tells everybody with an account in the agency that is asked, once
// it is asked, and again when the query is taken back.
func tellAgency(ctx context.Context, tx *storage.DB, q *model.AssetQuery) error {
	if q.AgencyID == 0 || q.SentAt == nil {
		return nil
	}
	users, err := tx.AgencyUsers(ctx, q.AgencyID)
	if err != nil {
		return err
	}
	for _, u := range users[q.AgencyID] {
		if err := tx.AddNotice(ctx, model.QueryAddressedNotice(*q, u)); err != nil {
			return err
		}
	}
	return nil
}

// Agencies lists the agencies of the directory that answer queries of the kind
// at their own door; "" is any kind.
func (s *Service) Agencies(ctx context.Context, by model.Actor, kind model.QueryKind) ([]model.Agency, error) {
	if err := by.Require(model.ActQueryRequest); err != nil {
		return nil, err
	}
	list, err := s.db.QueryAgencies(ctx, by.CourtID)
	return slices.DeleteFunc(list, func(a model.Agency) bool { return len(a.QueryKinds) == 0 || kind != "" && !a.Answers(kind) }), err
}

// Addressed is a query as the agency sees it that is asked.
type Addressed struct {
	Query  model.AssetQuery
	CaseNo string
	// Letter names whom it is about, for as long as an answer is asked; nil
	// afterwards.
	Letter   *model.QueryLetter
	Findings []model.AssetFinding
	Files    []model.File
}

// AddressedTo lists what the court asks of the actor's agency, the newest first.
func (s *Service) AddressedTo(ctx context.Context, by model.Actor, f model.AssetQueryFilter) ([]model.AssetQueryLine, error) {
	if err := by.Require(model.ActAgencyDesk); err != nil {
		return nil, err
	}
	return s.db.AgencyQueries(ctx, by, f)
}

// AddressedQuery is one of them. Another agency's is not found. Every look is
// recorded before it is shown.
func (s *Service) AddressedQuery(ctx context.Context, by model.Actor, id int64) (*Addressed, error) {
	if err := by.Require(model.ActAgencyDesk); err != nil {
		return nil, err
	}
	q, err := s.db.AgencyQuery(ctx, by, id)
	if err != nil {
		return nil, err
	}
	e, err := s.db.EnforcementFileByID(ctx, q.EnforcementCaseID)
	if err != nil {
		return nil, err
	}
	out := &Addressed{Query: *q, CaseNo: e.CaseNo}
	action := model.AuditQueryLetter
	if q.State == model.QueryAnswered {
		action = model.AuditQueryLook
	}
	if q.State == model.QueryCancelled {
		return out, nil
	}
	err = s.db.AuditLook(ctx, by, model.RoleAgency, model.AuditEvent{CourtID: q.CourtID, Action: action, CaseID: q.CaseID, Subject: model.ThingAssetQuery.Of(id)})
	if err != nil {
		return nil, err
	}
	if q.State == model.QuerySent {
		out.Letter, err = letter(ctx, s.db, by, q, e)
		return out, err
	}
	out.Findings, out.Files, err = s.db.QueryAnswer(ctx, id)
	return out, err
}

// AnswerAddressed takes the agency's own answer; no findings is an answer too.
// A repeat under the same key changes nothing. The officer is told.
func (s *Service) AnswerAddressed(ctx context.Context, by model.Actor, id, seen int64, a Answer) (*Addressed, error) {
	if err := by.Require(model.ActAgencyDesk); err != nil {
		return nil, err
	}
	files := slices.Compact(slices.Sorted(slices.Values(a.Files)))
	if q, err := s.db.AgencyQuery(ctx, by, id); err != nil {
		return nil, err
	} else if q.State == model.QuerySent && s.cfg.Uploads != nil {
		if err := s.cfg.Uploads.DecodeUploads(ctx, by, files); err != nil {
			return nil, err
		}
	}
	var out *Addressed
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		q, e, cs, err := tx.LockAgencyQuery(ctx, by, id)
		if err != nil {
			return err
		}
		out = &Addressed{CaseNo: e.CaseNo}
		defer func() { out.Query = *q }()
		if done, err := tx.Repeated(ctx, by, model.ThingAssetQuery.Of(id), seen, q.Version, "answer", a); err != nil || done {
			return err
		}
		before := *q
		found := slices.Clone(a.Findings)
		if err := q.Answer(by.UserID, seen, model.DateOf(tx.Now()), a.Note, a.IdemKey, found, files, tx.Now()); err != nil {
			return err
		}
		q.AnsweredKeyID = by.APIKeyID
		if err := tx.KeepAgencyFiles(ctx, q.AgencyID, q.CaseID, files); err != nil {
			return model.InvalidField("file_ids", "file.unknown", "没有这个文件，请重新上传").WithCause(err)
		}
		rows := make([]model.AssetQueryFile, len(files))
		for i, f := range files {
			rows[i] = model.AssetQueryFile{QueryID: q.ID, FileID: f, CaseID: q.CaseID, Seq: i + 1}
		}
		if err := tx.AddQueryAnswer(ctx, found, rows); err != nil {
			return err
		}
		if err := tx.EndTasks(ctx, model.TaskDone, by.UserID, "责任单位已答复", model.TaskMatch{CaseID: q.CaseID, Subject: model.ThingAssetQuery.Of(q.ID)}); err != nil {
			return err
		}
		if e.OfficerID != 0 {
			if err := tx.AddNotice(ctx, model.QueryAnsweredNotice(*cs, e.EnforcementCase, *q)); err != nil {
				return err
			}
		}
		if err := tx.UpdateAssetQuery(ctx, q, before.Version); err != nil {
			return err
		}
		return tx.Audit(by, model.RoleAgency, model.AuditEvent{
			CourtID: q.CourtID, Action: model.AuditQueryAnswer, CaseID: q.CaseID, Subject: model.ThingAssetQuery.Of(q.ID), Before: before, After: q,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("answer query %d: %w", id, err)
	}
	return out, nil
}

// CountAddressed counts what the actor's agency was asked on the days from and
// until and between, one line for each kind: 件次.
func (s *Service) CountAddressed(ctx context.Context, by model.Actor, from, until model.Date) ([]model.QueryCount, error) {
	if err := by.Require(model.ActAgencyDesk); err != nil {
		return nil, err
	}
	return s.counts(ctx, by, 0, by.AgencyID, from, until)
}
