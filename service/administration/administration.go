// Package administration is what a court's administrators and auditors do: the
// court's particulars and settings, the audit trail with its check, and the
// record of who looked at personal data.
package administration

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the area.
type Service struct{ db *storage.DB }

// New makes the service.
func New(db *storage.DB) *Service { return &Service{db} }

// Court is the actor's own court.
func (s *Service) Court(ctx context.Context, by model.Actor) (*model.Court, error) {
	if err := by.Require(model.ActSelfStaff); err != nil {
		return nil, err
	}
	return s.db.Court(ctx, by.CourtID)
}

// FormerAnswers is a list of ready answers that stood before, or stands, with whose it is.
type FormerAnswers struct {
	model.ReadyAnswerList
	By string
}

// AnswerLists are the court's lists of ready answers, the newest first: each stood until
// the one above it.
func (s *Service) AnswerLists(ctx context.Context, by model.Actor) ([]FormerAnswers, error) {
	if err := by.Require(model.ActCourtManage); err != nil {
		return nil, err
	}
	list, err := s.db.ReadyAnswerLists(ctx, by.CourtID, 20)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ids := make([]int64, len(list))
	for i, l := range list {
		ids[i] = l.ByUserID
	}
	names, err := s.db.UserNames(ctx, ids)
	out := make([]FormerAnswers, len(list))
	for i, l := range list {
		out[i] = FormerAnswers{l, cmp.Or(names[l.ByUserID], "系统")}
	}
	return out, err
}

// Particulars are what a court says about itself, and the rules that it sets.
type Particulars struct {
	Name      string              `json:"name"`
	ShortName string              `json:"short_name"`
	Phone     string              `json:"phone"`
	Address   string              `json:"address"`
	Account   string              `json:"account"`
	Settings  model.CourtSettings `json:"settings"`
}

// ParticularsOf are a court's particulars with every default spelled out.
func ParticularsOf(c model.Court) Particulars {
	return Particulars{c.Name, c.ShortName, c.Phone, c.Address, c.Account, c.Settings.Filled()}
}

func (p *Particulars) check() error {
	for _, f := range []struct {
		field, name string
		value       *string
		limit       int
		required    bool
	}{
		{"name", "法院名称", &p.Name, 100, true},
		{"short_name", "法院简称", &p.ShortName, 20, true},
		{"phone", "联系电话", &p.Phone, 40, false},
		{"address", "地址", &p.Address, 200, false},
		{"account", "案款账户", &p.Account, 300, false},
	} {
		*f.value = strings.TrimSpace(*f.value)
		if f.required && *f.value == "" {
			return model.InvalidField(f.field, "field.required", "请填写"+f.name)
		}
		if utf8.RuneCountInString(*f.value) > f.limit {
			return model.InvalidField(f.field, "field.too_long", fmt.Sprintf("%s不能超过 %d 字", f.name, f.limit))
		}
	}
	return p.Settings.Check()
}

// SetCourt replaces a court's particulars and settings. What had been planned
// by the old settings is planned anew; what was sent stays as it was.
func (s *Service) SetCourt(ctx context.Context, by model.Actor, courtID int64, p Particulars) error {
	if err := by.Require(model.ActCourtManage); err != nil {
		return err
	}
	if !by.IsSystem() && by.CourtID != courtID {
		return model.E(model.NotFound, "court.not_found", "没有找到，或您无权查看")
	}
	if err := p.check(); err != nil {
		return err
	}
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		court, err := tx.Court(ctx, courtID)
		if err != nil {
			return err
		}
		before := *court
		if err := p.Settings.KeepsCaseTypes(court.Settings); err != nil {
			return err
		}
		court.Name, court.ShortName, court.Phone, court.Address, court.Account, court.Settings = p.Name, p.ShortName, p.Phone, p.Address, p.Account, p.Settings
		if err := errors.Join(tx.UpdateCourt(ctx, court), tx.MarkStale(ctx, courtID)); err != nil {
			return err
		}
		if now := court.Settings.Answers(); !slices.Equal(now, before.Settings.Answers()) {
			if err := tx.AddReadyAnswers(ctx, &model.ReadyAnswerList{CourtID: courtID, Answers: now, ByUserID: by.UserID, CreatedAt: tx.Now()}); err != nil {
				return err
			}
		}
		return tx.Audit(by, model.RoleAdmin, model.AuditEvent{
			CourtID: courtID, Action: model.AuditCourtSet, Subject: model.ThingCourt.Of(courtID), Before: before, After: court,
		})
	})
	if err != nil {
		return fmt.Errorf("set court: %w", err)
	}
	return nil
}

// Entry is a link of the audit trail with the name of whoever acted.
type Entry struct {
	model.AuditEntry
	Who    string
	CaseNo string // "" when it is about no case
	Party  string // the party that it is about, "" when it is about none alone
	Named  bool   // Who is a name by which the trail can be narrowed
}

