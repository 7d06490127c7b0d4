package filing

import (
	"fmt"
	"strconv"
	"strings"

	"microcourt/model"
	"microcourt/service/sheet"
)

var subjectKinds = map[string]model.SubjectKind{
	"自然人": model.Person, "个人": model.Person, "公民": model.Person,
	"单位": model.Organisation, "法人": model.Organisation, "企业": model.Organisation, "公司": model.Organisation, "机关": model.Organisation,
	"非法人组织": model.Organisation, "其他组织": model.Organisation, "企业法人": model.Organisation, "法人或非法人组织": model.Organisation,
	"中国公民": model.Person, "外国人": model.Person, "外国公民": model.Person, "未成年人": model.Person, "居民": model.Person, "村民": model.Person,
	"法人单位": model.Organisation, "有限公司": model.Organisation, "有限责任公司": model.Organisation, "股份有限公司": model.Organisation, "机关法人": model.Organisation,
	"国家机关": model.Organisation, "行政机关": model.Organisation, "事业单位": model.Organisation, "事业法人": model.Organisation, "企事业单位": model.Organisation, "社会团体": model.Organisation,
	"合伙企业": model.Organisation, "个人独资企业": model.Organisation, "农民专业合作社": model.Organisation, "合作社": model.Organisation, "基金会": model.Organisation,
	"村民委员会": model.Organisation, "居民委员会": model.Organisation, "村委会": model.Organisation, "居委会": model.Organisation, "业主委员会": model.Organisation,
	"营利法人": model.Organisation, "非营利法人": model.Organisation, "特别法人": model.Organisation, "学校": model.Organisation, "银行": model.Organisation, "组织": model.Organisation,
}

// trader is a word that says too little: he is a party by his own name or by that
// of his business (民诉法解释 59).
const trader = "个体"

// idKinds are the words of the columns of papers. All papers of travellers are
// checked alike.
var idKinds = map[string]model.IDKind{
	"身份证": model.IDCitizen, "居民身份证": model.IDCitizen, "公民身份号码": model.IDCitizen, "身份证号": model.IDCitizen,
	"居住证": model.IDResident, "港澳台居民居住证": model.IDResident, "港澳居民居住证": model.IDResident, "台湾居民居住证": model.IDResident,
	"护照": model.IDPassport, "普通护照": model.IDPassport, "外国护照": model.IDPassport, "港澳居民来往内地通行证": model.IDPassport, "回乡证": model.IDPassport,
	"台湾居民来往大陆通行证": model.IDPassport, "台胞证": model.IDPassport, "外国人永久居留身份证": model.IDForeigner, "外国人永久居留证": model.IDForeigner,
	"军官证": model.IDPassport, "士兵证": model.IDPassport, "警官证": model.IDPassport, "其他": model.IDPassport, "其他证件": model.IDPassport,
	"公民身份证": model.IDCitizen, "二代身份证": model.IDCitizen, "港澳通行证": model.IDPassport, "台湾通行证": model.IDPassport, "统一社会信用代码证": model.IDUSCC, "信用代码": model.IDUSCC,
	"统一社会信用代码": model.IDUSCC, "营业执照": model.IDUSCC, "社会信用代码": model.IDUSCC,
}

// party finds or adds the party of a row. The same name with the same number is
// the same party; the same name with and without one is asked about, because it
// may be one man or two.
func (c *sourceCase) party(r rowReader, prefix string, role model.PartyRole, base, idKind int) string {
	p := PartyInput{Role: role, Name: r.name(base), IDNumber: r.code(base + 2)}
	var err error
	if p.Phone, err = r.cells[base+3].Phone(); err != nil {
		r.fail(base+3, err)
	}
	typed := r.words(base + 1)
	kind := strings.Trim(model.Fold(typed), " ")
	known := false
	if p.Kind, known = subjectKinds[kind]; !known && typed != "" {
		message := "没有“" + shown(typed) + "”这种类型，应为“自然人”或“单位”"
		if strings.Contains(kind, trader) {
			message = "个体工商户以经营者为当事人的，请填“自然人”；有字号、以字号为当事人的，请填“单位”"
		}
		r.rep.add(r.n, columns[base+1], "kind.unknown", message)
	}
	if word := r.words(idKind); word != "" {
		if p.IDKind, known = idKinds[model.Fold(word)]; !known {
			r.rep.add(r.n, columns[idKind], "id.kind", "证件类型应为：身份证、港澳台居民居住证、护照（及通行证等其他证件）、统一社会信用代码")
		} else if p.IDNumber == "" && r.cells[base+2].Type == sheet.Blank {
			r.rep.add(r.n, columns[base+2], "field.required", "填写了证件类型的，请填写证件号")
		}
	}
	if p.Kind == model.Person && strings.ContainsAny(p.Name, "、，,;；/\n") {
		r.rep.add(r.n, columns[base], "name.several", "“"+shown(p.Name)+"”像是几个人，请每人填写一行")
	}
	count, other := 0, 0
	for i := range c.in.Parties {
		o := &c.in.Parties[i]
		if !strings.HasPrefix(o.Ref, prefix) {
			continue
		}
		count++
		if model.NormalizeName(o.Name) != model.NormalizeName(p.Name) {
			continue
		}
		mine, his := model.NormalizeID(p.IDNumber), model.NormalizeID(o.IDNumber)
		switch {
		case mine == his:
			c.samePerson(r, o, p, typed, base, idKind)
			return o.Ref
		case mine == "" || his == "":
			other = c.partyRow[o.Ref]
		}
	}
	if other != 0 && p.Name != "" {
		r.rep.add(r.n, columns[base+2], "party.ambiguous", fmt.Sprintf("“%s”在第 %d 行和本行中只有一处填了证件号，不能确定是否同一人：同一人请填写相同的证件号，不同的人请都填写证件号",
			shown(p.Name), other))
	}
	if p.Kind == "" {
		if typed == "" {
			r.rep.add(r.n, columns[base+1], "kind.unknown", "类型应为“自然人”或“单位”")
		}
		p.Kind = model.Person
		if p.IDKind == model.IDUSCC || strings.HasSuffix(p.Name, "公司") || strings.HasPrefix(model.NormalizeID(p.IDNumber), "9") {
			p.Kind = model.Organisation // nothing else of it is wrong for that
		}
	}
	p.Ref = fmt.Sprintf("%s%d", prefix, count+1)
	c.partyRow[p.Ref] = r.n
	c.in.Parties = append(c.in.Parties, p)
	return p.Ref
}

