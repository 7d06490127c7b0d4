// Package liaison keeps the roster of 执行联络员, the people in towns and
// villages who help officers to find and to persuade, and the requests to them.
package liaison

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the area.
type Service struct{ db *storage.DB }

// New makes the service.
func New(db *storage.DB) *Service { return &Service{db} }

// AddVillage adds a village to the court's district; it is the same village
// again under the same names.
func (s *Service) AddVillage(ctx context.Context, by model.Actor, v model.Village) (*model.Village, error) {
	if err := by.Require(model.ActLiaisonManage); err != nil {
		return nil, err
	}
	if err := v.Check(); err != nil {
		return nil, err
	}
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		_, err := s.addVillage(ctx, tx, by, &v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("add village: %w", err)
	}
	return &v, nil
}

// addVillage adds a village unless the court has it, and tells which.
func (s *Service) addVillage(ctx context.Context, tx *storage.DB, by model.Actor, v *model.Village) (bool, error) {
	v.CourtID = by.CourtID
	created, err := tx.AddVillage(ctx, v)
	if err != nil || !created {
		return false, err
	}
	return true, tx.Audit(by, by.RoleFor(model.ActLiaisonManage), model.AuditEvent{
		CourtID: v.CourtID, Action: model.AuditVillageAdd, Subject: model.ThingVillage.Of(v.ID), After: v,
	})
}

// Coverage lists the court's villages by town with their liaisons today, so
// that those without one show.
func (s *Service) Coverage(ctx context.Context, by model.Actor) ([]model.TownCoverage, error) {
	if err := by.Require(model.ActLiaisonRead); err != nil {
		return nil, err
	}
	list, err := s.db.Villages(ctx, by.CourtID, model.DateOf(s.db.Now()))
	return model.Coverage(list), err
}

// Roster lists the court's entries.
func (s *Service) Roster(ctx context.Context, by model.Actor, before int64, limit int) ([]model.LiaisonLine, error) {
	if err := by.Require(model.ActLiaisonRead); err != nil {
		return nil, err
	}
	return s.db.Liaisons(ctx, by.CourtID, before, limit)
}

// Entry is one entry with its history; the look is recorded because it has the
// person's phone.
func (s *Service) Entry(ctx context.Context, by model.Actor, id int64) (*model.LiaisonLine, []model.LiaisonEntry, error) {
	if err := by.Require(model.ActLiaisonRead); err != nil {
		return nil, nil, err
	}
	l, err := s.db.Liaison(ctx, by.CourtID, id)
	if err != nil {
		return nil, nil, err
	}
	err = s.db.AuditLook(ctx, by, by.RoleFor(model.ActLiaisonRead), model.AuditEvent{
		CourtID: l.CourtID, Action: model.AuditLiaisonLook, Subject: model.ThingLiaison.Of(id),
	})
	if err != nil {
		return nil, nil, err
	}
	history, err := s.db.LiaisonHistory(ctx, id)
	return l, history, err
}

// checked are the villages of an entry, each once, if the court has them.
func checked(ctx context.Context, tx *storage.DB, courtID int64, l *model.Liaison, ids []int64) ([]model.Village, []int64, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	if err := l.Check(ids, model.DateOf(tx.Now())); err != nil {
		return nil, nil, err
	}
	list, err := tx.VillagesByID(ctx, courtID, ids)
	if err == nil && len(list) != len(ids) {
		err = model.InvalidField("village_ids", "village.unknown", "没有这个村（社区），请先登记")
	}
	return list, ids, err
}

func names(list []model.Village) string {
	var out []string
	for _, v := range list {
		out = append(out, v.Town+v.Name)
	}
	s := []rune(strings.Join(out, "、"))
	if len(s) > 200 {
		return string(s[:200]) + "等"
	}
	return string(s)
}

// Add puts a person on the roster. A repeat under the same key is the first
// entry.
func (s *Service) Add(ctx context.Context, by model.Actor, in model.Liaison, villages []int64) (*model.LiaisonLine, error) {
	if err := by.Require(model.ActLiaisonManage); err != nil {
		return nil, err
	}
	var out *model.LiaisonLine
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		out = nil
		old, err := tx.LiaisonByKey(ctx, by.UserID, in.IdemKey)
		if err != nil {
			return err
		}
		if old != nil {
			out, err = tx.Liaison(ctx, by.CourtID, old.ID)
			return err
		}
		out, err = s.add(ctx, tx, by, &in, villages)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("add liaison: %w", err)
	}
	return out, nil
}

