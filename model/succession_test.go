package model

import (
	"slices"
	"strings"
	"testing"
)

// changing is a case in which 1 owes 3 and 4 owes 3, and 1 is owed something by 4.
func changing() Debts {
	party := func(id int64, kind SubjectKind, name string) Party { return Party{ID: id, Kind: kind, Name: name} }
	return Debts{
		Case: Case{ID: 9, CaseNo: "（2026）浙0211民初9号", Kind: CaseCivil},
		Parties: []Party{
			party(1, Person, "张三"), party(2, Organisation, "甲公司"), party(3, Person, "李四"), party(4, Person, "王五"), party(5, Person, "赵六"),
			party(6, Organisation, "乙公司"), party(7, Organisation, "丙公司"),
		},
		Obligations: []Obligation{
			{ID: 10, CaseID: 9, Kind: ObligationMoney, ObligeeID: 3, AmountFen: 100_00},
			{ID: 11, CaseID: 9, Kind: ObligationMoney, ObligeeID: 2, AmountFen: 50_00},
			{ID: 12, CaseID: 9, Kind: ObligationMoney, ObligeeID: 1, AmountFen: 70_00},
		},
		Obligors: []Obligor{{ObligationID: 10, PartyID: 1, CaseID: 9}, {ObligationID: 11, PartyID: 1, CaseID: 9}, {ObligationID: 12, PartyID: 2, CaseID: 9}},
	}
}

var successionDay = NewDate(2026, 6, 1)

func everythingOpen(Obligation) bool { return true }

// onRecord is an entry that was checked and has an id.
func onRecord(t *testing.T, d Debts, s Succession, only ...int64) Succession {
	t.Helper()
	if s.Paper == "" {
		s.Paper = "（2026）浙0211执异1号执行裁定书"
	}
	if s.OnDay.IsZero() {
		s.OnDay = NewDate(2026, 5, 1)
	}
	if err := s.Settle(d, only, everythingOpen, successionDay); err != nil {
		t.Fatal(err)
	}
	s.ID = 100 + int64(len(d.Obligors))
	return s
}

// after is the case as the entry leaves it.
func after(d Debts, s Succession) Debts {
	m := s.Move(d)
	d.Obligations, d.Obligors = slices.Clone(d.Obligations), slices.Clone(d.Obligors)
	for _, ob := range m.Obligations {
		d.Obligations[slices.IndexFunc(d.Obligations, func(o Obligation) bool { return o.ID == ob.ID })] = ob
	}
	if s.Ground != SuccessionJoining {
		d.Obligors = slices.DeleteFunc(d.Obligors, func(o Obligor) bool { return o.PartyID == s.PartyID && slices.Contains(s.DebtIDs, o.ObligationID) })
	}
	d.Obligors = append(d.Obligors, m.Entering...)
	return d
}

