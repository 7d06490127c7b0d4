package desk

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/filing"
)

// importBody bounds an uploaded spreadsheet.
const importBody = 32 << 20

func (d *Desk) filingRoutes() []Route {
	return []Route{
		get("/filing", model.ActCaseFile, d.filingPage),
		post("/filing", model.ActCaseFile, d.fileCase),
		get("/cases/:id/instruments", model.ActCaseFile, d.instrumentPage),
		post("/cases/:id/instruments", model.ActCaseFile, d.addInstrument),
		listed("/import", model.ActCaseFile, d.importPage),
		get("/import/template", model.ActCaseFile, d.importTemplate),
		get("/import/:id", model.ActCaseFile, d.importOne),
		post("/import/:id/release", model.ActCaseFile, d.releaseImport),
		{Method: http.MethodPost, Path: "/import", Act: model.ActCaseFile, MaxBody: importBody, Timeout: 2 * time.Minute, handle: d.importCases},
	}
}

// partyRow and dutyRow are the rows of the form as they were typed.
type partyRow struct{ Role, Kind, Name, ID, Phone string }

type dutyRow struct {
	Kind, Obligors, Obligee, Amount, Description, DueOn, Installments, Category, Interest string
	Acceleration, AccelerationText, Burden, BurdenText, Currency, Recurs, Replaces        string
}

type filingData struct {
	Judges  []model.StaffMember
	Parties []partyRow
	Duties  []dutyRow

	// Of an instrument that is added to a case:
	CaseID int64
	CaseNo string
	Known  []model.Party
	Owed   []owedLine
	Ref    string // of the instrument: a second click adds it once

	terms filing.Terms // in the words of the instrument
}

// owedLine is an obligation of the case whose place a new one may take.
type owedLine struct{ Ref, What string }

func (d *Desk) filingData(c *gin.Context) (*filingData, error) {
	data := &filingData{}
	var err error
	data.Judges, err = d.svc.Identity.Colleagues(c.Request.Context(), web.Actor(c), model.RoleJudge)
	return data, err
}

func (d *Desk) filingPage(c *gin.Context) error {
	data, err := d.filingData(c)
	if err != nil {
		return err
	}
	data.Parties = []partyRow{{Role: string(model.Plaintiff)}, {Role: string(model.Defendant)}}
	data.Duties = []dutyRow{{}}
	return d.show(c, "filing", "录入案件", data)
}

// readRows reads the rows of the form; rows in which nothing was typed are
// left out.
func (data *filingData) readRows(c *gin.Context) {
	at := func(name string, i int) string {
		if v := c.PostFormArray(name); i < len(v) {
			return strings.TrimSpace(v[i])
		}
		return ""
	}
	for i := range c.PostFormArray("party_name") {
		p := partyRow{at("party_role", i), at("party_kind", i), at("party_name", i), at("party_id", i), at("party_phone", i)}
		if p.Name != "" || p.ID != "" || p.Phone != "" {
			data.Parties = append(data.Parties, p)
		}
	}
	for i := range c.PostFormArray("duty_obligors") {
		o := dutyRow{
			at("duty_kind", i), at("duty_obligors", i), at("duty_obligee", i), at("duty_amount", i), at("duty_description", i), at("duty_due_on", i),
			at("duty_installments", i), at("duty_category", i), at("duty_interest", i),
			at("duty_acceleration", i), at("duty_acceleration_text", i), at("duty_burden", i), at("duty_burden_text", i), at("duty_currency", i), at("duty_recurs", i), at("duty_replaces", i),
		}
		if o.Obligors+o.Obligee+o.Amount+o.Description+o.DueOn+o.Installments+o.Interest+o.Recurs != "" {
			data.Duties = append(data.Duties, o)
		}
	}
}

// input turns what was typed into a case.
func (data *filingData) input(f *form) filing.CaseInput {
	c := f.c
	in := filing.CaseInput{
		CaseNo: c.PostForm("case_no"), Cause: f.text("cause"), FiledOn: f.date("filed_on"), Judge: c.PostForm("judge"),
		GroupRef: f.text("group_ref"), FamilyCase: f.is("family_case"),
	}
	for i, p := range data.Parties {
		in.Parties = append(in.Parties, filing.PartyInput{
			Ref: fmt.Sprintf("P%d", i+1), Role: model.PartyRole(p.Role), Kind: model.SubjectKind(p.Kind), Name: p.Name, IDNumber: p.ID, Phone: p.Phone,
		})
	}
	if f.text("instrument_number") == "" && len(data.Duties) == 0 {
		return in
	}
	var all []namedParty
	for _, p := range in.Parties {
		all = append(all, namedParty{model.PartyName{Role: p.Role, Name: p.Name}, p.Ref})
	}
	in.Instruments = []filing.InstrumentInput{data.instrument(f, "I1", all)}
	return in
}

