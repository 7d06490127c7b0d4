package desk

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
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
		post("/filing/check", model.ActCaseFile, d.checkField),
		get("/cases/:id/instruments", model.ActCaseFile, d.instrumentPage),
		post("/cases/:id/instruments", model.ActCaseFile, d.addInstrument),
		get("/import", model.ActCaseFile, d.importPage),
		get("/import/template", model.ActCaseFile, d.importTemplate),
		get("/import/:id", model.ActCaseFile, d.importOne),
		post("/import/:id/release", model.ActCaseFile, d.releaseImport),
		{Method: http.MethodPost, Path: "/import", Act: model.ActCaseFile, MaxBody: importBody, Timeout: 2 * time.Minute, handle: d.importCases},
	}
}

// partyRow and dutyRow are the rows of the form as they were typed.
type partyRow struct{ Role, Kind, Name, ID, Phone string }

type dutyRow struct{ Kind, Obligors, Obligee, Amount, Description, DueOn, DueInDays, Installments, Category string }

type filingData struct {
	Judges  []model.StaffMember
	Parties []partyRow
	Duties  []dutyRow

	// Of an instrument that is added to a case:
	CaseID int64
	CaseNo string
	Known  []model.Party
	Ref    string // of the instrument: a second click adds it once
}

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
			at("duty_due_in_days", i), at("duty_installments", i), at("duty_category", i),
		}
		if o.Obligors+o.Obligee+o.Amount+o.Description+o.DueOn+o.DueInDays+o.Installments != "" {
			data.Duties = append(data.Duties, o)
		}
	}
}

// fieldReader collects every field that cannot be read.
type fieldReader struct {
	d        *Desk
	problems []model.FieldError
}

func (r *fieldReader) wrong(field string, err error) {
	if e, ok := errors.AsType[*model.Error](err); ok {
		r.problems = append(r.problems, model.FieldError{Field: field, Reason: e.Reason, Message: e.Message})
	}
}

func (r *fieldReader) date(field, v string) model.Date {
	on, err := r.d.formDate(field, v)
	r.wrong(field, err)
	return on
}

// input turns what was typed into a case, or tells every field that cannot be
// read.
func (data *filingData) input(d *Desk, c *gin.Context) (filing.CaseInput, []model.FieldError) {
	r := fieldReader{d: d}
	in := filing.CaseInput{
		CaseNo: c.PostForm("case_no"), Cause: strings.TrimSpace(c.PostForm("cause")), FiledOn: r.date("filed_on", c.PostForm("filed_on")), Judge: c.PostForm("judge"),
		GroupRef: strings.TrimSpace(c.PostForm("group_ref")), FamilyCase: c.PostForm("family_case") == "1",
	}
	for i, p := range data.Parties {
		in.Parties = append(in.Parties, filing.PartyInput{
			Ref: fmt.Sprintf("P%d", i+1), Role: model.PartyRole(p.Role), Kind: model.SubjectKind(p.Kind), Name: p.Name, IDNumber: p.ID, Phone: p.Phone,
		})
	}
	if strings.TrimSpace(c.PostForm("instrument_number")) == "" && len(data.Duties) == 0 {
		return in, r.problems
	}
	var all []string
	for _, p := range in.Parties {
		all = append(all, p.Ref)
	}
	inst, more := data.instrument(d, c, "I1", all)
	r.problems = append(r.problems, more...)
	in.Instruments = []filing.InstrumentInput{inst}
	return in, r.problems
}

// instrument reads the instrument with its duties; parties are the refs of the
// case's parties in the order of their numbers.
func (data *filingData) instrument(d *Desk, c *gin.Context, ref string, parties []string) (filing.InstrumentInput, []model.FieldError) {
	r := fieldReader{d: d}
	in := filing.InstrumentInput{
		Ref: ref, Kind: model.InstrumentKind(c.PostForm("instrument_kind")), Number: strings.TrimSpace(c.PostForm("instrument_number")),
		MadeOn:      r.date("instruments[0].made_on", c.PostForm("made_on")),
		EffectiveOn: r.date("instruments[0].effective_on", c.PostForm("effective_on")), Summary: strings.TrimSpace(c.PostForm("summary")),
	}
	for i, o := range data.Duties {
		at := fmt.Sprintf("instruments[0].obligations[%d]", i)
		ob := filing.ObligationInput{
			Ref: fmt.Sprintf("%s-O%d", ref, i+1), Kind: model.ObligationKind(o.Kind), Obligors: refs(o.Obligors, parties), Description: o.Description, DueOn: r.date(at+".due_on", o.DueOn),
			Category: model.Category(o.Category),
		}
		if ob.ToCourt = o.Obligee == "0"; !ob.ToCourt && o.Obligee != "" {
			ob.Obligee = refs(o.Obligee, parties)[0]
		}
		var err error
		ob.AmountFen, err = formYuan(at+".amount_fen", o.Amount)
		r.wrong(at+".amount_fen", err)
		if o.DueInDays != "" {
			if ob.DueInDays, err = strconv.Atoi(o.DueInDays); err != nil {
				r.wrong(at+".due_in_days", model.InvalidField("", "field.format", "天数应为整数"))
			}
		}
		ob.Installments, err = d.installments(o.Installments)
		r.wrong(at+".installments", err)
		in.Obligations = append(in.Obligations, ob)
	}
	return in, r.problems
}