// Wanted narrows the trail in the words of whoever searches.
type Wanted struct {
	CaseNo string // of a case or of an enforcement, in any of its spellings
	By     string // log-in or name of a member of staff
	Person string // name of a party: what was done in its cases
}

// narrow turns words into a filter.
func (s *Service) narrow(ctx context.Context, w Wanted, f *model.AuditFilter) error {
	var err error
	if name := strings.TrimSpace(w.By); name != "" {
		if f.Users, err = s.db.StaffNamed(ctx, f.CourtID, name); err != nil {
			return err
		}
		if len(f.Users) == 0 {
			return model.InvalidField("by", "audit.nobody", "本院没有这个登录名或者姓名的工作人员")
		}
	}
	if name := strings.TrimSpace(w.Person); name != "" {
		if f.Cases, err = s.db.CasesOfPerson(ctx, f.CourtID, name); err != nil {
			return err
		}
		if len(f.Cases) == 0 {
			return model.InvalidField("person", "audit.nobody", "本院没有这个姓名的当事人，请输入全称")
		}
	}
	if w.CaseNo = strings.TrimSpace(w.CaseNo); w.CaseNo == "" {
		return nil
	}
	no, err := model.ParseCaseNo(w.CaseNo)
	if err != nil {
		return err
	}
	id, err := s.caseOf(ctx, f.CourtID, string(no))
	if err != nil {
		return err
	}
	if f.Cases != nil && !slices.Contains(f.Cases, id) {
		return model.InvalidField("person", "audit.nobody", "该案没有这个姓名的当事人，请输入全称")
	}
	f.Cases = []int64{id}
	return nil
}

// caseOf is the court's case of a number, or that of which an enforcement has the
// number: what was done in the one is a part of the other's trail.
func (s *Service) caseOf(ctx context.Context, court int64, no string) (int64, error) {
	found, err := s.db.CasesByNo(ctx, []string{no})
	if err != nil {
		return 0, err
	}
	if cs, ok := found[no]; ok && cs.CourtID == court {
		return cs.ID, nil
	}
	enforced, err := s.db.EnforcementsByNo(ctx, []string{no})
	if err != nil {
		return 0, err
	}
	if e, ok := enforced[no]; ok && e.CourtID == court {
		return e.CaseID, nil
	}
	return 0, model.E(model.NotFound, "case.not_found", "本院没有这个案号的案件")
}

// Entries lists the court's audit trail, newest first.
func (s *Service) Entries(ctx context.Context, by model.Actor, w Wanted, f model.AuditFilter) ([]Entry, error) {
	if err := by.Require(model.ActAuditRead); err != nil {
		return nil, err
	}
	f.CourtID = by.CourtID
	if err := s.narrow(ctx, w, &f); err != nil {
		return nil, err
	}
	list, err := s.db.AuditTrail(ctx, f)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	var ids, cases, parties []int64
	for _, e := range list {
		ids = append(ids, e.UserID)
		if id := e.Subject.IDOf(model.ThingParty); id != 0 {
			parties = append(parties, id)
		}
		if e.CaseID != 0 {
			cases = append(cases, e.CaseID)
		}
	}
	labels, err := s.db.Labels(ctx, by.CourtID, cases, parties)
	if err != nil {
		return nil, err
	}
	names, err := s.db.UserNames(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Entry, len(list))
	for i, e := range list {
		who, named := names[e.UserID], names[e.UserID] != "" && e.APIKeyID == 0
		switch {
		case e.APIKeyID != 0:
			who = "审判管理系统（接口）"
		case e.UserID == 0:
			who = "系统"
		case who == "":
			who = fmt.Sprintf("微信用户 %d", e.UserID)
		}
		out[i] = Entry{e, who, labels.Cases[e.CaseID], labels.Parties[e.Subject.IDOf(model.ThingParty)], named}
	}
	return out, nil
}

// Check is the outcome of walking a court's audit chain.
type Check struct {
	Links int64
	Head  string // to be kept elsewhere
	Break int64  // the first link that does not fit, 0 when none
}

// CheckTrail walks the audit chain of the actor's court from its first link.
// progress is told how many links were walked.
func (s *Service) CheckTrail(ctx context.Context, by model.Actor, progress func(walked, all int64)) (*Check, error) {
	if err := by.Require(model.ActAuditRead); err != nil {
		return nil, err
	}
	head, broken, err := s.db.VerifyCourtAudit(ctx, by.CourtID, progress)
	if err != nil {
		return nil, fmt.Errorf("check trail: %w", err)
	}
	c := &Check{Links: head.Seq, Head: head.Hash}
	if broken != nil {
		c.Break = broken.Seq
	}
	err = s.db.AuditLook(ctx, by, by.RoleFor(model.ActAuditRead), model.AuditEvent{
		CourtID: by.CourtID, Action: model.AuditAuditCheck, Subject: model.ThingCourt.Of(by.CourtID), After: c,
	})
	return c, err
}
