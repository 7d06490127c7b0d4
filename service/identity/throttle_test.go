package identity_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

func from(ip string) model.Actor { return model.Actor{IP: ip, Device: "Chrome"} }

func (w *world) wrong(from model.Actor, login string) error {
	w.t.Helper()
	_, err := w.svc.LoginStaff(context.Background(), from, login, "a wrong guess", "000000")
	return err
}

// Whoever tries a judge's name from elsewhere slows himself down, longer each
// time, and never the judge: neither from where he always works nor by the
// browser that he always uses, even in the same network. What an administrator
// may do stays.
func TestStrangersDoNotLockAJudgeOut(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	m := w.member("zhang.min", "张敏", model.RoleJudge)
	office, stranger := from("192.0.2.1"), from("198.51.100.9")
	first := w.in(m, office)
	if first.Browser == "" {
		t.Fatal("the browser cannot be known again")
	}
	for range 5 {
		w.reason("login.wrong", w.wrong(stranger, "zhang.min"))
	}
	w.reason("login.locked", w.wrong(stranger, "zhang.min"))
	w.in(m, office)
	w.in(m, from("203.0.113.5")) // at home, for the first time
	// In his own network somebody guesses at the machine beside him.
	for range 5 {
		w.reason("login.wrong", w.wrong(office, "zhang.min"))
	}
	w.reason("login.locked", w.wrong(office, "zhang.min"))
	forged, known := office, office
	forged.Browser, known.Browser = "made up", first.Browser
	w.reason("login.locked", w.wrong(forged, "zhang.min"))
	known.Browser = w.in(m, known).Browser
	// From everywhere at once: strange places wait, known ones do not.
	var last error
	for i := range 2 * model.ThrottleAccount.Free {
		last = w.wrong(from(fmt.Sprintf("2001:db8:%x::1", i)), "zhang.min")
	}
	w.reason("login.locked", last)
	list, err := w.svc.ListStaff(ctx, model.System(), w.court.ID, 0, 10)
	if err != nil || len(list) != 1 || list[0].LockedUntil == nil {
		t.Fatalf("the administrator does not see it: %+v %v", list, err)
	}
	w.in(m, known)
	w.in(m, from("203.0.113.5"))
	for range 3 {
		last = w.wrong(from("2001:db8:ffff::1"), "zhang.min")
	}
	w.reason("login.locked", last)
	if err := w.svc.UnlockStaff(ctx, model.System(), w.court.ID, "zhang.min"); err != nil {
		t.Fatal(err)
	}
	w.in(m, from("203.0.113.77"))
	w.in(m, office)
}

// What somebody tried in vain from a network, colleagues there do not pay for
// after its window, however many of them log in meanwhile; and none of them
// makes the next one wait.
func TestRightLogInsKeepNobodyWaiting(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var colleagues []*member
	for i := range 4 {
		colleagues = append(colleagues, w.member(fmt.Sprintf("judge.%d", i), "张敏", model.RoleJudge))
	}
	office := from("192.0.2.1")
	begin := w.clock.Now()
	for i := range model.ThrottleNetwork.Free {
		w.reason("login.wrong", w.wrong(office, fmt.Sprintf("nobody.%d", i)))
	}
	w.reason("login.locked", w.wrong(office, "nobody.else"))
	w.clock.Advance(model.ThrottleNetwork.First + time.Second)
	at := func(m *member) error {
		t.Helper()
		_, err := w.svc.LoginStaff(context.Background(), office, m.login, m.password, w.code(m.secret))
		return err
	}
	for _, m := range colleagues { // one after the other, at once
		w.reason("", at(m))
	}
	for w.clock.Now().Before(begin.Add(model.ThrottleNetwork.Window)) {
		w.clock.Advance(10 * time.Minute)
		w.reason("", at(colleagues[0]))
	}
	w.clock.Advance(time.Minute)
	for i := range model.ThrottleNetwork.Free - 1 { // the count began anew
		w.reason("login.wrong", w.wrong(office, fmt.Sprintf("somebody.%d", i)))
	}
	for _, m := range colleagues {
		w.reason("", at(m))
		w.clock.Advance(time.Second)
	}
}

// Delays grow and end.
func TestDelaysGrow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.member("zhang.min", "张敏", model.RoleJudge)
	stranger := from("198.51.100.9")
	begin := w.clock.Now()
	for range model.ThrottleLogin.Free {
		w.reason("login.wrong", w.wrong(stranger, m.login))
	}
	var waits []time.Duration
	for range 8 {
		for wait := time.Duration(0); ; wait += 5 * time.Second {
			err := w.wrong(stranger, m.login)
			if model.ReasonOf(err) == "login.wrong" {
				waits = append(waits, wait)
				break
			}
			w.clock.Advance(5 * time.Second)
		}
	}
	for i := 1; i < len(waits); i++ {
		if waits[i] < waits[i-1] || waits[i] == waits[i-1] && waits[i] < model.ThrottleLogin.Most {
			t.Fatalf("the delays are %v", waits)
		}
	}
	if total := w.clock.Now().Sub(begin); total > 2*time.Hour {
		t.Fatal("the delays never end:", total)
	}
	w.clock.Advance(model.ThrottleLogin.Most)
	w.in(m, stranger) // the right password, later, from there
}