// 变更、追加当事人规定 2–6, 11, 12; 民法典 67: who takes a party's place, on which
// side, and what papers say of it.
func TestChangeOfParties2to12(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ground      SuccessionGround
		of          int64
		to          []int64
		claim, debt string // what papers say of each side, "" where nothing moves
	}{
		{SuccessionDeath, 1, []int64{4, 5}, "权利人张三于2026年5月1日死亡，其权利由王五、赵六承继（民事执行中变更、追加当事人若干问题的规定第二条）", "义务人张三于2026年5月1日死亡，其义务由王五、赵六承继，以所得遗产的实际价值为限清偿（民法典第一千一百六十一条；民事执行中变更、追加当事人若干问题的规定第十条）"},
		{SuccessionDivorce, 1, []int64{5}, "权利人张三于2026年5月1日离婚，其权利分割给赵六（民事执行中变更、追加当事人若干问题的规定第三条）", ""},
		{SuccessionEnded, 2, []int64{6}, "权利人甲公司于2026年5月1日终止，其权利由乙公司承继（民事执行中变更、追加当事人若干问题的规定第四条）", "义务人甲公司于2026年5月1日终止，其义务由乙公司承继（民事诉讼法第二百四十三条）"},
		{SuccessionMerger, 2, []int64{6}, "权利人甲公司于2026年5月1日因合并终止，其权利由乙公司承继（民法典第六十七条第一款；民事执行中变更、追加当事人若干问题的规定第五条）", "义务人甲公司于2026年5月1日因合并终止，其义务由乙公司承继（民法典第六十七条第一款；民事执行中变更、追加当事人若干问题的规定第十一条）"},
		{SuccessionDivision, 2, []int64{6, 7}, "权利人甲公司于2026年5月1日分立，其权利由乙公司、丙公司承继（民法典第六十七条第二款；民事执行中变更、追加当事人若干问题的规定第六条）", "义务人甲公司于2026年5月1日分立，其义务由乙公司、丙公司承继，承担连带责任（民法典第六十七条第二款；民事执行中变更、追加当事人若干问题的规定第十二条）"},
	} {
		d := changing()
		s := Succession{Ground: c.ground, PartyID: c.of}
		for _, id := range c.to {
			s.Successors = append(s.Successors, Successor{PartyID: id})
		}
		s = onRecord(t, d, s)
		now := after(d, s)
		for _, ob := range now.Obligations {
			claim, debt := d.Obligation(ob.ID).OwedTo(c.of), d.Owes(c.of, ob.ID)
			for _, id := range c.to {
				if want := claim && c.claim != ""; ob.OwedTo(id) != want {
					t.Errorf("%s: obligation %d is owed to %d: %v", c.ground, ob.ID, id, !want)
				}
				if want := debt && c.debt != ""; now.Owes(id, ob.ID) != want {
					t.Errorf("%s: %d owes obligation %d: %v", c.ground, id, ob.ID, !want)
				}
			}
			if claim && c.claim != "" && (ob.OwedTo(c.of) || !ob.EverOwedTo(c.of)) || debt && c.debt != "" && (now.Owes(c.of, ob.ID) || !now.EverOwes(c.of, ob.ID)) {
				t.Errorf("%s: obligation %d does not know whose it was: %+v", c.ground, ob.ID, ob)
			}
		}
		said := strings.Join(now.Changes(now.Obligations), "\n")
		for _, want := range []string{c.claim, c.debt} {
			if want != "" && !strings.Contains(said, want) {
				t.Errorf("%s: papers say %q, want %q", c.ground, said, want)
			}
		}
	}
}