// instrument reads the instrument with its duties; parties are those of the case.
func (data *filingData) instrument(f *form, ref string, parties []namedParty) filing.InstrumentInput {
	data.terms = filing.Terms{}
	in := filing.InstrumentInput{
		Ref: ref, Kind: model.InstrumentKind(f.c.PostForm("instrument_kind")), Number: f.text("instrument_number"),
		MadeOn:      f.dateOf("instruments[0].made_on", f.c.PostForm("made_on")),
		EffectiveOn: f.dateOf("instruments[0].effective_on", f.c.PostForm("effective_on")), Summary: f.text("summary"),
	}
	for i, o := range data.Duties {
		at := fmt.Sprintf("instruments[0].obligations[%d]", i)
		ob := filing.ObligationInput{
			Ref: fmt.Sprintf("%s-O%d", ref, i+1), Kind: model.ObligationKind(o.Kind), Obligors: f.parties(at+".obligors", o.Obligors, parties), Description: o.Description,
			Category:     model.Category(o.Category),
			Acceleration: model.Acceleration(o.Acceleration), AccelerationText: o.AccelerationText, BurdenFen: f.yuanOf(at+".burden_fen", o.Burden), BurdenText: o.BurdenText,
		}
		if ob.Currency = model.Currency(o.Currency); ob.Currency == "" {
			ob.AmountFen = f.yuanOf(at+".amount_fen", o.Amount)
		} else {
			var err error
			if ob.ForeignMinor, err = ob.Currency.ParseAmount(o.Amount); err != nil {
				f.wrong(at+".foreign_minor", model.AtField(err, at+".foreign_minor"))
			}
		}
		if ob.ToCourt = model.NamesCourt(o.Obligee); !ob.ToCourt && o.Obligee != "" {
			ob.Obligee = f.oneParty(at+".obligee", o.Obligee, parties)
		}
		if term := f.term(at+".due_on", o.DueOn); term.On.IsZero() {
			data.terms[ob.Ref] = term
		} else {
			ob.DueOn = term.On
		}
		terms, err := model.ParseInterest(o.Interest)
		if err != nil {
			f.wrong(at+".interest", err)
		}
		ob.Interest = filing.InterestOf(terms)
		rule, err := model.ParseDues(o.Recurs)
		if err != nil {
			f.wrong(at+".recurs", err)
		}
		ob.Recurs = filing.DuesOf(rule)
		if o.Replaces != "" {
			ob.Replaces = []string{o.Replaces}
		}
		ob.Installments = f.installments(at+".installments", o.Installments)
		in.Obligations = append(in.Obligations, ob)
	}
	return in
}

// namedParty is a party of the case with what the filing calls him.
type namedParty struct {
	model.PartyName
	ref string
}

// parties are the refs of who was named, 某某公司、王某. The place of a party in the
// form, 2, is taken too.
func (f *form) parties(field, typed string, list []namedParty) (out []string) {
	if strings.TrimSpace(typed) == "" {
		return nil
	}
	var names []model.PartyName
	for _, p := range list {
		names = append(names, p.PartyName)
	}
	for _, v := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(",，、 ;；", r) }) {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > len(list) {
			out = nil
			break
		}
		out = append(out, list[n-1].ref)
	}
	if out != nil {
		return out
	}
	places, err := model.NamedParties(typed, names)
	if err != nil {
		f.wrong(field, model.AtField(err, field))
		return []string{""} // that is wrong with it, and no more
	}
	for _, i := range places {
		out = append(out, list[i].ref)
	}
	return out
}

func (f *form) oneParty(field, typed string, list []namedParty) string {
	found := f.parties(field, typed, list)
	if len(found) > 1 {
		f.wrong(field, model.InvalidField(field, "party.several", "每项义务只填一名权利人；共同享有的，请在录入后登记共同权利人，或者分为几项"))
		return ""
	}
	if len(found) == 0 {
		return ""
	}
	return found[0]
}