// add puts a person on the roster within a transaction.
func (s *Service) add(ctx context.Context, tx *storage.DB, by model.Actor, in *model.Liaison, villages []int64) (*model.LiaisonLine, error) {
	list, ids, err := checked(ctx, tx, by.CourtID, in, villages)
	if err != nil {
		return nil, err
	}
	in.CourtID, in.CreatedBy, in.Version, in.UserID = by.CourtID, by.UserID, 1, 0
	if created, err := tx.CreateLiaison(ctx, in); err != nil || !created {
		if err == nil {
			err = model.E(model.Conflict, "liaison.changed", "内容刚刚被其他人更新，请刷新后再操作")
		}
		return nil, err
	}
	if err := tx.SetLiaisonVillages(ctx, in.ID, nil, ids); err != nil {
		return nil, err
	}
	if err := s.entered(ctx, tx, by, model.AuditLiaisonAdd, nil, in, fmt.Sprintf("列入名册，任期 %s 至 %s，联络：%s", in.FromOn, in.UntilOn, names(list))); err != nil {
		return nil, err
	}
	return tx.Liaison(ctx, by.CourtID, in.ID)
}

func (s *Service) entered(ctx context.Context, tx *storage.DB, by model.Actor, action model.AuditAction, before any, l *model.Liaison, text string) error {
	if err := tx.AddLiaisonEntry(ctx, model.LiaisonEntry{LiaisonID: l.ID, CourtID: l.CourtID, Text: text, ByUserID: by.UserID}); err != nil {
		return err
	}
	role := by.RoleFor(model.ActLiaisonManage)
	if action == model.AuditLiaisonBind {
		role = by.RoleFor(model.ActBind)
	}
	return tx.Audit(by, role, model.AuditEvent{CourtID: l.CourtID, Action: action, Subject: model.ThingLiaison.Of(l.ID), Before: before, After: l})
}

// Update changes an entry: its person's phone, his villages, his term. What it
// was stays in the history.
func (s *Service) Update(ctx context.Context, by model.Actor, id, seen int64, in model.Liaison, villages []int64, reason string) (*model.LiaisonLine, error) {
	if err := by.Require(model.ActLiaisonManage); err != nil {
		return nil, err
	}
	if reason = strings.TrimSpace(reason); reason == "" || len([]rune(reason)) > 100 {
		return nil, model.InvalidField("reason", "reason.required", "请填写更改的原因，不超过 100 字")
	}
	var out *model.LiaisonLine
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		old, err := tx.Liaison(ctx, by.CourtID, id)
		if err != nil {
			return err
		}
		out = old
		if done, err := tx.Repeated(ctx, by, model.ThingLiaison.Of(id), seen, old.Version, "update", in, villages, reason); err != nil || done {
			return err
		}
		if old.Version != seen {
			return model.E(model.Conflict, "liaison.changed", "内容刚刚被其他人更新，请刷新后再操作")
		}
		list, ids, err := checked(ctx, tx, by.CourtID, &in, villages)
		if err != nil {
			return err
		}
		now := old.Liaison
		now.Name, now.Phone, now.FromOn, now.UntilOn = in.Name, in.Phone, in.FromOn, in.UntilOn
		other := now.Name != old.Name
		if other { // the phone and the slip are the other person's
			now.UserID = 0
			if err := tx.VoidLiaisonCodes(ctx, id); err != nil {
				return err
			}
		}
		if err := tx.UpdateLiaison(ctx, &now, seen); err != nil {
			return err
		}
		var was []int64
		for _, v := range old.Villages {
			was = append(was, v.ID)
		}
		if err := tx.SetLiaisonVillages(ctx, id, was, ids); err != nil {
			return err
		}
		text := fmt.Sprintf("%s：姓名 %s，任期 %s 至 %s，联络：%s", reason, now.Name, now.FromOn, now.UntilOn, names(list))
		if now.Phone != old.Phone {
			text += "；手机号已更改"
		}
		if other && old.UserID != 0 {
			text += "；姓名已更改，原来绑定的手机不再使用"
		}
		if err := s.entered(ctx, tx, by, model.AuditLiaisonUpdate, old.Liaison, &now, text); err != nil {
			return err
		}
		out, err = tx.Liaison(ctx, by.CourtID, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("update liaison %d: %w", id, err)
	}
	return out, nil
}

const (
	maxFailures = 10 // wrong codes by one user
	codeBlock   = 24 * time.Hour
)

// Code is a one-time code in the clear; it cannot be shown again.
type Code struct {
	Code      string
	ExpiresAt time.Time
	Liaison   model.LiaisonLine
	// Paper is what the slip with the code says; its number stands in the
	// liaison's history.
	Paper model.DocumentFacts
}