// 民法典 545–546, 变更、追加当事人规定 9: an assignment counts towards the debtor from
// the day on which its notice reached him; 576: nobody owes himself.
func TestCivilCode546(t *testing.T) {
	t.Parallel()
	d := changing()
	s := onRecord(t, d, Succession{Ground: SuccessionAssignment, PartyID: 3, Successors: []Successor{{PartyID: 5}}, NoticedOn: NewDate(2026, 5, 9)}, 10)
	if s.EffectiveOn() != NewDate(2026, 5, 9) {
		t.Errorf("it counts from %s", s.EffectiveOn())
	}
	now := after(d, s)
	if len(s.DebtIDs) > 0 || now.Obligation(10).ObligeeID != 5 {
		t.Errorf("the assignment moves %+v", s)
	}
	f, ok := now.FormerCreditor(1, func(p Party) bool { return p.Name == "李四" })
	if !ok || f.OthersTook(NewDate(2026, 5, 8)) || !f.OthersTook(NewDate(2026, 5, 9)) {
		t.Errorf("money to the assignor: %+v", f)
	}
	if got := now.Changes(now.Obligations); len(got) != 1 || !strings.Contains(got[0], "通知于2026年5月9日到达义务人（民法典第五百四十五条第一款、第五百四十六条第一款") {
		t.Errorf("papers say %q", got)
	}
	for name, c := range map[string]struct {
		s      Succession
		reason string
	}{
		"no notice":             {Succession{Ground: SuccessionAssignment, PartyID: 3, Successors: []Successor{{PartyID: 5}}}, "succession.notice"},
		"notice before it":      {Succession{Ground: SuccessionAssignment, PartyID: 3, Successors: []Successor{{PartyID: 5}}, NoticedOn: NewDate(2026, 4, 1)}, "succession.notice"},
		"to the debtor":         {Succession{Ground: SuccessionAssignment, PartyID: 3, Successors: []Successor{{PartyID: 1}}, NoticedOn: NewDate(2026, 5, 9)}, "succession.same"},
		"to two":                {Succession{Ground: SuccessionAssignment, PartyID: 3, Successors: []Successor{{PartyID: 4}, {PartyID: 5}}, NoticedOn: NewDate(2026, 5, 9)}, "succession.successors"},
		"of what he has not":    {Succession{Ground: SuccessionAssignment, PartyID: 4, Successors: []Successor{{PartyID: 5}}, NoticedOn: NewDate(2026, 5, 9)}, "succession.nothing"},
		"a notice of a death":   {Succession{Ground: SuccessionDeath, PartyID: 3, Successors: []Successor{{PartyID: 5}}, NoticedOn: NewDate(2026, 5, 9)}, "succession.notice"},
		"a company dies":        {Succession{Ground: SuccessionDeath, PartyID: 2, Successors: []Successor{{PartyID: 5}}}, "succession.ground"},
		"a person merges":       {Succession{Ground: SuccessionMerger, PartyID: 3, Successors: []Successor{{PartyID: 6}}}, "succession.ground"},
		"nobody":                {Succession{Ground: SuccessionDeath, PartyID: 3}, "succession.successors"},
		"himself":               {Succession{Ground: SuccessionDeath, PartyID: 3, Successors: []Successor{{PartyID: 3}}}, "succession.successors"},
		"renounced a company":   {Succession{Ground: SuccessionMerger, PartyID: 2, Successors: []Successor{{PartyID: 6, Renounced: true}}}, "succession.renounced"},
		"a limit for a company": {Succession{Ground: SuccessionMerger, PartyID: 2, Successors: []Successor{{PartyID: 6, Limited: true}}}, "succession.limit"},
		"unknown":               {Succession{Ground: "x", PartyID: 3}, "succession.ground"},
		"a stranger":            {Succession{Ground: SuccessionDeath, PartyID: 99}, "succession.party"},
	} {
		c.s.OnDay, c.s.Paper = NewDate(2026, 5, 1), "协议"
		if err := c.s.Settle(d, nil, everythingOpen, successionDay); ReasonOf(err) != c.reason {
			t.Errorf("%s: got %v, want %s", name, err, c.reason)
		}
	}
	late := Succession{Ground: SuccessionDeath, PartyID: 3, Successors: []Successor{{PartyID: 5}}, OnDay: successionDay.AddDays(1), Paper: "x"}
	if err := late.Settle(d, nil, everythingOpen, successionDay); ReasonOf(err) != "succession.day" {
		t.Errorf("a death of tomorrow: %v", err)
	}
	late.OnDay, late.Paper = successionDay, ""
	if err := late.Settle(d, nil, everythingOpen, successionDay); ReasonOf(err) != "succession.paper" {
		t.Errorf("without a paper: %v", err)
	}
	late.Paper = "死亡证明"
	if err := late.Settle(d, []int64{10}, everythingOpen, successionDay); ReasonOf(err) != "succession.all" {
		t.Errorf("a death for one claim: %v", err)
	}
	if err := late.Settle(d, nil, func(Obligation) bool { return false }, successionDay); ReasonOf(err) != "succession.nothing" {
		t.Errorf("what is performed stays with whom it was: %v", err)
	}
}

