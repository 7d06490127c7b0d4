package conversation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// ContentCheck judges what people outside write to the court. An error means
// that nothing is known: the message then goes its way, marked as unchecked,
// because a court must stay reachable when somebody else's service is down.
type ContentCheck interface {
	CheckText(ctx context.Context, openID, text string) (model.ContentVerdict, error)
	// CheckPicture has a picture fetched from an address; the answer comes later.
	CheckPicture(ctx context.Context, openID, address string) (trace string, err error)
}

// checkTime is how long somebody who writes waits for the check.
const checkTime = 3 * time.Second

// check asks about a text, outside of any transaction, and refuses what is
// risky; that it was refused is recorded, without the words.
func (s *Service) check(ctx context.Context, by model.Actor, w Words, text string) (model.ContentState, error) {
	if s.cfg.Content == nil || !by.IsParty() || text == "" {
		return "", nil
	}
	timed, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	v, err := s.cfg.Content.CheckText(timed, by.OpenID, text)
	if err != nil {
		s.cfg.Logger.WarnContext(ctx, "content check", "error", err.Error())
		return model.ContentUnchecked, nil
	}
	if v.State != model.ContentRisky {
		return v.State, nil
	}
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		var courtID, caseID int64
		if w.ConversationID != 0 { // a relative sees his conversation, and not the case
			c, err := tx.Conversation(ctx, by, w.ConversationID)
			if err != nil {
				return err
			}
			courtID, caseID = c.CourtID, c.CaseID
		} else {
			cs, err := tx.Case(ctx, by, w.CaseID)
			if err != nil {
				return err
			}
			courtID, caseID = cs.CourtID, cs.ID
		}
		return tx.Audit(by, by.RoleFor(model.ActMessageWrite), model.AuditEvent{
			CourtID: courtID, Action: model.AuditMessageRefused, CaseID: caseID, Subject: model.ThingCase.Of(caseID),
			After: map[string]any{"label": model.ContentLabel(v.Label), "trace": v.Trace, "characters": len([]rune(text))},
		})
	})
	if err != nil {
		return "", err
	}
	return "", model.InvalidField("text", "message.content", "内容可能含有不文明或违反规定的文字，请修改后再发；急事请拨打法院电话")
}

// queuePictures notes which files of a message are to be checked; the worker
// sends them. PDFs are not: the check takes pictures only.
func (s *Service) queuePictures(ctx context.Context, tx *storage.DB, by model.Actor, m *model.Message, files []int64) error {
	if s.cfg.Content == nil || s.cfg.PictureAddress == nil || !by.IsParty() || len(files) == 0 {
		return nil
	}
	of, err := tx.Files(ctx, files)
	if err != nil {
		return err
	}
	for _, id := range files {
		if !strings.HasPrefix(of[id].MediaType, "image/") {
			continue
		}
		err := tx.CreatePictureCheck(ctx, &model.PictureCheck{
			CourtID: m.CourtID, CaseID: m.CaseID, MessageID: m.ID, FileID: id, UserID: by.UserID, OpenID: by.OpenID, Token: s.cfg.NewCode(),
			State: model.ContentWaiting, NextAt: tx.Now(),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// PictureToCheck is the file that the checker may fetch under the token.
func (s *Service) PictureToCheck(ctx context.Context, token string) (fileID int64, err error) {
	p, err := s.db.PictureCheckByToken(ctx, token)
	if err == nil && p.Open(s.db.Now()) {
		return p.FileID, nil
	}
	if err != nil && model.KindOf(err) != model.NotFound {
		return 0, err
	}
	return 0, model.E(model.NotFound, "file.not_found", "没有找到，或您无权查看")
}

// pictures sends the pictures that wait, and gives up answers that did not
// come. Two workers may send one twice: the checker refuses the second.
func (s *Service) pictures(ctx context.Context) error {
	if s.cfg.Content == nil || s.cfg.PictureAddress == nil {
		return nil
	}
	due, err := s.db.DuePictureChecks(ctx, batch)
	if err != nil {
		return err
	}
	var errs error
	for _, p := range due {
		if p.State == model.ContentAsked {
			err = s.changePicture(ctx, p.ID, (*model.PictureCheck).GiveUp)
			errs = errors.Join(errs, err)
			continue
		}
		trace, asked := s.cfg.Content.CheckPicture(ctx, p.OpenID, s.cfg.PictureAddress(p.Token))
		if asked != nil {
			s.cfg.Logger.WarnContext(ctx, "picture check", "error", asked.Error())
		}
		err = s.changePicture(ctx, p.ID, func(p *model.PictureCheck, now time.Time) bool {
			if asked != nil {
				return p.Failed(now)
			}
			return p.Asked(trace, now)
		})
		if err != nil {
			errs = errors.Join(errs, fmt.Errorf("picture check %d: %w", p.ID, err))
		}
	}
	return errs
}

// changePicture writes what f notes of a check, if that is news.
func (s *Service) changePicture(ctx context.Context, id int64, f func(p *model.PictureCheck, now time.Time) bool) error {
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		p, err := tx.LockPictureCheck(ctx, id)
		if err != nil {
			return err
		}
		if !f(p, tx.Now()) {
			return nil
		}
		return tx.UpdatePictureCheck(ctx, p)
	})
}

// PictureVerdict takes the checker's answer on a picture, in the caller's
// transaction; known is false for a trace that was not written down yet. A
// picture that is risky is hidden, its sender told.
func (s *Service) PictureVerdict(ctx context.Context, tx *storage.DB, v model.ContentVerdict) (known bool, err error) {
	p, err := tx.LockPictureCheckByTrace(ctx, v.Trace)
	switch {
	case model.KindOf(err) == model.NotFound && err != nil:
		return false, nil //nolint:nilerr // not written down yet
	case err != nil:
		return false, err
	}
	before := *p
	if !p.Answered(v, tx.Now()) { // a repeat
		return true, nil
	}
	if err := tx.UpdatePictureCheck(ctx, p); err != nil {
		return false, err
	}
	if v.State != model.ContentRisky {
		return true, nil
	}
	if err := tx.AddNotice(ctx, model.PictureHiddenNotice(*p)); err != nil {
		return false, err
	}
	return true, tx.Audit(model.System(), model.RolePublic, model.AuditEvent{
		CourtID: p.CourtID, Action: model.AuditPictureHidden, CaseID: p.CaseID, Subject: model.ThingFile.Of(p.FileID), Before: before.State,
		After: map[string]any{"label": model.ContentLabel(p.Label), "trace": v.Trace},
	})
}
