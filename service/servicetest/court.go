package servicetest

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"microcourt/model"
	"microcourt/service/filing"
	"microcourt/service/performance"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/storagetest"
)

// Criminal is a case with a victim's medical costs, restitution, a fine and a
// confiscation; the fine falls due first, the medical costs last.
type Criminal struct {
	ID, Convict, Victim int64
	No                  string
	// instalments and obligations by category
	Installment, Obligation map[model.Category]int64
}

// CriminalInput is the input of such a case, of the judge zhang.min.
func CriminalInput() filing.CaseInput {
	in := CaseInput()
	in.CaseNo, in.Cause = strings.Replace(in.CaseNo, "民初", "刑初", 1), "盗窃罪"
	in.Parties = []filing.PartyInput{
		{Ref: "C1", Role: "victim", Kind: "person", Name: "李某", IDNumber: "11010519491231002X", Phone: "13800138000"},
		{Ref: "D1", Role: "accused", Kind: "person", Name: "彭某", IDNumber: "34052419800101001X", Phone: "13900139000"},
	}
	duty := func(ref string, category model.Category, fen model.Fen, due model.Date) filing.ObligationInput {
		o := filing.ObligationInput{Ref: ref, Kind: "money", Obligors: []string{"D1"}, AmountFen: fen, DueOn: due, Category: category}
		if o.ToCourt = category == "" || category == model.CategoryConfiscation; !o.ToCourt {
			o.Obligee = "C1"
		}
		return o
	}
	in.Instruments = []filing.InstrumentInput{{
		Ref: "I1", Kind: "judgment", Number: in.CaseNo, MadeOn: model.NewDate(2026, 1, 26), EffectiveOn: model.NewDate(2026, 2, 6), Summary: "罚金、退赔、赔偿和没收",
		Obligations: []filing.ObligationInput{
			duty("O1", "", 40000, model.NewDate(2026, 3, 6)), // not said and to the court: the fine
			duty("O2", model.CategoryConfiscation, 20000, model.NewDate(2026, 3, 6)),
			duty("O3", model.CategoryRestitution, 30000, model.NewDate(2026, 4, 6)),
			duty("O4", model.CategoryMedical, 10000, model.NewDate(2026, 6, 6)),
		},
	}}
	return in
}

// FileCriminal files such a case, or what it was changed to.
func (w *World) FileCriminal(clerk Person, change ...func(*filing.CaseInput)) Criminal {
	w.T.Helper()
	return w.fileByCategory(clerk, CriminalInput(), change)
}

func (w *World) fileByCategory(clerk Person, in filing.CaseInput, change []func(*filing.CaseInput)) Criminal {
	w.T.Helper()
	for _, f := range change {
		f(&in)
	}
	cs, _, err := w.Svc.Filing.File(context.Background(), clerk.Actor, in)
	if err != nil {
		w.T.Fatal(err)
	}
	return w.ByCategory(clerk, cs.ID)
}

// ByCategory is a case that is filed already.
func (w *World) ByCategory(reader Person, id int64) Criminal {
	w.T.Helper()
	d, err := w.Svc.Filing.Case(context.Background(), reader.Actor, id, false)
	if err != nil {
		w.T.Fatal(err)
	}
	f := Criminal{ID: id, No: d.Case.CaseNo, Installment: map[model.Category]int64{}, Obligation: map[model.Category]int64{}}
	for _, p := range d.Parties {
		if p.Ref == "D1" {
			f.Convict = p.ID
		} else {
			f.Victim = p.ID
		}
	}
	for _, ob := range d.Obligations {
		f.Obligation[ob.Category] = ob.ID
		for _, i := range d.Installments {
			if i.ObligationID == ob.ID {
				f.Installment[ob.Category] = i.ID
			}
		}
	}
	return f
}

// Pays submits what a convict says that he paid.
func (w *World) Pays(by Person, f Criminal, fen model.Fen, seed int, change ...func(*performance.Claim)) *model.Receipt {
	w.T.Helper()
	c := Claim(Filed{ID: f.ID}, fen, w.Uploaded(by, f.ID, seed))
	c.PayerName, c.PayeeName, c.ProofKind = "彭某", "", model.ProofCourtAccount
	for _, f := range change {
		f(&c)
	}
	r, err := w.Svc.Performance.Submit(context.Background(), by.Actor, c)
	if err != nil {
		w.T.Fatal(err)
	}
	return r
}

// Surcharged is a case in which an agency asks for a fine and the fine added to
// it (行政非诉执行).
type Surcharged struct {
	ID, Debtor, Principal, Surcharge int64
	No                               string
}

