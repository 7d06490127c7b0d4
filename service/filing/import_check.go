package filing

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/storage"
)

// payment is what a row says was performed before.
type payment struct {
	ref    string // of the obligation
	row    int
	amount model.Fen
	on     model.Date
	payer  string
}

// imported is a case with what goes beyond the case itself, for its digest: the
// same case with other payments is another content.
type imported struct {
	Case     CaseInput
	Payments []string
}

func (c *sourceCase) digest() string {
	if len(c.payments) == 0 {
		return c.in.digest()
	}
	in := imported{Case: c.in}
	for _, p := range c.payments {
		in.Payments = append(in.Payments, fmt.Sprint(p.ref, " ", p.amount, " ", p.on, " ", p.payer))
	}
	return digestOf(in)
}

func (s *Service) checkImport(ctx context.Context, tx *storage.DB, by model.Actor, cases map[string]*sourceCase, order []string, rep *ImportReport, o Importing) (
	[]*plan, error,
) {
	r, err := s.roster(ctx, tx, by.CourtID, tx.Now())
	if err != nil {
		return nil, err
	}
	named, err := staffByName(ctx, tx, r.judges)
	if err != nil {
		return nil, err
	}
	existing, err := tx.CasesByNo(ctx, order)
	if err != nil {
		return nil, err
	}
	var plans []*plan
	for n, no := range order {
		if n%importBatch == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			o.Tell("检查案件", n, len(order))
		}
		src := cases[no]
		src.findJudge(r, named, rep)
		src.fillTerms(r, rep)
		p, problems := check(src.in, r)
		src.checkPayments(r.today, rep)
		for _, f := range problems {
			row, column := src.locate(f.Field)
			rep.add(row, column, f.Reason, f.Message)
		}
		digest := src.digest()
		old, there := existing[no]
		if len(rep.Preview) < previewLines {
			line := src.line()
			line.Impossible = problems != nil || slices.ContainsFunc(src.rows, rep.wrongIn)
			line.There = p != nil && there && old.SourceDigest == digest
			rep.Preview = append(rep.Preview, line)
		}
		switch {
		case problems != nil:
		case !there:
			p.cs.SourceDigest, p.payments = digest, src.payments
			plans = append(plans, p)
			rep.Payments += len(p.payments)
			for _, pay := range p.payments {
				rep.PaymentsFen += pay.amount
			}
		case old.CourtID == by.CourtID && old.SourceDigest == digest:
			rep.Unchanged++
		default:
			rep.add(src.rows[0], columns[colCaseNo], "case.exists", "该案号已经录入，且内容不同，请核对")
		}
	}
	if len(rep.Problems) > 0 {
		rep.Unchanged, rep.Payments, rep.PaymentsFen = 0, 0, 0
		return nil, nil
	}
	rep.Created = len(plans)
	rep.Outgoing = outgoing(plans, r.court, tx.Now(), o)
	return plans, nil
}

func (rep *ImportReport) wrongIn(row int) bool {
	return slices.ContainsFunc(rep.Problems, func(p ImportProblem) bool { return p.Row == row })
}

// staffByName are the log-in names of some of a court's staff by their names.
func staffByName(ctx context.Context, tx *storage.DB, staff map[string]int64) (map[string][]string, error) {
	names, err := tx.UserNames(ctx, slices.Collect(maps.Values(staff)))
	if err != nil {
		return nil, err
	}
	out := map[string][]string{}
	for login, id := range staff {
		name := model.NormalizeName(names[id])
		out[name] = append(out[name], login)
		slices.Sort(out[name])
	}
	return out, nil
}

// titles are what people write behind a name.
var titles = []string{"审判长", "审判员", "承办法官", "执行法官", "执行员", "法官", "庭长", "副庭长", "同志"}

// whoIs finds one of the staff by log-in name, by his own name where nobody else
// has it, or by both, as the message for two of one name says: 张敏（zhang.min）.
// kind is the first part of the reasons, what the office in words.
func whoIs(typed string, staff map[string]int64, named map[string][]string, kind, what string) (string, error) {
	name, login := typed, model.NormalizeLogin(typed)
	if at := strings.IndexAny(typed, "(（"); at > 0 {
		name, login = typed[:at], model.NormalizeLogin(strings.Trim(typed[at:], "()（） "))
	}
	if staff[login] != 0 {
		return login, nil
	}
	of := named[model.NormalizeName(name)]
	for _, t := range titles {
		if len(of) == 0 {
			of = named[model.NormalizeName(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(name), t), t))]
		}
	}
	switch len(of) {
	case 0:
		return "", model.E(model.Invalid, kind+".unknown", "本院没有叫“"+shown(typed)+"”的"+what+"，也没有这个登录名")
	case 1:
		return of[0], nil
	}
	var each []string
	for _, l := range of {
		each = append(each, name+"（"+l+"）")
	}
	return "", model.E(model.Invalid, kind+".ambiguous", fmt.Sprintf("本院有 %d 名叫“%s”的%s，请写明是哪一位：%s", len(of), name, what, strings.Join(each, "、")))
}