// 民法典 551, 552: an assumption needs the creditor's consent and frees the debtor;
// who joins a debt owes it beside him, up to what he promised.
func TestCivilCode551(t *testing.T) {
	t.Parallel()
	d := changing()
	s := Succession{Ground: SuccessionAssumption, PartyID: 1, Successors: []Successor{{PartyID: 5}}, OnDay: NewDate(2026, 5, 1), Paper: "协议"}
	if err := s.Settle(d, []int64{10}, everythingOpen, successionDay); ReasonOf(err) != "succession.notice" {
		t.Errorf("without consent: %v", err)
	}
	s.NoticedOn = NewDate(2026, 5, 2)
	now := after(d, onRecord(t, d, s, 10))
	if now.Owes(1, 10) || !now.Owes(5, 10) || !now.Owes(1, 11) || now.LimitOf(5) != "" {
		t.Errorf("after the assumption: %+v", now.Obligors)
	}
	joined := after(d, onRecord(t, d, Succession{Ground: SuccessionJoining, PartyID: 1, Successors: []Successor{{PartyID: 5, Limited: true, LimitFen: 30_00}}}, 10))
	if !joined.Owes(1, 10) || !joined.Owes(5, 10) || joined.LimitOf(5) != "赵六在其愿意承担的 30.00 元范围内承担责任（民法典第五百五十二条）" {
		t.Errorf("after the joining: %+v %q", joined.Obligors, joined.LimitOf(5))
	}
}

// 民法典 1161: heirs owe up to what they got of the estate, those who renounced
// owe nothing; the entry can be taken back, and everything is as it was.
func TestCivilCode1161(t *testing.T) {
	t.Parallel()
	d := changing()
	s := onRecord(t, d, Succession{Ground: SuccessionDeath, PartyID: 1, Successors: []Successor{{PartyID: 4, Limited: true, LimitFen: 80_00}, {PartyID: 5, Renounced: true}}})
	now := after(d, s)
	if !now.Owes(4, 10) || now.Owes(5, 10) || now.Owes(1, 10) || now.Obligation(12).ObligeeID != 4 {
		t.Errorf("after the death: %+v %+v", now.Obligors, now.Obligations)
	}
	if got := now.LimitOf(4); got != "王五以所得遗产的实际价值 80.00 元为限承担清偿责任（民法典第一千一百六十一条）" {
		t.Errorf("his limit: %q", got)
	}
	if got := strings.Join(now.Changes(now.Obligations), ""); !strings.Contains(got, "赵六放弃继承，不负清偿责任") {
		t.Errorf("papers say %q", got)
	}
	court := Court{Name: "某法院"}
	now.Installments = []Installment{{ID: 1, ObligationID: 10, AmountFen: 100_00, DueOn: NewDate(2026, 4, 1)}}
	now.Instruments = []Instrument{{EffectiveOn: NewDate(2026, 3, 1)}}
	f := now.ReminderFacts(court, "法官", 4, false, "1号", Payments{}, successionDay)
	if last := f.Points[len(f.Points)-1]; last.Title != "当事人变更" || !strings.Contains(last.Text, "80.00 元为限") {
		t.Errorf("the demand to the heir says %+v", last)
	}
	none := Succession{Ground: SuccessionDeath, PartyID: 1, Successors: []Successor{{PartyID: 5, Renounced: true}}, OnDay: NewDate(2026, 5, 1), Paper: "x"}
	if err := none.Settle(d, nil, everythingOpen, successionDay); ReasonOf(err) != "succession.successors" {
		t.Errorf("everybody renounced: %v", err)
	}
	later := onRecord(t, now, Succession{Ground: SuccessionAssignment, PartyID: 4, Successors: []Successor{{PartyID: 7}}, NoticedOn: NewDate(2026, 5, 20)})
	later.ID = 900
	twice := after(now, later)
	undo := Succession{UndoesID: s.ID, Reason: "继承公证被撤销"}
	if _, err := undo.Undo([]Succession{s, later}, twice); ReasonOf(err) != "succession.later" {
		t.Errorf("what others rest on: %v", err)
	}
	if _, err := undo.Undo([]Succession{s}, now); err != nil || undo.Ground != SuccessionUndo {
		t.Fatal(err)
	}
	for _, ob := range s.MoveBack(now) {
		if was := d.Obligation(ob.ID); ob.ObligeeID != was.ObligeeID || len(ob.Formers) > 0 {
			t.Errorf("taken back, obligation %d is %+v", ob.ID, ob)
		}
	}
	if _, err := (&Succession{UndoesID: 5, Reason: "x"}).Undo([]Succession{s}, now); ReasonOf(err) != "succession.undo" {
		t.Errorf("of what is not there: %v", err)
	}
}