// refs turns the numbers of parties, 2 or 2、3, into their refs; a number that
// no party has stays, and is refused by name.
func refs(typed string, parties []string) []string {
	var out []string
	for _, v := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(",，、 ;；", r) }) {
		if n, err := strconv.Atoi(v); err == nil && n >= 1 && n <= len(parties) {
			v = parties[n-1]
		} else {
			v = "第 " + v + " 名当事人"
		}
		out = append(out, v)
	}
	return out
}

// installments reads lines of a day and an amount: 2026-12-01 5000.
func (d *Desk) installments(typed string) ([]filing.InstallmentInput, error) {
	var out []filing.InstallmentInput
	for line := range strings.SplitSeq(strings.TrimSpace(typed), "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		parts := strings.Fields(line)
		if len(parts) != 2 {
			return nil, model.InvalidField("installments", "installment.format", "分期每行写一期：到期日和金额，用空格隔开，例如 2026-12-01 5000")
		}
		on, err := d.formDate("installments", parts[0])
		if err != nil {
			return nil, err
		}
		fen, err := formYuan("installments", parts[1])
		if err != nil {
			return nil, err
		}
		out = append(out, filing.InstallmentInput{AmountFen: fen, DueOn: on})
	}
	return out, nil
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
	"case_no": "案号", "cause": "案由", "filed_on": "立案日期", "judge": "承办法官", "group_ref": "关联案件标识", "parties": "当事人",
	"instruments[0].number": "文书编号", "instruments[0].effective_on": "生效日期", "instruments[0].made_on": "裁判日期", "instruments[0].summary": "义务摘要", "instruments[0].kind": "文书种类",
	"instruments[0].obligations": "义务",
}

func (d *Desk) fileCase(c *gin.Context) error {
	data, err := d.filingData(c)
	if err != nil {
		return err
	}
	data.readRows(c)
	in, problems := data.input(d, c)
	var cs *model.Case
	if len(problems) == 0 {
		cs, _, err = d.svc.Filing.File(c.Request.Context(), web.Actor(c), in)
	} else {
		err = &model.Error{Kind: model.Invalid, Reason: "case.invalid", Message: "有内容不正确，请逐项核对", Fields: problems}
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
	return &filingData{CaseID: id, CaseNo: cs.Case.CaseNo, Known: cs.Parties, Ref: c.PostForm("ref")}, nil
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
	var parties []string
	for _, p := range data.Known {
		parties = append(parties, p.Ref)
	}
	in, problems := data.instrument(d, c, data.Ref, parties)
	if len(problems) > 0 {
		err = &model.Error{Kind: model.Invalid, Reason: "case.invalid", Message: "有内容不正确，请逐项核对", Fields: problems}
	} else {
		_, err = d.svc.Filing.AddInstrument(c.Request.Context(), web.Actor(c), data.CaseID, in)
	}
	if err != nil {
		return d.again(c, "instrument", "补充法律文书和义务", data.mend(), placed(err))
	}
	return done(c, fmt.Sprintf("/desk/cases/%d", data.CaseID), "instrument")
}

// checkField tells while somebody types whether a value can be right.
func (d *Desk) checkField(c *gin.Context) error {
	rule, v := c.PostForm("rule"), strings.TrimSpace(c.PostForm("value"))
	var err error
	switch {
	case v == "":
	case rule == "case_no":
		var no model.CaseNo
		if no, err = model.ParseCaseNo(v); err != nil {
			break
		}
		var found []model.Case
		if found, err = d.svc.Filing.Cases(c.Request.Context(), web.Actor(c), model.CaseFilter{Text: string(no), Limit: 1}); err != nil {
			return err
		}
		if len(found) == 1 && found[0].CaseNo == string(no) {
			err = model.InvalidField("case_no", "case.exists", "该案号已经录入")
		}
	case rule == "past":
		var on model.Date
		if on, err = d.formDate("date", v); err == nil && on.After(model.DateOf(d.cfg.Now())) {
			err = model.InvalidField("date", "date.future", "不能晚于今天")
		}
	case rule == "id":
		kind := model.IDCitizen
		if c.PostForm("kind") == string(model.Organisation) {
			kind = model.IDUSCC
		}
		err = model.CheckID(kind, model.NormalizeID(v), model.DateOf(d.cfg.Now()))
	case rule == "phone":
		err = model.CheckPhone(model.NormalizePhone(v))
	case rule == "amount":
		_, err = formYuan("amount", v)
	}
	message := ""
	if e, ok := errors.AsType[*model.Error](err); ok {
		message = e.Message
	}
	d.part(c, http.StatusOK, "wrong", message)
	return nil
}
