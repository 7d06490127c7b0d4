package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/service"
	"microcourt/service/document/font"
	"microcourt/service/filing"
	"microcourt/service/identity"
	"microcourt/service/performance"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
)

// Installation is what the demonstration is put into.
type Installation struct {
	DB       *storage.DB
	Services *service.Services
	WeChat   *wechattest.Fake
	Now      func() time.Time
}

// Password and TOTPSecret are those of every staff account of the
// demonstration.
const (
	Password   = "demo-password"
	TOTPSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" // #nosec G101 -- public by design
)

const courtCode = "浙0211"

type person struct {
	actor  model.Actor
	token  string
	openID string
}

type seeder struct {
	Installation
	ctx      context.Context //nolint:containedctx // lives while the court is made
	court    model.Court
	today    model.Date
	staff    map[string]person
	phones   map[string]person
	renderer *Renderer
	serial   int
}

// Guide tells a visitor what there is to try.
type Guide struct {
	staff, phones []guideLine
	key           string // of the case system
	certificate   *model.Certificate
}

// Key is what the court's case system authenticates itself with.
func (g *Guide) Key() string { return g.key }

// Token is the session of a staff login or of a party's name, "" when there is
// none.
func (g *Guide) Token(name string) string {
	for _, l := range append(g.staff, g.phones...) {
		if l.login == name || l.name == name {
			return l.token
		}
	}
	return ""
}

type guideLine struct{ login, name, roles, token string }

var staffList = []struct {
	login, name string
	roles       []model.Role
	agency      string // code of the agency that the account is of
}{
	{"zhang.min", "张敏", []model.Role{model.RoleJudge}, ""},
	{"ji.wei", "纪伟", []model.Role{model.RoleJudge}, ""},
	{"wan.tt", "万婷婷", []model.Role{model.RoleClerk}, ""},
	{"lu.ning", "陆宁", []model.Role{model.RoleOfficer}, ""},
	{"chen.zj", "陈志军", []model.Role{model.RoleLeader}, ""},
	{"shen.ji", "沈霁", []model.Role{model.RoleAdmin}, ""},
	{"xu.he", "许禾", []model.Role{model.RoleAuditor}, ""},
	{"lin.mei", "林梅", []model.Role{model.RoleListManager}, ""},
	{"zhou.qi", "周启", []model.Role{model.RoleAgency}, "SCJ"},
	{"chu.ning", "褚宁", []model.Role{model.RoleAgency}, "GAJ"},
}

// president is the log-in of the court's president.
const president = "chen.zj"

// Seed makes the court unless it is there already, and tells what there is.
func Seed(ctx context.Context, in Installation) (*Guide, error) {
	s := &seeder{Installation: in, ctx: ctx, today: model.DateOf(in.Now()), staff: map[string]person{}, phones: map[string]person{}}
	kai, err := font.Kai()
	if err != nil {
		return nil, err
	}
	s.renderer = NewRenderer(kai.SFNT())
	court, err := in.DB.CourtByCode(ctx, courtCode)
	switch {
	case err == nil:
		s.court = *court
		if err := s.addStaff(false); err != nil {
			return nil, err
		}
		return s.guide(nil)
	case model.KindOf(err) != model.NotFound:
		return nil, err
	}
	// Hashing takes a tenth of the whole; it goes on beside the rest.
	type hashed struct {
		hash identity.Hashed
		err  error
	}
	hash := make(chan hashed, 1)
	go func() {
		h, err := in.Services.Identity.HashPassword(ctx, Password)
		hash <- hashed{h, err}
	}()
	settings := model.DefaultCourtSettings()
	settings.QuietHours = &model.QuietHours{} // whoever tries it at night sees cards too
	settings.HigherCourt, settings.DetentionHouse = "宁波市中级人民法院", "宁波市镇海区拘留所"
	s.court = model.Court{
		Code: courtCode, Name: "宁波市镇海区人民法院", ShortName: "镇法", Phone: "0574-12368", Address: "宁波市镇海区骆驼街道",
		Account: "户名：宁波市镇海区人民法院案款专户，账号：3901 1200 0000 0000 001", Settings: settings,
	}
	if err := in.DB.Transact(ctx, func(tx *storage.DB) error { return tx.CreateCourt(ctx, &s.court) }); err != nil {
		return nil, err
	}
	if err := s.adoptDuties(); err != nil {
		return nil, err
	}
	if err := s.addStaff(true); err != nil {
		return nil, err
	}
	if err := in.Services.Identity.MarkPresident(ctx, model.System(), s.court.ID, president); err != nil {
		return nil, err
	}
	cert, err := s.cases()
	if err != nil {
		return nil, err
	}
	h := <-hash
	if h.err != nil {
		return nil, h.err
	}
	if err := s.setPasswords(h.hash); err != nil {
		return nil, err
	}
	return s.guide(cert)
}