// SurchargeInput is the input of such a case, of the judge zhang.min.
func SurchargeInput(fine, surcharge model.Fen) filing.CaseInput {
	in := CaseInput()
	in.CaseNo, in.Cause = strings.Replace(in.CaseNo, "民初", "行审", 1), "市场监管行政处罚"
	in.Parties = []filing.PartyInput{
		{Ref: "C1", Role: "applicant", Kind: "organisation", Name: "宁波市镇海区市场监督管理局"},
		{Ref: "D1", Role: "respondent", Kind: "organisation", Name: "甬兴建材有限公司", IDNumber: "91350100M000100Y43", Phone: "13900139000"},
	}
	duty := func(ref string, category model.Category, fen model.Fen) filing.ObligationInput {
		return filing.ObligationInput{
			Ref: ref, Kind: "money", Obligors: []string{"D1"}, Obligee: "C1", AmountFen: fen, DueOn: model.NewDate(2026, 3, 31), Category: category,
		}
	}
	in.Instruments = []filing.InstrumentInput{{
		Ref: "I1", Kind: "ruling", Number: in.CaseNo, EffectiveOn: model.NewDate(2026, 2, 10), Summary: "准予强制执行罚款及加处罚款",
		Obligations: []filing.ObligationInput{duty("O1", model.CategoryPrincipal, fine), duty("O2", model.CategorySurcharge, surcharge)},
	}}
	return in
}

// FileSurcharge files such a case.
func (w *World) FileSurcharge(clerk Person, fine, surcharge model.Fen) Surcharged {
	w.T.Helper()
	c := w.fileByCategory(clerk, SurchargeInput(fine, surcharge), nil)
	return Surcharged{ID: c.ID, No: c.No, Debtor: c.Convict, Principal: c.Obligation[model.CategoryPrincipal], Surcharge: c.Obligation[model.CategorySurcharge]}
}

// Refusal is an act that is refused, and why.
type Refusal struct {
	Name   string // of the mistake
	Kind   model.Kind
	Reason string
	Field  string // that is wrong, "" for none
	Err    error
}

// No is a refusal in one line of a table.
func No(name string, kind model.Kind, reason, field string, err error) Refusal {
	return Refusal{name, kind, reason, field, err}
}

// RefusedAll expects refusals with their reasons and fields, each in words.
func (w *World) RefusedAll(list ...Refusal) {
	w.T.Helper()
	for _, r := range list {
		field := model.FieldOf(r.Err)
		if model.KindOf(r.Err) != r.Kind || model.ReasonOf(r.Err) != r.Reason || field != r.Field {
			w.T.Errorf("%s: got %v of %s (field %q), want %s (%q)", r.Name, r.Err, model.ReasonOf(r.Err), field, r.Reason, r.Field)
		}
	}
}

// TwiceAtOnce does the same act twice at once: both get the same thing.
func TwiceAtOnce(t testing.TB, act func() (id int64, err error)) int64 {
	t.Helper()
	var ids [2]int64
	var errs [2]error
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() { ids[i], errs[i] = act() })
	}
	wg.Wait()
	if errs[0] != nil || errs[1] != nil || ids[0] == 0 || ids[0] != ids[1] {
		t.Fatalf("twice at once: %v %v", ids, errs)
	}
	return ids[0]
}

// EveryCommitLost does an act again and again, of which one COMMIT is lost, or
// its answer; each of them in turn. It succeeds all the same, or says that
// nobody knows and succeeds when it is done again; a further repeat makes nothing
// new. prepare makes what the act needs afresh.
func EveryCommitLost(t *testing.T, prepare func(w *World) (act func() (id int64, err error), used func(id int64))) {
	t.Helper()
	clock := storagetest.NewClock()
	cfg, fault := storagetest.ConfigFaulty(t, clock.Now)
	w := Open(t, clock, cfg)
	w.Build()
	w.Found()
	for _, fate := range []storagetest.Fate{{Unheard: true}, {Dropped: true}, {Unheard: true, Open: true}, {Dropped: true, Open: true}} {
		if fate.Open && fault.Proxy == nil {
			continue // a file does not fall silent
		}
		for skip, lost := 0, true; lost; skip++ {
			act, used := prepare(w)
			before := fault.Lost()
			fault.Arm(skip, fate)
			id, err := act()
			fault.Disarm()
			lost = fault.Lost() > before
			if err != nil {
				if !lost || model.ReasonOf(err) != "commit.uncertain" {
					t.Fatalf("COMMIT %d (%+v, lost %v): %v", skip, fate, lost, err)
				}
				if id, err = act(); err != nil {
					t.Fatalf("COMMIT %d (%+v), again: %v", skip, fate, err)
				}
			}
			used(id)
			if again, err := act(); err != nil || again != id {
				t.Fatalf("COMMIT %d (%+v): %d, then %d %v", skip, fate, id, again, err)
			}
			if skip == 0 && !lost {
				t.Fatal("nothing was lost")
			}
		}
	}
}