// samePerson compares a further row about a known party with what is known.
func (c *sourceCase) samePerson(r rowReader, o *PartyInput, p PartyInput, typed string, base, idKind int) {
	differs := func(column int, mine, his string) {
		r.rep.add(r.n, columns[column], "import.conflict", fmt.Sprintf("同一当事人“%s”的%s：本行是“%s”，第 %d 行是“%s”，请改为一致",
			shown(o.Name), columns[column], mine, c.partyRow[o.Ref], his))
	}
	if typed != "" && p.Kind != "" && p.Kind != o.Kind {
		differs(base+1, subjectWord(p.Kind), subjectWord(o.Kind))
	}
	switch {
	case p.IDKind == "" || p.IDKind == o.IDKind:
	case o.IDKind == "":
		o.IDKind = p.IDKind
	default:
		differs(idKind, r.words(idKind), "另一种证件")
	}
	switch {
	case p.Phone == "" || model.NormalizePhone(p.Phone) == model.NormalizePhone(o.Phone):
	case o.Phone == "":
		o.Phone = p.Phone
	default:
		differs(base+3, p.Phone, o.Phone)
	}
}

func subjectWord(k model.SubjectKind) string {
	if k == model.Organisation {
		return "单位"
	}
	return "自然人"
}

// namesakes tells of parties of one name and different numbers.
func (c *sourceCase) namesakes() (out []string) {
	first := map[string]string{}
	for _, p := range c.in.Parties {
		key := p.Ref[:1] + model.NormalizeName(p.Name)
		if ref := first[key]; ref != "" && p.IDNumber != "" {
			out = append(out, fmt.Sprintf("%s 中第 %d 行与第 %d 行的“%s”证件号不同，将作为两名当事人", c.in.CaseNo, c.partyRow[ref], c.partyRow[p.Ref], shown(p.Name)))
		}
		first[key] = p.Ref
	}
	return out
}

// locate finds the row and column that a field of the case came from.
func (c *sourceCase) locate(field string) (int, string) {
	at := func(column int) (int, string) {
		row := c.rows[0]
		if from, ok := c.from[column]; ok {
			row = from.row
		} else if column >= colInstrumentKind && c.instrumentRow != 0 {
			row = c.instrumentRow
		}
		return row, columns[column]
	}
	plain := map[string]int{"case_no": colCaseNo, "cause": colCause, "filed_on": colFiledOn}
	if column, ok := plain[field]; ok {
		return at(column)
	}
	if field == "judge" {
		if len(c.judges) > 0 {
			return c.judges[0].row, columns[colJudge]
		}
		return c.rows[0], columns[colJudge]
	}
	if rest, ok := strings.CutPrefix(field, "parties["); ok {
		index, name, _ := strings.Cut(rest, "].")
		i, err := strconv.Atoi(index)
		if err != nil || i >= len(c.in.Parties) {
			return c.rows[0], ""
		}
		p := c.in.Parties[i]
		base, idKind := colObligee, colObligeeIDKind
		if strings.HasPrefix(p.Ref, "D") {
			base, idKind = colObligor, colObligorIDKind
		}
		if name == "id_kind" {
			return c.partyRow[p.Ref], columns[idKind]
		}
		return c.partyRow[p.Ref], columns[base+map[string]int{"name": 0, "kind": 1, "id_number": 2, "phone": 3}[name]]
	}
	if rest, ok := strings.CutPrefix(field, "instruments["); ok {
		_, rest, _ = strings.Cut(rest, "].")
		if index, name, ok := strings.Cut(strings.TrimPrefix(rest, "obligations["), "]."); ok && strings.HasPrefix(rest, "obligations[") {
			i, err := strconv.Atoi(index)
			if err == nil && i < len(c.in.Instruments[0].Obligations) {
				return c.dutyRow[c.in.Instruments[0].Obligations[i].Ref], columns[dutyColumn(name)]
			}
		}
		column := map[string]int{"kind": colInstrumentKind, "number": colInstrumentNo, "effective_on": colEffectiveOn, "summary": colSummary}
		if i, ok := column[rest]; ok {
			return at(i)
		}
	}
	return c.rows[0], ""
}

// dutyColumn is the column of a field of an obligation.
func dutyColumn(field string) int {
	for _, of := range []struct {
		name   string
		column int
	}{
		{"amount", colAmount},
		{"description", colConduct},
		{"category", colCategory},
		{"interest", colInterest},
		{"recurs", colDues},
		{"obligee", colObligee},
		{"obligors", colObligor},
		{"security_fen", colSecurity},
	} {
		if strings.HasPrefix(field, of.name) {
			return of.column
		}
	}
	return colDue
}