// addStaff makes the accounts, links each to a phone of the fake WeChat, and
// logs each in by scanning. An installation that is opened again only gets new
// phones and sessions.
func (s *seeder) addStaff(fresh bool) error {
	for _, m := range staffList {
		p, err := s.phone(m.name+"（"+m.login+"）", "")
		if err != nil {
			return err
		}
		err = s.DB.Transact(s.ctx, func(tx *storage.DB) error {
			if !fresh {
				a, err := tx.StaffByLogin(s.ctx, m.login)
				if err != nil {
					return err
				}
				return tx.LinkStaff(s.ctx, p.actor.UserID, a.UserID)
			}
			u := model.User{CourtID: s.court.ID, Name: m.name, State: model.UserActive}
			if m.agency != "" {
				a, err := tx.AgencyByCode(s.ctx, s.court.ID, m.agency)
				if err != nil {
					return err
				}
				u.AgencyID = a.ID
			}
			if err := tx.CreateUser(s.ctx, &u); err != nil {
				return err
			}
			err := tx.CreateStaffAccount(s.ctx, &model.StaffAccount{UserID: u.ID, Login: m.login, TOTPSecret: TOTPSecret})
			for _, r := range m.roles {
				err = errors.Join(err, tx.GrantRole(s.ctx, &model.RoleGrant{UserID: u.ID, CourtID: s.court.ID, Role: r}))
			}
			return errors.Join(err, tx.LinkStaff(s.ctx, p.actor.UserID, u.ID))
		})
		if err != nil {
			return err
		}
		if err := s.WeChat.Allow(p.openID, wechattest.TemplateTask); err != nil {
			return err
		}
		if err := s.scanIn(m.login, p); err != nil {
			return err
		}
	}
	return nil
}

