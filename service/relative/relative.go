// Package relative lets the families of debtors reach the officer who enforces
// against them. Somebody asks to be connected: with a code of the court or of
// the debtor, or by choosing an officer. Whoever decides knows the debtor; he
// who asks learns nothing before he is admitted, and after it only what paying
// needs.
package relative

import (
	"context"
	"fmt"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the area.
type Service struct {
	db    *storage.DB
	calls Calls
}

// Calls are the calls that were agreed on with people.
type Calls interface {
	// EndCalls ends what was agreed on with a relative, in the transaction that ends
	// his link.
	EndCalls(ctx context.Context, tx *storage.DB, by model.Actor, r model.Relative) error
}

// New makes the service.
func New(db *storage.DB, calls Calls) *Service { return &Service{db, calls} }

// Officers finds officers by their own name, their court's, or that of a town
// or village of its district. It is public and says nothing of any case.
func (s *Service) Officers(ctx context.Context, text string) ([]model.Officer, error) {
	text = strings.ReplaceAll(model.Fold(text), " ", "")
	if text == "" {
		return nil, model.InvalidField("q", "field.required", "请输入执行法官的姓名、法院名称或者所在镇村")
	}
	return s.db.Officers(ctx, text, 50)
}

// Asking is what somebody says who asks to be connected: with a code, or to an
// officer.
type Asking struct {
	model.Relative
	Code string
}

// Ask asks to be connected to a debtor. The answer is the same whether the
// debtor and the case number that he names exist or not: nothing is looked up
// for him. A repeat under the same key is the first request, and so is a second
// one with a code for a debtor to whom he asked to be connected.
func (s *Service) Ask(ctx context.Context, by model.Actor, a Asking) (*model.Relative, error) {
	if err := by.Require(model.ActRelativeAsk); err != nil {
		return nil, err
	}
	if err := a.Check(); err != nil {
		return nil, err
	}
	if a.Code != "" {
		if err := s.mayTry(ctx, by); err != nil {
			return nil, err
		}
	}
	var r model.Relative
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		r = a.Relative
		old, err := tx.RelativeByKey(ctx, by.UserID, a.IdemKey)
		if err != nil {
			return err
		}
		if old != nil {
			r = *old
			return nil
		}
		r.UserID, r.State = by.UserID, model.RelativeAsked
		var known *model.Relative
		if a.Code != "" {
			known, err = s.byCode(ctx, tx, &r, a.Code)
		} else {
			err = bySearch(ctx, tx, &r)
		}
		if err != nil {
			return err
		}
		if known != nil {
			r = *known
			return nil
		}
		return s.ask(ctx, tx, by, &r)
	})
	if model.ReasonOf(err) == wrongCode {
		return nil, s.failed(ctx, by, err)
	}
	if err != nil {
		return nil, fmt.Errorf("ask as a relative: %w", err)
	}
	return &r, nil
}

// bySearch is a request to an officer: which debtor is meant he will say.
func bySearch(ctx context.Context, tx *storage.DB, r *model.Relative) error {
	officer, err := tx.Officer(ctx, r.OfficerID)
	if err != nil && model.KindOf(err) != model.NotFound {
		return err
	}
	if err != nil {
		return model.InvalidField("officer_id", "officer.unknown", "没有找到这位执行法官，请重新查找")
	}
	r.Via, r.CourtID = model.ViaSearch, officer.CourtID
	return nil
}