// 民法典 546 para. 1: money that an assignor receives for what he is still owed pays
// nothing of what he assigned, once the debtor was told.
func TestMoneyOfAnAssignor(t *testing.T) {
	t.Parallel()
	d := changing()
	d.Obligations[1].ObligeeID = 3 // 1 owes 3 twice
	d.Installments = []Installment{
		{ID: 1, ObligationID: 10, AmountFen: 100_00, DueOn: NewDate(2026, 1, 1)}, {ID: 2, ObligationID: 11, AmountFen: 50_00, DueOn: NewDate(2026, 2, 1)},
	}
	s := onRecord(t, d, Succession{Ground: SuccessionAssignment, PartyID: 3, Successors: []Successor{{PartyID: 6}}, OnDay: NewDate(2026, 5, 1), NoticedOn: NewDate(2026, 5, 10)}, 10)
	d = after(d, s)
	pays := func(on Date) Spread {
		return d.Spread(Payment{AmountFen: 50_00, PaidOn: on, PayeeID: 3}, d.Installments, Payments{}, CourtSettings{})
	}
	if out := pays(NewDate(2026, 5, 9)); len(out.Shares) != 1 || out.Shares[0].InstallmentID != 1 {
		t.Errorf("before the notice the oldest: %+v", out)
	}
	if out := pays(NewDate(2026, 5, 10)); len(out.Shares) != 1 || out.Shares[0] != (Share{2, 50_00}) {
		t.Errorf("after it, what he is owed himself: %+v", out)
	}
	d.Installments[1].PerformedOn = NewDate(2026, 3, 1)
	if out := pays(NewDate(2026, 5, 10)); len(out.Shares) != 1 || out.Shares[0].InstallmentID != 1 {
		t.Errorf("where nothing else is owed to him, the judge is asked: %+v", out)
	}
	if d.oneCreditor(d.Installments) {
		t.Error("two creditors are one")
	}
	d.Obligations[0].setObligees([]int64{3, 5})
	if d.oneCreditor(d.Installments) {
		t.Error("what is owed to two together is owed to one of them")
	}
}

// 民法典 519 para. 1, 552: those who take a joint debtor's place bear his share and no
// more, and whoever joins counts as one more debtor.
func TestSharesOfSuccessors(t *testing.T) {
	t.Parallel()
	d := changing()
	d.Obligors = []Obligor{{ObligationID: 10, PartyID: 1, CaseID: 9}, {ObligationID: 10, PartyID: 4, CaseID: 9}}
	d.Obligations = d.Obligations[:1]
	died := after(d, onRecord(t, d, Succession{Ground: SuccessionDeath, PartyID: 1, Successors: []Successor{{PartyID: 5}, {PartyID: 6}}}))
	share := func(d Debts, party int64) Fen { return ShareOf(d.Obligations[0], d.Obligors, party) }
	if a, b, c := share(died, 4), share(died, 5), share(died, 6); a != 50_00 || b != 25_00 || c != 25_00 || share(died, 1) != 0 {
		t.Errorf("%d, %d and %d", a, b, c)
	}
	joined := after(d, onRecord(t, d, Succession{Ground: SuccessionJoining, PartyID: 1, Successors: []Successor{{PartyID: 7}}}))
	if a, b, c := share(joined, 1), share(joined, 4), share(joined, 7); a != 33_34 || b != 33_33 || c != 33_33 {
		t.Errorf("%d, %d and %d", a, b, c)
	}
	heir := after(d, onRecord(t, d, Succession{Ground: SuccessionDeath, PartyID: 1, Successors: []Successor{{PartyID: 4}, {PartyID: 5}}}))
	if a, b := share(heir, 4), share(heir, 5); a != 75_00 || b != 25_00 {
		t.Errorf("a joint debtor who is an heir: %d and %d", a, b)
	}
}