func (s *seeder) setPasswords(hash identity.Hashed) error {
	return s.DB.Transact(s.ctx, func(tx *storage.DB) error {
		for _, m := range staffList {
			a, err := tx.StaffByLogin(s.ctx, m.login)
			if err != nil {
				return err
			}
			a.PasswordHash = s.Services.Identity.PasswordOf(a.UserID, hash)
			if err := tx.UpdateStaffAccount(s.ctx, a); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *seeder) scanIn(login string, p person) error {
	id := s.Services.Identity
	t, err := id.BeginScan(s.ctx, model.Actor{Device: "演示"})
	if err != nil {
		return err
	}
	code, err := s.WeChat.LoginCode(p.openID)
	if err != nil {
		return err
	}
	if err := id.ApproveScan(s.ctx, p.actor, t.Code, code); err != nil {
		return err
	}
	sess, err := id.CollectScan(s.ctx, model.Actor{Device: "演示"}, t.Code, t.Secret)
	if err != nil {
		return err
	}
	a, err := id.Authenticate(s.ctx, sess.Token)
	s.staff[login] = person{actor: a, token: sess.Token}
	return err
}

// phone adds a WeChat user and logs him in.
func (s *seeder) phone(name, number string) (person, error) {
	u := s.WeChat.AddUser(wechattest.User{Name: name, Phone: number})
	code, err := s.WeChat.LoginCode(u.OpenID)
	if err != nil {
		return person{}, err
	}
	sess, err := s.Services.Identity.LoginWeChat(s.ctx, model.Actor{}, code)
	if err != nil {
		return person{}, err
	}
	a, err := s.Services.Identity.Authenticate(s.ctx, sess.Token)
	p := person{actor: a, token: sess.Token, openID: u.OpenID}
	for _, t := range wechattest.DefaultTemplates() {
		if !t.LongTerm {
			for range 5 {
				err = errors.Join(err, s.WeChat.Allow(u.OpenID, t.ID))
			}
		}
	}
	return p, err
}

// bind makes a person a party of a case by a printed code.
func (s *seeder) bind(name, number string, caseID int64, ref string) (person, error) {
	p, ok := s.phones[name]
	if !ok {
		var err error
		if p, err = s.phone(name, number); err != nil {
			return person{}, err
		}
		s.phones[name] = p
	}
	party, err := s.party(caseID, ref)
	if err != nil {
		return person{}, err
	}
	code, err := s.Services.Identity.IssueBindingCode(s.ctx, s.staff["wan.tt"].actor, caseID, party.ID, "", "")
	if err != nil {
		return person{}, err
	}
	_, err = s.Services.Identity.BindByCode(s.ctx, p.actor, code.Code)
	return p, err
}

func (s *seeder) party(caseID int64, ref string) (model.Party, error) {
	list, err := s.DB.Parties(s.ctx, caseID)
	for _, p := range list {
		if p.Ref == ref {
			return p, err
		}
	}
	return model.Party{}, errors.Join(err, fmt.Errorf("case %d has no party %s", caseID, ref))
}

// slip is one receipt to submit.
type slip struct {
	caseID       int64
	payer, payee string
	amount       model.Fen
	on           model.Date
	kind         model.ProofKind
}

func (s *seeder) submit(by person, sl slip) (*model.Receipt, error) {
	s.serial++
	serial := fmt.Sprintf("%s%06d", strings.ReplaceAll(sl.on.String(), "-", ""), 618000+s.serial*37)
	d := Slip{
		Bank: "镇海农商银行", PayeeBank: "宁波银行", Payer: sl.payer, PayerAccount: "6228 **** **** 1206", Payee: sl.payee, PayeeAccount: "6214 **** **** 8831",
		AmountFen: sl.amount, On: sl.on, Time: "10:26:41", Serial: serial, Number: "HD" + serial, Purpose: "履行生效法律文书",
	}
	draw, ok := map[model.ProofKind]func(Slip) image.Image{
		model.ProofScreenshot: s.renderer.Transfer, model.ProofCounterSlip: s.renderer.CounterSlip,
	}[sl.kind]
	if !ok {
		draw = s.renderer.BankReceipt
	}
	f, _, err := s.Services.Performance.Upload(s.ctx, by.actor, performance.Upload{
		CaseID: sl.caseID, Key: "demo-upload-" + serial, Name: "回执.jpg", Size: -1, Body: bytes.NewReader(JPEG(draw(d))),
	})
	if err != nil {
		return nil, err
	}
	return s.Services.Performance.Submit(s.ctx, by.actor, performance.Claim{
		CaseID: sl.caseID, AmountFen: sl.amount, PaidOn: sl.on, PayerKind: model.PayerSelf, PayerName: sl.payer, PayeeName: sl.payee,
		BankSerial: serial, ProofKind: sl.kind, Files: []int64{f.ID}, IdemKey: "demo-submit-" + serial,
	})
}

func (s *seeder) confirm(r *model.Receipt, err error) error {
	if err != nil {
		return err
	}
	_, err = s.Services.Performance.Confirm(s.ctx, s.staff["zhang.min"].actor, performance.Decision{
		ReceiptID: r.ID, Version: r.Version, AmountFen: r.ClaimedFen, DoubtReason: "已核对付款凭证，并与权利人核实。", IdemKey: fmt.Sprintf("demo-confirm-%d", r.ID),
	})
	return err
}

func (s *seeder) file(in filing.CaseInput) (*model.Case, error) {
	in.Judge, in.Clerk = "zhang.min", "wan.tt"
	cs, _, err := s.Services.Filing.File(s.ctx, s.staff["wan.tt"].actor, in)
	if err != nil {
		if e, ok := errors.AsType[*model.Error](err); ok {
			return nil, fmt.Errorf("%s: %v", in.CaseNo, e.Fields)
		}
	}
	return cs, err
}

// guide writes down what there is to try.
func (s *seeder) guide(cert *model.Certificate) (*Guide, error) {
	g := &Guide{certificate: cert}
	const system = "审判管理系统（演示）"
	err := s.Services.Identity.RevokeAPIKey(s.ctx, model.System(), s.court.ID, system) // of an earlier run: only its hash is kept
	if err != nil && model.KindOf(err) != model.NotFound {
		return nil, err
	}
	if g.key, err = s.Services.Identity.CreateAPIKey(s.ctx, model.System(), s.court.ID, system); err != nil {
		return nil, err
	}
	for _, m := range staffList {
		var roles []string
		for _, r := range m.roles {
			roles = append(roles, r.Chinese())
		}
		g.staff = append(g.staff, guideLine{m.login, m.name, strings.Join(roles, "、"), s.staff[m.login].token})
	}
	for _, name := range []string{"陈建国", "周丽"} {
		if p, ok := s.phones[name]; ok {
			g.phones = append(g.phones, guideLine{name: name, token: p.token})
		}
	}
	return g, nil
}

// Text is the guide for the terminal; base is the server's address.
func (g *Guide) Text(base string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n微法院 micro-court: a demonstration court is running. Nothing in it is real.\n\n"+
		"  %-44s the desk of judges, clerks, administrators and leaders\n  %-44s the one-time code for logging in there\n"+
		"  %-44s what a phone shows (choose a person)\n  %-44s verify a certificate\n  %-44s the API, readable; /api/v1/openapi.json for programs\n",
		base+"/desk", base+"/__fake/totp", base+"/__fake/phone", base+"/verify", base+"/api")
	fmt.Fprintf(&b, "\nStaff log in at /desk with password %s and a one-time code of the TOTP secret\n%s, which /__fake/totp shows.\nThese are logged in already (Authorization: Bearer TOKEN):\n\n", Password, TOTPSecret)
	for _, l := range g.staff {
		fmt.Fprintf(&b, "  %-10s %s　%s\n             %s\n", l.login, l.name, l.roles, l.token)
	}
	for _, l := range g.phones {
		fmt.Fprintf(&b, "  phone      %s　当事人\n             %s\n", l.name, l.token)
	}
	fmt.Fprintf(&b, "\nFor the walk with curl (deploy/docs/walk.md):\nexport API=%s/api/v1 SYSTEM=%s JUDGE=%s CLERK=%s DEBTOR=%s\n",
		base, g.key, g.Token("zhang.min"), g.Token("wan.tt"), g.Token("陈建国"))
	if g.certificate != nil {
		fmt.Fprintf(&b, "\nA certificate to verify: %s, check code %s\n", g.certificate.Number, g.certificate.CheckCode)
	}
	return b.String()
}
