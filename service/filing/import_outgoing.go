package filing

import (
	"slices"
	"time"

	"microcourt/model"
)

// Outgoing is what an import sends out, and when.
type Outgoing struct {
	Choice model.NoticeChoice
	// Chosen says that somebody chose it; otherwise it follows from the file, and
	// Why says how.
	Chosen bool
	Why    string
	FromOn model.Date
	Lines  []OutgoingLine
	// Papers are numbered papers, Texts outside text messages, Prints papers that
	// a clerk has to print and post because nothing else reaches the addressee.
	Papers, Texts, Prints int
}

// OutgoingLine is how many notices of a kind go out, and when the first one
// does if the notices were let go today.
type OutgoingLine struct {
	Kind   model.NoticeKind
	N      int
	First  model.Date
	AtOnce int // of them on that very day

	of  *plan // the first one is about this case, to the party with the ref
	ref string
}

// outgoing foresees what cases send out when their parties are told.
func outgoing(plans []*plan, court model.Court, now time.Time, o Importing) Outgoing {
	out := Outgoing{Choice: o.Notices, Chosen: o.Notices != "", FromOn: o.FromOn}
	today := model.DateOf(now)
	lines := map[model.NoticeKind]*OutgoingLine{}
	add := func(of *plan, kind model.NoticeKind, p model.Party, on model.Date) {
		l := lines[kind]
		if l == nil {
			l = &OutgoingLine{Kind: kind, First: on, of: of, ref: p.Ref}
			lines[kind] = l
		}
		l.N++
		if on.Before(l.First) {
			l.First = on
		}
		if on == today {
			l.AtOnce++
		}
		if kind.Document() != "" {
			out.Papers++
		}
		switch reachedBy(court.Settings, kind, p) {
		case model.ChannelSMS:
			out.Texts++
		case model.ChannelPaper:
			out.Prints++
		}
	}
	overdue, paid := 0, 0
	for _, p := range plans {
		q, d := p.foreseen()
		d.Case.ToldOn = today
		paid += len(p.payments)
		for _, i := range d.Installments {
			if !i.DueOn.IsZero() && i.DueOn.Before(today) {
				overdue++
			}
		}
		for _, party := range d.Parties {
			add(p, model.NoticeFiled, party, today)
		}
		for _, n := range instrumentNotices(court, q) {
			add(p, n.Kind, d.Party(n.PartyID), today)
		}
		for _, s := range d.Steps(court.Settings.ScheduleFor(p.cs.Kind), now) {
			if !s.TooLate(now) {
				add(p, s.Kind, d.Party(s.PartyID), model.DateOf(s.At))
			}
		}
	}
	for _, kind := range []model.NoticeKind{
		model.NoticeFiled, model.NoticeInstrument, model.NoticeCreditorSheet, model.NoticeDueSoon, model.NoticeFirstDemand, model.NoticeSecondDemand,
	} {
		if l := lines[kind]; l != nil {
			out.Lines = append(out.Lines, *l)
		}
	}
	if out.Chosen {
		return out
	}
	out.Choice, out.Why = model.NoticesNow, "文件中没有逾期的义务，也没有已履行的记录"
	switch {
	case overdue > 0 && paid > 0:
		out.Choice, out.Why = model.NoticesHeld, "文件中有已逾期的义务和已履行的记录，属于存量案件"
	case overdue > 0:
		out.Choice, out.Why = model.NoticesHeld, "文件中有已逾期的义务，属于存量案件"
	case paid > 0:
		out.Choice, out.Why = model.NoticesHeld, "文件中有已履行的记录，属于存量案件"
	}
	return out
}

// reachedBy is the outside channel that reaches a party who has no account yet.
func reachedBy(s model.CourtSettings, kind model.NoticeKind, p model.Party) model.ChannelName {
	for c := s.NextChannel("", kind); c != ""; c = s.NextChannel(c, kind) {
		if c == model.ChannelPaper || c == model.ChannelSMS && p.Phone != "" && kind.WorthText() {
			return c
		}
	}
	return ""
}

// foreseen is a copy of the plan in which everything has an id that holds within
// it, and the same as who owes what to whom.
func (p *plan) foreseen() (*plan, *model.Debts) {
	q := &plan{cs: p.cs, parties: slices.Clone(p.parties), instruments: p.instruments}
	refs := map[string]int64{}
	for i := range q.parties {
		q.parties[i].ID = int64(i) + 1
		refs[q.parties[i].Ref] = q.parties[i].ID
	}
	d := &model.Debts{Case: p.cs, Parties: q.parties}
	for i, ip := range p.instruments {
		in := ip.in
		in.ID = int64(i) + 1
		d.Instruments = append(d.Instruments, in)
		for _, op := range ip.obligations {
			ob := op.ob
			ob.ID, ob.InstrumentID, ob.ObligeeID = int64(len(d.Obligations))+1, in.ID, refs[op.obligee]
			d.Obligations = append(d.Obligations, ob)
			for _, ref := range op.obligors {
				d.Obligors = append(d.Obligors, model.Obligor{ObligationID: ob.ID, PartyID: refs[ref]})
			}
			for _, x := range op.installments {
				x.ID, x.ObligationID = int64(len(d.Installments))+1, ob.ID
				d.Installments = append(d.Installments, x)
			}
		}
	}
	return q, d
}

// samples name the first notice of each kind.
func (o Outgoing) samples(importID int64) []model.ImportSample {
	var out []model.ImportSample
	for _, l := range o.Lines {
		out = append(out, model.ImportSample{ImportID: importID, Kind: l.Kind, N: l.N, CaseID: l.of.cs.ID, PartyRef: l.ref})
	}
	return out
}
