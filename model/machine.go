package model

import (
	"slices"
	"strings"
)

// State is how far a thing has come: a word of ours with its name on screens.
type State interface {
	~string
	Chinese() string
}

// Doer is who brings a thing to another state.
type Doer string

// Who may. Which roles of the court do it is said by the move's act.
const (
	ByCourt   Doer = "court"   // 法院
	ByOutside Doer = "outside" // 当事人、家属、联络员、责任单位: whoever is not of the court
	ByProgram Doer = "program" // 系统: a clock, the ledger, a channel's answer
)

// Chinese is the doer in words.
func (d Doer) Chinese() string {
	return map[Doer]string{ByCourt: "法院", ByOutside: "当事人等", ByProgram: "系统"}[d]
}

// Move is one line of a machine: what brings a thing from any of some states to
// another.
type Move[S State] struct {
	From []S // empty: the thing comes into being
	To   S
	// On is the event: the action of the audit trail that it leaves, or a word of
	// its own with Text. A correction is an event of its own.
	On   AuditAction
	Text string
	By   Doer
	Act  Act // by the court: the act that it is; otherwise where there is one
}

// Words are the event in words.
func (m Move[S]) Words() string {
	if m.Text != "" {
		return m.Text
	}
	return auditNames[m.On]
}

// Machine is the table of a thing's states: all that can become of it. The
// rules of a move stand in the methods of the thing; whether there is such a
// move is asked here, by them and again by the storage, which writes no state
// that cannot follow on the one in the row.
type Machine[S State] struct {
	Table string // of the database, whose column state it is
	Name  string // Chinese
	Ends  []S    // in which it stays for ever
	Moves []Move[S]
}

// May tells whether something in a state can be brought to another.
func (m Machine[S]) May(from, to S) bool {
	return slices.ContainsFunc(m.Moves, func(v Move[S]) bool { return v.To == to && slices.Contains(v.From, from) })
}

// MayBy is May for one doer.
func (m Machine[S]) MayBy(by Doer, from, to S) bool {
	return slices.ContainsFunc(m.Moves, func(v Move[S]) bool { return v.By == by && v.To == to && slices.Contains(v.From, from) })
}

// Goes tells whether a doer brings anything to a state at all.
func (m Machine[S]) Goes(by Doer, to S) bool {
	return slices.ContainsFunc(m.Moves, func(v Move[S]) bool { return v.By == by && v.To == to && len(v.From) > 0 })
}

// States lists the states in the order of the table.
func (m Machine[S]) States() (out []S) {
	add := func(s S) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, v := range m.Moves {
		for _, s := range v.From {
			add(s)
		}
		add(v.To)
	}
	return out
}

// Drawn is a machine as the storage and the documentation read it, with states
// as plain words.
type Drawn struct {
	Table, Name string
	States      []DrawnState
	Moves       []DrawnMove
}

// DrawnState is a state of a Drawn.
type DrawnState struct {
	Code, Chinese string
	End           bool
}

// DrawnMove is one arrow of a Drawn.
type DrawnMove struct {
	From, To string // From is "" where the thing comes into being
	On       AuditAction
	Text     string
	Who      string
}

func (m Machine[S]) drawn() Drawn {
	d := Drawn{Table: m.Table, Name: m.Name}
	for _, s := range m.States() {
		d.States = append(d.States, DrawnState{string(s), s.Chinese(), slices.Contains(m.Ends, s)})
	}
	for _, v := range m.Moves {
		one := DrawnMove{To: string(v.To), On: v.On, Text: v.Words(), Who: v.By.Chinese()}
		if v.Act != "" {
			one.Who = rolesInWords(v.Act, v.By)
		}
		if len(v.From) == 0 {
			d.Moves = append(d.Moves, one)
		}
		for _, s := range v.From {
			one.From = string(s)
			d.Moves = append(d.Moves, one)
		}
	}
	return d
}

// rolesInWords are the roles that may do an act, those of the doer's side.
func rolesInWords(act Act, by Doer) string {
	var names []string
	for _, r := range access[act] {
		outside := r == RoleParty || r == RoleRelative || r == RoleLiaison || r == RoleAgency
		if outside == (by == ByOutside) {
			names = append(names, r.Chinese())
		}
	}
	return strings.Join(names, "、")
}

// Into are the states in which a row may be that is written with a state: those
// from which it follows, and itself, since the rest of a row may change while
// its state stays. It is nil for a state that the machine does not have.
func (d Drawn) Into(to string) []string {
	if !slices.ContainsFunc(d.States, func(s DrawnState) bool { return s.Code == to }) {
		return nil
	}
	out := []string{to}
	for _, v := range d.Moves {
		if v.To == to && v.From != "" && !slices.Contains(out, v.From) {
			out = append(out, v.From)
		}
	}
	return out
}