// term reads the end of a term: a day, or the words of the instrument.
func (f *form) term(field, typed string) model.TermWords {
	t, err := model.ReadTerm(typed)
	if err != nil {
		f.wrong(field, model.AtField(err, field))
		return model.TermWords{}
	}
	if !t.On.IsZero() {
		f.wrong(field, model.CheckDay("due_on", t.On, model.DateOf(f.d.cfg.Now())))
	}
	return t
}

// installments reads lines of a day and an amount: 2026-12-01 5000.
func (f *form) installments(field, typed string) (out []filing.InstallmentInput) {
	for i, line := range strings.Split(typed, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		on, fen, err := dayAndAmount(line)
		if err == nil {
			err = model.CheckDay("due_on", on, model.DateOf(f.d.cfg.Now()))
		}
		if err != nil {
			why := "分期每行写一期：到期日和金额，用空格隔开，例如 2026-12-01 5000"
			if e, ok := errors.AsType[*model.Error](err); ok {
				why = e.Message
			}
			f.wrong(field, model.InvalidField(field, "installment.format", fmt.Sprintf("第 %d 行：%s", i+1, why)))
			return nil
		}
		out = append(out, filing.InstallmentInput{DueOn: on, AmountFen: fen})
	}
	return out
}

var errTwoWords = errors.New("not two words")

// dayAndAmount reads a line of a day and an amount, in whichever order.
func dayAndAmount(line string) (on model.Date, fen model.Fen, err error) {
	words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\r　：:；;，", r) })
	if len(words) == 1 && strings.Count(line, ",") == 1 {
		words = strings.Split(words[0], ",")
	}
	if len(words) != 2 {
		return on, 0, errTwoWords
	}
	first, err := model.ReadTerm(words[0])
	if err != nil || first.On.IsZero() {
		words[0], words[1] = words[1], words[0]
		again, e := model.ReadTerm(words[0])
		if e != nil || again.On.IsZero() {
			if err == nil {
				err = model.E(model.Invalid, "date.format", "分期的到期日请写明年月日，如 2026-12-01")
			}
			return on, 0, err
		}
		first = again
	}
	if fen, err = model.ParseYuan(words[1]); err != nil {
		return on, 0, err
	}
	return first.On, fen, nil
}

// more adds what else is wrong, of fields that were readable.
func (f *form) more(list []model.FieldError) {
	for _, p := range list {
		known := slices.ContainsFunc(f.problems, func(q model.FieldError) bool {
			return p.Field == q.Field || strings.HasPrefix(p.Field, q.Field+"[") || strings.TrimSuffix(p.Field, "foreign_minor") == strings.TrimSuffix(q.Field, "amount_fen")
		})
		if !known {
			f.problems = append(f.problems, p)
		}
	}
}

// refused is the error that names every field of a case that cannot be read, nil
// when there is none.
func (f *form) refused() error {
	if f.err == nil {
		return nil
	}
	return &model.Error{Kind: model.Invalid, Reason: "case.invalid", Message: "有内容不正确，请逐项核对", Fields: f.problems}
}

var numbered = regexp.MustCompile(`^(?:instruments\[0\]\.)?(parties|obligations)\[(\d+)\]`)

// place says in words which row a problem is in.
func place(f model.FieldError) model.FieldError {
	if m := numbered.FindStringSubmatch(f.Field); m != nil {
		n, _ := strconv.Atoi(m[2]) // digits by the pattern
		f.Message = fmt.Sprintf("%s %d：%s", map[string]string{"parties": "当事人", "obligations": "义务"}[m[1]], n+1, f.Message)
	} else if name := fieldNames[f.Field]; name != "" {
		f.Message = name + "：" + f.Message
	}
	return f
}

var fieldNames = map[string]string{
	"case_no": "案号", "cause": "案由", "filed_on": "立案日期", "judge": "承办法官", "group_ref": "同一债务人的一组案件", "parties": "当事人",
	"instruments[0].number": "文书编号", "instruments[0].effective_on": "生效日期", "instruments[0].made_on": "裁判日期", "instruments[0].summary": "义务摘要", "instruments[0].kind": "文书种类",
	"instruments[0].obligations": "义务",
}

