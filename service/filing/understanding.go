package filing

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

// Forgiver is a party for whom the actor may say that it forgives the debtor as a person
// (谅解), with what he has to read before.
type Forgiver struct {
	Party   model.Party
	Debtors []string
	Effect  string
	Given   *model.Understanding // what stands already, nil for nothing
}

// Forgivers are the parties of the actor that may forgive in a case.
func (s *Service) Forgivers(ctx context.Context, by model.Actor, caseID int64) ([]Forgiver, error) {
	if err := by.Require(model.ActUnderstand); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	return forgivers(ctx, s.db, by, *cs)
}

func forgivers(ctx context.Context, db *storage.DB, by model.Actor, cs model.Case) ([]Forgiver, error) {
	own, err := db.PartiesOf(ctx, cs.ID, by.UserID)
	if err != nil {
		return nil, err
	}
	debts, err := db.Debts(ctx, cs)
	if err != nil {
		return nil, err
	}
	contacts, err := db.Contacts(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	given := model.UnderstandingsOf(contacts, debts.Parties)
	var out []Forgiver
	for _, p := range own {
		f := Forgiver{Party: p, Debtors: debts.Understandable(p.ID)}
		if len(f.Debtors) == 0 {
			continue
		}
		f.Effect = debts.UnderstandingEffect(p.ID)
		if i := slices.IndexFunc(given, func(u model.Understanding) bool { return u.PartyID == p.ID }); i >= 0 {
			f.Given = &given[i]
		}
		out = append(out, f)
	}
	return out, nil
}

// Forgiving is what somebody says who forgives.
type Forgiving struct {
	CaseID  int64
	PartyID int64  // 0: the only one for whom the user acts
	Read    string // the effect as he was shown it: who read another text did not read it
	Words   string // his own, may be empty
	Key     string
}

// Forgive records that a creditor forgives the debtor as a person, by himself: an entry of
// the log of contacts, as when the court is told. An agent needs 特别授权. It takes nothing
// off the debt. A repeat under the same key is the first. Errors: NotFound for a case that
// is not his, Invalid understanding.* and party.ambiguous, Conflict understanding.given.
func (s *Service) Forgive(ctx context.Context, by model.Actor, in Forgiving) (*model.Contact, error) {
	if err := by.Require(model.ActUnderstand); err != nil {
		return nil, err
	}
	if in.Words = strings.TrimSpace(in.Words); utf8.RuneCountInString(in.Words) > 500 {
		return nil, model.InvalidField("words", "field.too_long", "说明不能超过 500 字")
	}
	var out *model.Contact
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		cs, err := tx.LockCase(ctx, by, in.CaseID)
		if err != nil {
			return err
		}
		if out, err = tx.ContactByKey(ctx, by.UserID, in.Key); err != nil || out != nil {
			return err
		}
		f, err := forgiver(ctx, tx, by, *cs, in)
		if err != nil {
			return err
		}
		c := model.Contact{
			CourtID: cs.CourtID, CaseID: cs.ID, PartyID: f.Party.ID, Channel: model.ContactForgiveness, HappenedAt: tx.Now(), ByUserID: by.UserID, IdemKey: in.Key,
			Note: "权利人一方在小程序中表示谅解，此前阅读：" + f.Effect,
		}
		if in.Words != "" {
			c.Note = "权利人的话：" + in.Words + "。" + c.Note
		}
		if _, err := tx.CreateContact(ctx, &c); err != nil {
			return err
		}
		out = &c
		return tx.Audit(by, model.RoleParty, model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditUnderstand, CaseID: cs.ID, Subject: model.ThingContact.Of(c.ID), After: c,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("forgive in case %d: %w", in.CaseID, err)
	}
	return out, nil
}

// forgiver is who forgives, if he may and has read what it does.
func forgiver(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, in Forgiving) (*Forgiver, error) {
	list, err := forgivers(ctx, tx, by, cs)
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(f Forgiver) bool { return in.PartyID != 0 && f.Party.ID != in.PartyID })
	switch len(list) {
	case 0:
		return nil, model.InvalidField("party_id", "understanding.not_creditor", "只有本案的权利人或者被害人本人一方可以表示谅解")
	case 1:
	default:
		return nil, model.InvalidField("party_id", "party.ambiguous", "您代理多名权利人，请选择为谁表示谅解")
	}
	f := list[0]
	bound, err := tx.CaseBindings(ctx, cs.ID)
	if err != nil {
		return nil, err
	}
	mine := func(b model.Binding) bool {
		return b.UserID == by.UserID && b.PartyID == f.Party.ID && b.EndedAt == nil && b.Disposes()
	}
	switch {
	case !slices.ContainsFunc(bound, mine):
		return nil, model.InvalidField("party_id", "understanding.authority", "委托代理人表示谅解，须有委托人的特别授权；请持特别授权的委托书到法院登记，或者由本人表示")
	case f.Given != nil:
		return nil, model.E(model.Conflict, "understanding.given", f.Given.Words()+"，无需重复表示")
	case in.Read != f.Effect:
		return nil, model.InvalidField("effect", "understanding.effect", "请先阅读谅解的说明再提交；说明刚刚有变化的，请重新阅读")
	}
	return &f, nil
}

// checkUnforgiven refuses that a 谅解 is found not to be one by anybody but who decides in
// the case, its judge or an officer who enforces in it, or where none stands.
func checkUnforgiven(ctx context.Context, tx *storage.DB, by model.Actor, cs model.Case, c model.Contact) error {
	enforcements, err := tx.EnforcementsOf(ctx, cs.ID)
	if err != nil {
		return err
	}
	if cs.JudgeID != by.UserID && !slices.ContainsFunc(enforcements, func(e model.EnforcementFile) bool { return e.OfficerID == by.UserID }) {
		return model.E(model.Forbidden, "role.forbidden", "谅解是否成立由法官审查，请由承办法官或者执行法官登记")
	}
	contacts, err := tx.Contacts(ctx, c.CaseID)
	if err != nil {
		return err
	}
	parties, err := tx.Parties(ctx, c.CaseID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(model.UnderstandingsOf(contacts, parties), func(u model.Understanding) bool { return u.PartyID == c.PartyID }) {
		return model.InvalidField("party_id", "contact.not_forgiven", "该当事人没有表示谅解的记录")
	}
	return nil
}