// findJudge finds the judge of a case by log-in name, or by his own name where
// no other judge has it. Rows that name different judges contradict each other.
func (c *sourceCase) findJudge(r roster, named map[string][]string, rep *ImportReport) {
	first := ""
	for _, j := range c.judges {
		login, err := whoIs(j.text, r.judges, named, "judge", "承办法官")
		if e, ok := asError(err); ok {
			rep.add(j.row, columns[colJudge], e.Reason, e.Message)
			continue
		}
		switch {
		case first == "":
			first = login
		case first != login:
			rep.add(j.row, columns[colJudge], "import.conflict", fmt.Sprintf("“%s”与第 %d 行的“%s”不是同一名承办法官", j.text, c.judges[0].row, c.judges[0].text))
		}
	}
	if first != "" {
		c.in.Judge = first
	}
}

// checkPayments refuses what cannot have been performed.
func (c *sourceCase) checkPayments(today model.Date, rep *ImportReport) {
	for _, p := range c.payments {
		ob := c.obligation(p.ref)
		add := func(column int, reason, message string) { rep.add(p.row, columns[column], reason, message) }
		switch {
		case ob.Kind != model.ObligationMoney && p.amount != 0:
			add(colPaid, "amount.not_money", "行为或交付义务不填已履行金额，已完成的只填履行日期")
		case ob.Kind == model.ObligationMoney && p.amount == 0:
			add(colPaid, "field.required", "填写了履行日期或履行人的，请填写已履行金额")
		case p.amount > ob.AmountFen && ob.AmountFen > 0 && ob.Interest == nil:
			add(colPaid, "amount.over_debt", "已履行金额 "+p.amount.Yuan()+" 元超过义务金额 "+ob.AmountFen.Yuan()+" 元，请核对；多付的部分请在录入后由法官处理")
		}
		if err := model.CheckDay("paid_on", p.on, today); err != nil {
			add(colPaidOn, model.ReasonOf(err), messageOf(err))
		}
		switch {
		case p.on.IsZero():
			add(colPaidOn, "field.required", "填写了已履行金额的，请填写履行日期；分几次履行的填写最后一次")
		case p.on.After(today):
			add(colPaidOn, "date.future", "履行日期不能晚于今天")
		}
	}
}

func (c *sourceCase) obligation(ref string) ObligationInput {
	for _, in := range c.in.Instruments {
		if i := slices.IndexFunc(in.Obligations, func(o ObligationInput) bool { return o.Ref == ref }); i >= 0 {
			return in.Obligations[i]
		}
	}
	return ObligationInput{}
}

// line is the case in the preview.
func (c *sourceCase) line() ImportLine {
	l := ImportLine{Row: c.rows[0], CaseNo: c.in.CaseNo, Cause: c.in.Cause, FiledOn: c.in.FiledOn, Judge: c.in.Judge}
	some := func(prefix string) string {
		first, n := "", 0
		for _, p := range c.in.Parties {
			if strings.HasPrefix(p.Ref, prefix) {
				if n++; n == 1 {
					first = p.Name
				}
			}
		}
		if n > 1 {
			first = fmt.Sprintf("%s 等 %d 人", first, n)
		}
		return first
	}
	name := func(ref string) string {
		i := slices.IndexFunc(c.in.Parties, func(p PartyInput) bool { return p.Ref == ref })
		if i < 0 {
			return ""
		}
		return c.in.Parties[i].Name
	}
	l.Obligees, l.Obligors = some("C"), some("D")
	for _, in := range c.in.Instruments {
		l.EffectiveOn = in.EffectiveOn
		l.Obligations += len(in.Obligations)
		for _, ob := range in.Obligations {
			l.AmountFen += ob.AmountFen
			d := ImportDuty{
				Row: c.dutyRow[ob.Ref], Obligor: name(ob.Obligors[0]), Obligee: name(ob.Obligee), AmountFen: ob.AmountFen,
				Conduct: ob.Description, DueOn: ob.DueOn, DueInDays: ob.DueInDays,
			}
			if i := slices.IndexFunc(c.payments, func(p payment) bool { return p.ref == ob.Ref }); i >= 0 {
				p := c.payments[i]
				d.PaidFen, d.PaidOn, d.Payer = p.amount, p.on, p.payer
				l.PaidFen += p.amount
			}
			if len(l.Duties) < previewDuties {
				l.Duties = append(l.Duties, d)
			}
		}
	}
	return l
}