// IssueCode makes a one-time code with which the phone of whoever holds the
// paper becomes the liaison's. Older unused codes of the entry end.
func (s *Service) IssueCode(ctx context.Context, by model.Actor, id int64) (*Code, error) {
	if err := by.Require(model.ActLiaisonManage); err != nil {
		return nil, err
	}
	code := model.PaperCode(rand.Text)
	out := &Code{Code: model.GroupCode(code)}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		l, err := tx.Liaison(ctx, by.CourtID, id)
		if err != nil {
			return err
		}
		today := model.DateOf(tx.Now())
		if today.After(l.UntilOn) {
			return model.E(model.Conflict, "liaison.over", "该联络员任期已满，请先更改任期")
		}
		court, err := tx.Court(ctx, l.CourtID)
		if err != nil {
			return err
		}
		out.Liaison, out.ExpiresAt = *l, today.AddDays(court.Settings.BindingCodeDays+1).Start()
		err = tx.CreateLiaisonCode(ctx, &model.LiaisonCode{
			CourtID: l.CourtID, LiaisonID: id, CodeHash: tx.LookupHash(storage.LookupCode, "liaison:"+code), IssuedBy: by.UserID, ExpiresAt: out.ExpiresAt,
		})
		if err != nil {
			return err
		}
		n, err := tx.NextSerial(ctx, court.ID, model.DocumentLiaisonSlip.Series(), today.Year)
		if err != nil {
			return err
		}
		out.Paper = model.LiaisonSlipFacts(*court, *l, out.Code, today, model.DateOf(out.ExpiresAt).AddDays(-1))
		out.Paper.Number = model.DocumentNumber(court.Settings.Pattern(model.DocumentLiaisonSlip), court.ShortName, today.Year, n)
		return s.entered(ctx, tx, by, model.AuditLiaisonCode, nil, &l.Liaison, "打印绑定码单"+out.Paper.Number)
	})
	if err != nil {
		return nil, fmt.Errorf("issue liaison code: %w", err)
	}
	return out, nil
}

// Bind makes the user's phone the liaison's for whom the code was printed.
func (s *Service) Bind(ctx context.Context, by model.Actor, code string) (*model.LiaisonLine, error) {
	if err := by.Require(model.ActBind); err != nil {
		return nil, err
	}
	subject := fmt.Sprintf("liaison-code:%d", by.UserID)
	if n, err := s.db.Failures(ctx, subject); err != nil {
		return nil, err
	} else if n >= maxFailures {
		return nil, model.E(model.TooMany, "binding.blocked", "输错次数过多，请 24 小时后再试，或联系法院")
	}
	var out *model.LiaisonLine
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		c, err := tx.LiaisonCode(ctx, tx.LookupHash(storage.LookupCode, "liaison:"+model.ReadCode(code)))
		if err != nil {
			return err
		}
		l, err := tx.Liaison(ctx, c.CourtID, c.LiaisonID)
		if err != nil {
			return err
		}
		out = l
		switch {
		case c.UsedAt != nil && c.UsedBy == by.UserID && l.UserID == by.UserID:
			return nil // the answer got lost, the phone asks again
		case c.UsedAt != nil:
			return model.InvalidField("code", "liaison_code.used", "该绑定码已被使用；如非本人操作，请立即联系法院")
		case c.VoidedAt != nil:
			return model.InvalidField("code", "liaison_code.voided", "该绑定码已被新的绑定码取代，请使用最近一次领取的绑定码")
		case !c.ExpiresAt.After(tx.Now()) || model.DateOf(tx.Now()).After(l.UntilOn):
			return model.InvalidField("code", "liaison_code.expired", "该绑定码已过期，或者您的任期已满，请联系法院")
		}
		if err := tx.UseLiaisonCode(ctx, c.ID, by.UserID); err != nil {
			return err
		}
		before := l.Liaison
		l.UserID = by.UserID
		if err := tx.UpdateLiaison(ctx, &l.Liaison, before.Version); err != nil {
			return err
		}
		text := "绑定手机"
		if before.UserID != 0 && before.UserID != by.UserID {
			text = "绑定新的手机，原手机不再使用"
		}
		if err := tx.ClearFailures(ctx, subject); err != nil {
			return err
		}
		return s.entered(ctx, tx, by, model.AuditLiaisonBind, before, &l.Liaison, text)
	})
	if err != nil && model.KindOf(err) == model.NotFound {
		if err := s.db.Transact(ctx, func(tx *storage.DB) error { return tx.AddFailure(ctx, subject, codeBlock) }); err != nil {
			return nil, err
		}
		return nil, model.InvalidField("code", "liaison_code.wrong", "绑定码不正确，请核对；连续输错 10 次将暂停绑定 24 小时")
	}
	if err != nil {
		return nil, fmt.Errorf("bind liaison: %w", err)
	}
	return out, nil
}
