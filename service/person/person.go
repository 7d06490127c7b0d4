// Package person shows what a court knows of one person or company over all its cases,
// to those who enforce against it.
package person

import (
	"cmp"
	"context"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Service is the area.
type Service struct{ db *storage.DB }

// New makes the service.
func New(db *storage.DB) *Service { return &Service{db} }

// most is how many lines of a kind are shown.
const most = 100

// Case is a case of the person.
type Case struct {
	ID          int64
	CaseNo      string
	Cause       string
	Roles       []model.PartyRole
	Performance model.Performance
	OwedFen     model.Fen // of what he owes by the instruments, and of it
	OpenFen     model.Fen // what is not performed
	DueOn       model.Date
}

// Phone is a number under which he may be reached.
type Phone struct {
	Number string
	CaseNo string // where it was entered last
}

// Related is who has to do with him: for whom he answers, or who answers for it.
type Related struct {
	Name     string
	Relation model.MeasureRelation
	CaseNo   string // of the enforcement in which it came up
	PartyID  int64  // of the company in the court's cases, 0 for a person who is no party
}

// File is all that is known of a person.
type File struct {
	Party        model.Party // as the newest case has it
	Known        bool        // by a number: other cases of his would be found
	Cases        []Case
	OpenFen      model.Fen // of all cases
	Enforcements []model.EnforcementLine
	Measures     []model.MeasureLine
	Found        []model.PersonFinding
	Queries      []model.AssetQueryLine
	Phones       []Phone
	Family       []model.RelativeLine
	Visits       []model.AssistanceLine
	Contacts     []model.Contact
	Authors      map[int64]string // who noted them
	Related      []Related
}

// Standing are the measures that bind him now.
func (f File) Standing() (out []model.MeasureLine) {
	for _, m := range f.Measures {
		if m.State == model.MeasureInForce {
			out = append(out, m)
		}
	}
	return out
}

// Of shows the person who is a party: in as many questions however many cases he has.
// The look is recorded. Errors: NotFound when the court has no such party.
func (s *Service) Of(ctx context.Context, by model.Actor, partyID int64) (*File, error) {
	if err := by.Require(model.ActPersonRead); err != nil {
		return nil, err
	}
	asked, parties, err := s.db.SamePerson(ctx, by.CourtID, partyID)
	if err != nil {
		return nil, err
	}
	out := &File{Party: parties[0], Known: asked.IDNumberHash != ""}
	ids := make([]int64, len(parties))
	for i, p := range parties {
		ids[i] = p.ID
	}
	standings, err := s.db.PersonCases(ctx, parties)
	if err != nil {
		return nil, err
	}
	numbers := map[int64]string{}
	for _, st := range standings {
		c := caseOf(st)
		out.Cases, numbers[c.ID] = append(out.Cases, c), c.CaseNo
		out.OpenFen += c.OpenFen
	}
	out.Phones = phones(parties, numbers)
	for _, load := range []func() error{
		func() (err error) {
			out.Enforcements, err = s.db.Enforcements(ctx, by.CourtID, model.EnforcementFilter{PartyIDs: ids, Limit: most})
			return err
		},
		func() (err error) {
			out.Measures, err = s.db.PersonMeasures(ctx, by.CourtID, ids, asked.IDNumberHash)
			return err
		},
		func() (err error) { out.Found, err = s.db.PersonFindings(ctx, ids); return err },
		func() (err error) {
			out.Queries, err = s.db.AssetQueries(ctx, by.CourtID, model.AssetQueryFilter{PartyIDs: ids, Limit: most})
			return err
		},
		func() (err error) { out.Family, err = s.db.PersonFamily(ctx, ids); return err },
		func() (err error) {
			out.Visits, err = s.db.Assistances(ctx, by.CourtID, 0, model.AssistanceFilter{PartyIDs: ids, Limit: most})
			return err
		},
		func() (err error) { out.Contacts, err = s.db.PersonContacts(ctx, ids); return err },
	} {
		if err := load(); err != nil {
			return nil, err
		}
	}
	authors := make([]int64, len(out.Contacts))
	for i, k := range out.Contacts {
		authors[i] = k.ByUserID
	}
	if out.Authors, err = s.db.UserNames(ctx, authors); err != nil {
		return nil, err
	}
	if out.Related, err = s.related(ctx, by, ids, out.Measures); err != nil {
		return nil, err
	}
	return out, s.db.AuditLook(ctx, by, by.RoleFor(model.ActPersonRead), model.AuditEvent{
		CourtID: by.CourtID, Action: model.AuditPersonLook, CaseID: asked.CaseID, Subject: model.ThingParty.Of(asked.ID),
	})
}

// caseOf is how things stand in one case: what he owes by the instruments, interest
// not counted.
func caseOf(st model.PartyStanding) Case {
	cs := st.Debts.Case
	c := Case{ID: cs.ID, CaseNo: cs.CaseNo, Cause: cs.Cause, Performance: cs.Performance}
	for _, id := range st.Own {
		if r := st.Debts.Party(id).Role; !slices.Contains(c.Roles, r) {
			c.Roles = append(c.Roles, r)
		}
	}
	c.OwedFen, c.OpenFen, c.DueOn = st.DebtSums()
	return c
}

// phones are his numbers, each once, the newest case's first.
func phones(parties []model.Party, numbers map[int64]string) (out []Phone) {
	for _, p := range parties {
		if p.Phone != "" && !slices.ContainsFunc(out, func(o Phone) bool { return o.Number == p.Phone }) {
			out = append(out, Phone{p.Phone, numbers[p.CaseID]})
		}
	}
	return out
}

// related tells for which companies he answers, and who answers for it, as measures
// have it.
func (s *Service) related(ctx context.Context, by model.Actor, own []int64, measures []model.MeasureLine) ([]Related, error) {
	var parties []int64
	for _, m := range measures {
		if m.Relation != model.RelationSelf && !slices.Contains(own, m.PartyID) {
			parties = append(parties, m.PartyID)
		}
	}
	labels, err := s.db.Labels(ctx, by.CourtID, nil, parties)
	if err != nil {
		return nil, err
	}
	var out []Related
	for _, m := range measures {
		if m.Relation == model.RelationSelf {
			continue
		}
		r := Related{Name: m.SubjectName, Relation: m.Relation, CaseNo: m.CaseNo}
		if !slices.Contains(own, m.PartyID) { // he is whom the measure meets, for another's debt
			r.Name, r.PartyID = labels.Parties[m.PartyID], m.PartyID
		}
		if !slices.ContainsFunc(out, func(o Related) bool { return o.Name == r.Name && o.Relation == r.Relation }) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b Related) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}