func (d *Desk) fileCase(c *gin.Context) error {
	data, err := d.filingData(c)
	if err != nil {
		return err
	}
	data.readRows(c)
	f := d.form(c)
	in := data.input(f)
	if err := d.fillTerms(f, in.Instruments, data.terms); err != nil {
		return err
	}
	var cs *model.Case
	if f.err != nil { // all that is wrong is told at once
		more, err := d.svc.Filing.Wrong(c.Request.Context(), web.Actor(c), in)
		if err != nil {
			return err
		}
		f.more(more)
	}
	if err = f.refused(); err == nil {
		cs, _, err = d.svc.Filing.File(c.Request.Context(), web.Actor(c), in)
	}
	if err != nil {
		if len(data.Parties) == 0 {
			data.Parties = []partyRow{{}}
		}
		return d.again(c, "filing", "录入案件", data.mend(), placed(err))
	}
	if model.CaseNo(cs.CaseNo).IsNonLitigation() { // its periods are checked next
		return done(c, caseAddress(cs.ID, "nonlitigation"), "filed")
	}
	return done(c, fmt.Sprintf("/desk/cases/%d", cs.ID), "filed")
}

// fillTerms turns the terms that were typed in the words of the instrument into days.
func (d *Desk) fillTerms(f *form, list []filing.InstrumentInput, t filing.Terms) error {
	problems, err := d.svc.Filing.FillTerms(f.c.Request.Context(), web.Actor(f.c), list, t)
	for _, p := range problems {
		f.wrong(p.Field, model.InvalidField(p.Field, p.Reason, p.Message))
	}
	return err
}

// mend gives the form a row to type in.
func (data *filingData) mend() *filingData {
	if len(data.Duties) == 0 {
		data.Duties = []dutyRow{{}}
	}
	return data
}

// placed is the error with its fields said in words.
func placed(err error) error {
	e, ok := errors.AsType[*model.Error](err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	named := *e
	named.Fields = nil
	for _, f := range e.Fields {
		named.Fields = append(named.Fields, place(f))
	}
	return &named
}

func (d *Desk) instrumentData(c *gin.Context) (*filingData, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	cs, err := d.svc.Filing.Case(c.Request.Context(), web.Actor(c), id, false)
	if err != nil {
		return nil, err
	}
	data := &filingData{CaseID: id, CaseNo: cs.Case.CaseNo, Known: cs.Parties, Ref: c.PostForm("ref")}
	for _, ob := range cs.Obligations {
		if ob.Replaced() {
			continue
		}
		what := ob.Description
		if ob.Kind == model.ObligationMoney {
			what = ob.AmountFen.Yuan() + " 元"
		}
		in := cs.Debts().Instrument(ob.InstrumentID)
		data.Owed = append(data.Owed, owedLine{ob.Ref, in.Kind.Chinese() + " " + in.Number + "：" + cs.Debts().Party(cs.Debts().DebtorsOf(ob.ID)[0]).Name + " " + what})
	}
	return data, nil
}

func (d *Desk) instrumentPage(c *gin.Context) error {
	data, err := d.instrumentData(c)
	if err != nil {
		return err
	}
	data.Ref = "D-" + d.cfg.NewID()[:12]
	return d.show(c, "instrument", "补充法律文书和义务", data.mend())
}

// addInstrument adds an instrument once it was made, with its obligations.
func (d *Desk) addInstrument(c *gin.Context) error {
	data, err := d.instrumentData(c)
	if err != nil {
		return err
	}
	data.readRows(c)
	var parties []namedParty
	for _, p := range data.Known {
		parties = append(parties, namedParty{model.PartyName{Role: p.Role, Name: p.Name}, p.Ref})
	}
	f := d.form(c)
	in := data.instrument(f, data.Ref, parties)
	if err := d.fillTerms(f, []filing.InstrumentInput{in}, data.terms); err != nil {
		return err
	}
	if err = f.refused(); err == nil {
		_, err = d.svc.Filing.AddInstrument(c.Request.Context(), web.Actor(c), data.CaseID, in)
	}
	if err != nil {
		return d.again(c, "instrument", "补充法律文书和义务", data.mend(), placed(err))
	}
	return done(c, fmt.Sprintf("/desk/cases/%d", data.CaseID), "instrument")
}