// A name that there is not is answered, slowed down and hashed like one that
// there is, and recorded, though not as it was typed.
func TestUnknownLoginsLookLikeKnownOnes(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	w.member("zhang.min", "张敏", model.RoleJudge)
	if _, err := w.svc.DisableStaff(ctx, model.System(), w.court.ID, w.member("ji.wei", "纪伟", model.RoleJudge).login); err != nil {
		t.Fatal(err)
	}
	answers := map[string][]string{}
	for i, login := range []string{"zhang.min", "nobody.here", "ji.wei"} {
		for range 7 {
			before := w.svc.Hashed()
			err := w.wrong(from(fmt.Sprintf("198.51.100.%d", i+1)), login)
			var e *model.Error
			if !errors.As(err, &e) {
				t.Fatal(err)
			}
			answers[login] = append(answers[login], fmt.Sprintf("%s %s %d", e.Reason, e.Message, w.svc.Hashed()-before))
		}
	}
	if fmt.Sprint(answers["zhang.min"]) != fmt.Sprint(answers["nobody.here"]) || fmt.Sprint(answers["zhang.min"]) != fmt.Sprint(answers["ji.wei"]) {
		t.Errorf("%q", answers)
	}
	trail, err := w.db.AuditTrail(ctx, model.AuditFilter{CourtID: w.court.ID, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	refused, slowed := 0, 0
	for _, e := range trail {
		if e.UserID == 0 && e.Subject.Kind == model.ThingLogin && len(e.Detail) == 12 && e.IP == "198.51.100.2" {
			switch e.Action {
			case "session.refused":
				refused++
			case "session.throttled":
				slowed++
			default:
			}
			if strings.Contains(fmt.Sprintf("%+v", e), "nobody.here") {
				t.Error("the trail holds what somebody typed where the name belongs")
			}
		}
	}
	if refused != 5 || slowed != 1 {
		t.Errorf("%d refused, %d slowed down in the trail", refused, slowed)
	}
}

// A hundred guesses at once are a hundred guesses.
func TestGuessesAtOnceAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	m := w.member("zhang.min", "张敏", model.RoleJudge)
	before := w.svc.Hashed()
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			_, _ = w.svc.LoginStaff(context.Background(), from("198.51.100.9"), m.login, "a wrong guess", "000000")
		})
	}
	wg.Wait()
	if n := w.svc.Hashed() - before; n > int64(model.ThrottleLogin.Free) {
		t.Errorf("%d of 20 guesses at once were heard", n)
	}
}

// Nothing is hashed for a client that has left.
func TestHashingStopsWhenTheClientLeaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone, leave := context.WithCancel(context.Background())
	leave()
	before := w.svc.Hashed()
	if _, err := w.svc.HashPassword(gone, "anything"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := w.svc.LoginStaff(gone, from("198.51.100.9"), "zhang.min", "x", ""); err == nil {
		t.Error("a client that left logged in")
	}
	if n := w.svc.Hashed() - before; n != 0 {
		t.Errorf("%d passwords were hashed for nobody", n)
	}
}

// party adds a case with one defendant and gives his name, number and phone.
func (w *world) party() (name, id, phone string) {
	w.t.Helper()
	ctx := context.Background()
	judge := w.member("zhang.min", "张敏", model.RoleJudge).id
	name, id, phone = "李桂芳", "330211199001010025", "13800000001"
	err := w.db.Transact(ctx, func(tx *storage.DB) error {
		cs := []model.Case{{JudgeID: judge, CourtID: w.court.ID, CaseNo: "（2026）浙0211民初1号", Kind: model.CaseCivil, FiledOn: model.DateOf(tx.Now()), Version: 1}}
		if err := storage.Insert(ctx, tx, cs); err != nil {
			return err
		}
		return storage.Insert(ctx, tx, []model.Party{{
			CourtID: w.court.ID, CaseID: cs[0].ID, Ref: "D1", Role: model.Defendant, Kind: model.Person, Name: name, NameNorm: name, IDKind: string(model.IDCitizen), IDNumber: id,
			IDNumberHash: tx.LookupHash(storage.LookupIDNumber, id), Phone: phone, PhoneHash: tx.LookupHash(storage.LookupPhone, phone),
		}})
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return name, id, phone
}

// Whoever names somebody else's number pays for it himself: its owner binds at
// once, from another network and from the same one.
func TestNobodyKeepsAnOwnerFromHisCase(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := newWorld(t)
	name, id, phone := w.party()
	bind := func(a model.Actor, ip, number string) error {
		a.IP = ip
		_, err := w.svc.BindByIdentity(ctx, a, name, id, number, "")
		return err
	}
	guesser := w.phone("guesser")
	for range 5 {
		w.reason("binding.no_match", bind(guesser, "198.51.100.9", "13900000000"))
	}
	w.reason("binding.blocked", bind(guesser, "198.51.100.9", "13900000000"))
	w.reason("binding.blocked", bind(guesser, "203.0.113.1", "13900000000")) // he, not his address
	w.clock.Advance(11 * time.Minute)
	w.reason("binding.no_match", bind(guesser, "203.0.113.1", "13900000000"))
	for i := range 8 { // and his friends
		w.reason("binding.no_match", bind(w.phone(fmt.Sprintf("friend-%d", i)), "198.51.100.9", "13900000000"))
	}
	// Who failed before waits for this number, whoever tried it.
	friend := w.phone("friend-0")
	w.reason("binding.blocked", bind(friend, "198.51.100.10", "13900000000"))
	owner := w.phone("owner")
	if err := bind(owner, "198.51.100.9", phone); err != nil {
		t.Fatal("its owner:", err)
	}
	if got, err := w.svc.Bindings(ctx, owner); err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
}