func (s *Service) ask(ctx context.Context, tx *storage.DB, by model.Actor, r *model.Relative) error {
	court, err := tx.Court(ctx, r.CourtID)
	if err != nil {
		return err
	}
	blocked, err := tx.BlockedIn(ctx, by.UserID, r.CourtID)
	if err != nil {
		return err
	}
	if blocked {
		return model.E(model.Conflict, "relative.blocked", "您与该院执行法官的联系已被限制，不能再次申请；如有异议，请联系法院")
	}
	n, err := tx.RelativesSince(ctx, by.UserID, tx.Now().Add(-24*time.Hour))
	if err != nil {
		return err
	}
	if most := court.Settings.RelativeAsks(); n >= int64(most) {
		return model.E(model.TooMany, "relative.too_many", fmt.Sprintf("您今天已提出 %d 次联系申请，请明天再试，或者拨打法院电话", most))
	}
	if err := tx.CreateRelative(ctx, r); err != nil {
		return err
	}
	if r.Via == model.ViaInvitation {
		cs, err := tx.CaseByID(ctx, r.CaseID)
		if err != nil {
			return err
		}
		if err := tx.AddNotice(ctx, model.RelativeInvitedNotice(*cs, *r)); err != nil {
			return err
		}
	}
	people, err := tx.Substitutes(ctx, r.OfficerID)
	if err != nil {
		return err
	}
	for _, user := range append(people, r.OfficerID) {
		if user == 0 {
			continue // nobody has the case yet; who gets it sees the request
		}
		if err := tx.AddNotice(ctx, model.RelativeAskedNotice(*r, user)); err != nil {
			return err
		}
	}
	return tx.Audit(by, by.RoleFor(model.ActRelativeAsk), model.AuditEvent{
		CourtID: r.CourtID, Action: model.AuditRelativeAsk, CaseID: r.CaseID, Subject: model.ThingRelative.Of(r.ID), After: r,
	})
}

// Own lists the user's own requests and links.
func (s *Service) Own(ctx context.Context, by model.Actor) ([]model.RelativeLine, error) {
	if err := by.Require(model.ActRelativeAsk); err != nil {
		return nil, err
	}
	return s.db.Relatives(ctx, by, "", 0, 0, 100)
}

// Requests lists the links that the court's people may see, those that wait the
// oldest first.
func (s *Service) Requests(ctx context.Context, by model.Actor, state model.RelativeState, enforcementID, after int64, limit int) ([]model.RelativeLine, error) {
	if err := by.Require(model.ActRelativeRead); err != nil {
		return nil, err
	}
	return s.db.Relatives(ctx, by, state, enforcementID, after, limit)
}

// Waiting counts the requests that wait for the actor.
func (s *Service) Waiting(ctx context.Context, by model.Actor) (int64, error) {
	if err := by.Require(model.ActRelativeRead); err != nil {
		return 0, err
	}
	return s.db.CountRelatives(ctx, by, model.RelativeAsked)
}

// Detail is a link as whoever decides it sees it.
type Detail struct {
	model.RelativeLine
	// Candidates are the debtors whom he may mean, while nobody said which one.
	Candidates []model.DebtorCandidate
	Entries    []model.RelativeEntry
	Names      map[int64]string // of who decided
}

// Request reads a link; the look is recorded, because it has the person's name
// and phone.
func (s *Service) Request(ctx context.Context, by model.Actor, id int64) (*Detail, error) {
	if err := by.Require(model.ActRelativeRead); err != nil {
		return nil, err
	}
	line, err := s.db.RelativeLine(ctx, by, id)
	if err != nil {
		return nil, err
	}
	d := &Detail{RelativeLine: *line}
	err = s.db.AuditLook(ctx, by, by.RoleFor(model.ActRelativeRead), model.AuditEvent{
		CourtID: d.CourtID, CaseID: d.CaseID, Action: model.AuditRelativeLook, Subject: model.ThingRelative.Of(id),
	})
	if err != nil {
		return nil, err
	}
	if d.PartyID == 0 && by.May(model.ActRelativeDecide) {
		name := model.NormalizeName(d.DebtorName)
		found, err := s.db.DebtorCandidates(ctx, by, []string{name})
		if err != nil {
			return nil, err
		}
		d.Candidates = found[name]
	}
	if d.Entries, err = s.db.RelativeEntries(ctx, id); err != nil {
		return nil, err
	}
	var people []int64
	for _, e := range d.Entries {
		people = append(people, e.ByUserID)
	}
	d.Names, err = s.db.UserNames(ctx, people)
	return d, err
}