// OpenTasks are the open tasks of somebody.
func (w *World) OpenTasks(by Person) []model.TaskLine {
	w.T.Helper()
	list, err := w.Svc.Enforcement.Tasks(context.Background(), by.Actor, model.TaskFilter{State: model.TaskOpen, OwnerID: by.TaskOwner(), Limit: 100})
	if err != nil {
		w.T.Fatal(err)
	}
	return list
}

// NoticesOf counts somebody's notices of a kind.
func (w *World) NoticesOf(by Person, kind model.NoticeKind) (n int) {
	w.T.Helper()
	for _, k := range w.Told(by) {
		if k == kind {
			n++
		}
	}
	return n
}

// PenaltyRows adds n criminal cases with one fine each, performed or not.
func (w *World) PenaltyRows(judgeID int64, n int, fen model.Fen, performed bool) {
	w.T.Helper()
	ctx, on := context.Background(), model.NewDate(2026, 2, 6)
	err := w.DB.Transact(ctx, func(tx *storage.DB) error {
		for i := range n {
			state := model.PerformancePending
			if performed {
				state = model.PerformanceFulfilled
			}
			cases := []model.Case{{
				CourtID: w.Court.ID, CaseNo: fmt.Sprintf("（2026）浙0211刑初%d号", 50_000+int64(fen/100)%1000*1000+int64(i)), Kind: model.CaseCriminal, Cause: "盗窃罪", FiledOn: on, JudgeID: judgeID,
				Performance: state, Version: 1,
			}}
			if err := storage.Insert(ctx, tx, cases); err != nil {
				return err
			}
			in := []model.Instrument{{CourtID: w.Court.ID, CaseID: cases[0].ID, Ref: "I1", Kind: model.Judgment, Number: cases[0].CaseNo, EffectiveOn: on, Summary: "罚金"}}
			if err := storage.Insert(ctx, tx, in); err != nil {
				return err
			}
			obs := []model.Obligation{{CourtID: w.Court.ID, CaseID: cases[0].ID, InstrumentID: in[0].ID, Ref: "O1", Kind: model.ObligationMoney, ToCourt: true, Category: model.CategoryFine, AmountFen: fen}}
			if err := storage.Insert(ctx, tx, obs); err != nil {
				return err
			}
			part := model.Installment{CourtID: w.Court.ID, CaseID: cases[0].ID, ObligationID: obs[0].ID, Seq: 1, AmountFen: fen}
			if performed {
				part.ConfirmedFen, part.PerformedOn = fen, on
			}
			parts := []model.Installment{part}
			if err := storage.Insert(ctx, tx, parts); err != nil {
				return err
			}
			if !performed {
				continue
			}
			parties := []model.Party{{CourtID: w.Court.ID, CaseID: cases[0].ID, Ref: "D1", Role: model.Accused, Kind: model.Person, Name: "彭某", NameNorm: "彭某"}}
			if err := storage.Insert(ctx, tx, parties); err != nil {
				return err
			}
			r := &model.Receipt{
				CourtID: w.Court.ID, CaseID: cases[0].ID, PartyID: parties[0].ID, UserID: judgeID, JudgeID: judgeID, IdemKey: fmt.Sprintf("rows-%d", cases[0].ID), State: model.ReceiptConfirmed,
				ClaimedFen: fen, PaidOn: on, PayerKind: model.PayerSelf, PayerName: "彭某", ProofKind: model.ProofCourtAccount, CaseNo: cases[0].CaseNo, CaseKind: model.CaseCriminal,
				ConfirmedFen: fen, Version: 2, SubmittedAt: tx.Now(),
			}
			if _, err := tx.CreateReceipt(ctx, r); err != nil {
				return err
			}
			k := []model.Confirmation{{CourtID: w.Court.ID, CaseID: cases[0].ID, ReceiptID: r.ID, Kind: model.EntryConfirm, AmountFen: fen, PaidOn: on, ByUserID: judgeID, IdemKey: r.IdemKey}}
			if err := storage.Insert(ctx, tx, k); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

// Overwrite puts another object under a key, as only the store could.
func (w *World) Overwrite(key string, b []byte) {
	w.T.Helper()
	ctx := context.Background()
	if err := w.Objects.Remove(ctx, key); err != nil {
		w.T.Fatal(err)
	}
	if err := w.Objects.Put(ctx, key, bytes.NewReader(b), int64(len(b)), object.PutOptions{}); err != nil {
		w.T.Fatal(err)
	}
}
