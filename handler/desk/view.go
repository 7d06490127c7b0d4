package desk

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"microcourt/handler/web"
	"microcourt/model"
)

// functions are what pages may call besides the methods of their data.
var functions = template.FuncMap{
	"asset":           web.Asset,
	"yuan":            model.Fen.Yuan,
	"plain":           model.Fen.String,
	"day":             day,
	"by":              model.Date.By,
	"at":              at,
	"ago":             ago,
	"help":            help,
	"helpLink":        helpLink,
	"may":             func(a model.Actor, act string) bool { return a.May(model.Act(act)) },
	"is":              func(a model.Actor, role string) bool { return a.Has(model.Role(role)) },
	"own":             ownHand,
	"dict":            dict,
	"list":            func(v ...any) []any { return v },
	"address":         address,
	"opens":           opens,
	"leads":           leads,
	"mask":            model.MaskID,
	"phone":           model.MaskPhone,
	"masked":          model.MaskAccount,
	"tone":            tone,
	"receiptState":    func(s string) string { return model.ReceiptState(s).Chinese() },
	"caseKind":        func(s string) string { return model.CaseKind(s).Chinese() },
	"enforcementKind": func(s string) string { return model.EnforcementKind(s).Chinese() },
	"taskState":       func(s string) string { return model.TaskState(s).Chinese() },
	"performance":     func(s string) string { return model.Performance(s).Chinese() },
	"stage":           func(m map[model.Performance]int64, p string) int64 { return m[model.Performance(p)] },
	"partyRole":       func(s string) string { return model.PartyRole(s).Chinese() },
	"resistance":      func(s string) string { return model.Resistance(s).Chinese() },
	"listingExtra":    func(s string) string { return model.ListingExtra(s).Chinese() },
	"noticeChoice":    func(s any) string { return model.NoticeChoice(fmt.Sprint(s)).Chinese() },
	"instrumentKind":  func(s string) string { return model.InstrumentKind(s).Chinese() },
	"channel":         func(s string) string { return model.ChannelNames[s] },
	"sizes":           func() any { return web.Sizes },
	"tellMethod":      model.TellMethodText,
	"responseState":   func(s string) string { return model.ResponseState(s).Chinese() },
	"answerShort":     func(s model.ResponseState) string { return answerNames[s] },
	"keys":            func() []keyName { return keys },
	"flagShort":       func(k model.FlagKind) string { return flagNames[k] },
	"long": func(s string) template.HTMLAttr { // an amount that is too wide for a card
		if len(s) > 13 {
			return ` class="long"`
		}
		return ""
	},
	"minutes": func(d time.Duration) string {
		return fmt.Sprintf("%d 分 %d 秒", int(d.Minutes()), int(d.Seconds())%60)
	},
	"every": func(d time.Duration) string {
		switch {
		case d < time.Minute:
			return fmt.Sprintf("每 %d 秒", int(d.Seconds()))
		case d < time.Hour:
			return fmt.Sprintf("每 %d 分钟", int(d.Minutes()))
		}
		return fmt.Sprintf("每 %d 小时", int(d.Hours()))
	},
	"second": second,
	// mark is how a template names something.
	"mark": func(word, name string) string {
		switch {
		case name == "":
			return "{{" + word + "}}"
		case word == "":
			return "{{." + name + "}}"
		}
		return "{{" + word + " ." + name + "}}"
	},
	"split": func(f []model.DocumentField) [][]model.DocumentField {
		rows := 0
		for _, v := range f {
			rows += 1 + len(v.Of)
		}
		left, n := 0, 0
		for ; left < len(f) && n < (rows+1)/2; left++ {
			n += 1 + len(f[left].Of)
		}
		return [][]model.DocumentField{f[:left], f[left:]}
	},
	"nth": func(s []string, i int) string {
		if i < len(s) {
			return s[i]
		}
		return ""
	},
	"currencies":       model.Currencies,
	"lodgementGrounds": func() []model.LodgementGround { return model.LodgementGrounds },
	"categories": func() []model.Category {
		return slices.Concat(model.CivilCategories(), model.CriminalCategories(), model.AdministrativeCategories())
	},
	"instrumentKinds":  func() []model.InstrumentKind { return model.InstrumentKinds },
	"capacities":       func() []model.Capacity { return model.Capacities },
	"purposes":         func() []model.DepositPurpose { return model.DepositPurposes },
	"shareRules":       func() []model.ShareRule { return model.ShareRules },
	"moneySources":     func() []model.MoneySource { return model.MoneySources },
	"payoutKinds":      func() []model.PayoutKind { return model.PayoutKinds },
	"delayGrounds":     func() []model.DelayGround { return model.DelayGrounds },
	"objectionResults": func() []model.ObjectionState { return model.ObjectionResults },
	"refunds":          func() []model.RefundGround { return model.RefundGrounds },
	"askers":           func() []model.AskerKind { return model.AskerKinds },
	"methods":          func() []model.AnswerMethod { return model.AnswerMethods },
	"bases":            func() []model.SuingBasis { return model.SuingBases },
	"decisionDay":      decisionDay,
	"category":         func(s string) string { return model.Category(s).Chinese() },
	"percent":          model.Percent,
	"invalid":          invalid,
	"taskAt":           taskAt,
	"callClock":        model.CallClock,
	"instant":          func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
	"action":           model.AuditAction.Chinese,
	"add":              func(a, b int) int { return a + b },
	"cut":              cut,
	"lines":            func(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") },
}

func day(d model.Date) string {
	if d.IsZero() {
		return "—"
	}
	return d.String()
}

// at is an instant in court time.
func at(v any) string {
	switch t := v.(type) {
	case time.Time:
		if local := t.In(model.CourtZone); local.Hour() == 0 && local.Minute() == 0 && local.Second() == 0 && !t.IsZero() {
			return local.Format("2006-01-02") // a legal day
		} else if !t.IsZero() {
			return local.Format("2006-01-02 15:04")
		}
	case *time.Time:
		if t != nil {
			return at(*t)
		}
	}
	return "—"
}

// second is an instant in court time to the second.
func second(v any) string {
	switch t := v.(type) {
	case time.Time:
		return t.In(model.CourtZone).Format("2006-01-02 15:04:05")
	case *time.Time:
		if t != nil {
			return second(*t)
		}
	}
	return "—"
}

// ago says in words how long ago an instant is.
func ago(now, t time.Time) string {
	switch d := now.Sub(t); {
	case d < time.Minute:
		return "刚刚"
	case d < time.Hour:
		return fmt.Sprintf("%d 分钟前", int(d.Minutes()))
	case d < 24*time.Hour:
		return fmt.Sprintf("%d 小时前", int(d.Hours()))
	default:
		return fmt.Sprintf("%d 天前", int(d.Hours()/24))
	}
}

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: %d values", len(pairs))
	}
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		k, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict: %T is no name", pairs[i])
		}
		m[k] = pairs[i+1]
	}
	return m, nil
}

// shade is the colour of a state on the desk.
type shade string

// The shades.
const (
	good  shade = "good"
	wait  shade = "wait"
	bad   shade = "bad"
	quiet shade = "quiet"
)

// shades are the states that have a colour of their own: the words of all
// machines together, since one word means the same everywhere.
var shades = func() map[string]shade {
	out := map[string]shade{}
	for s, words := range map[shade][]string{
		good: {"in_use", "confirmed", "fulfilled", "valid", "sent", "accepted", "acknowledged", "active", "granted", "done", "performed", "approved", "lifted", "answered", "met", "admitted", "settled", "kept", "allocated", "paid"},
		wait: {"entered", "doubted", "submitted", "pending", "partial", "asked", "planned", "queued", "sending", "open", "running", "reported", "waiting", "forwarded", "requested", "offered", "proposed", "refunding", "drafted", "served", "sued", "prepared"},
		bad: {
			"returned", "disputed", "differs", "revoked", "unreachable", "invalid", "unknown", "expired", "missed", "lapsed", "disabled", "refused", "overdue", "corrected", "breached", "unmet",
			"blocked", "failed", "broken", "back",
		},
	} {
		for _, w := range words {
			out[w] = s
		}
	}
	return out
}()

// tone is the shade of a state; quiet for one that needs no colour.
func tone(state any) shade {
	if s, ok := shades[fmt.Sprint(state)]; ok {
		return s
	}
	return quiet
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// invalid marks the field that a form came back for; the words are beside it
// (field-wrong).
func invalid(f *web.Failure, field string) template.HTMLAttr {
	if f == nil || f.Field != field {
		return ""
	}
	return template.HTMLAttr(`aria-invalid="true" aria-describedby="wrong-` + template.HTMLEscapeString(field) + `"`) //nolint:gosec // escaped
}

var tips atomic.Int64

// help is a term that explains itself on hover and on focus.
func help(key string, label ...string) (template.HTML, error) {
	e, ok := helpTexts[key]
	if !ok {
		return "", fmt.Errorf("there is no help %q", key)
	}
	name := e.Term
	if len(label) > 0 {
		name = label[0]
	}
	return explained(e, `button type="button"`, "button", name), nil
}

// helpLink is help for a term that leads somewhere.
func helpLink(key, label, href string) (template.HTML, error) {
	e, ok := helpTexts[key]
	if !ok {
		return "", fmt.Errorf("there is no help %q", key)
	}
	return explained(e, `a href="`+template.HTMLEscapeString(href)+`"`, "a", label), nil
}

// explained is a term as an element that opens and ends as said, with its
// explanation.
func explained(e helpText, opens, ends, name string) template.HTML {
	cite := ""
	if e.Cite != "" {
		cite = `<span class="tip-cite">依据：` + template.HTMLEscapeString(e.Cite) + `</span>`
	}
	id := tips.Add(1)
	//nolint:gosec // every part is escaped
	return template.HTML(fmt.Sprintf(`<span class="term"><%s class="term-name" aria-describedby="tip%d">%s</%s>`+
		`<span class="tip" role="tooltip" id="tip%d">%s%s</span></span>`,
		opens, id, template.HTMLEscapeString(name), ends, id, template.HTMLEscapeString(e.Text), cite))
}

// answerNames are creditors' answers as short as a list needs them.
var answerNames = map[model.ResponseState]string{
	model.ResponseDisputed: "有异议", model.ResponseAsked: "未答复", model.ResponseAcknowledged: "已收到",
}

// flagNames are the flags as short as a list needs them.
var flagNames = map[model.FlagKind]string{
	model.FlagSameBytes: "重复文件", model.FlagSameSerial: "重复流水", model.FlagSimilarPicture: "图片相似", model.FlagBeforeEffective: "早于生效",
	model.FlagOverClaim: "超额", model.FlagPayeeMismatch: "收款人不符", model.FlagPaidByOther: "他人付款", model.FlagSameClaim: "债权曾抵销",
	model.FlagSamePayment: "同额同日", model.FlagOpenClaims: "合计超额",
}

// escapeName is a file name in a header.
func escapeName(name string) string { return strings.ReplaceAll(url.QueryEscape(name), "+", "%20") }

// ownHand is why the actor may not decide what these users submitted, recorded
// or proposed; "" when he may. The page shows it in place of the button.
func ownHand(a model.Actor, matter string, users ...int64) string {
	return model.OwnHand(model.Matter(matter), a.UserID, users...)
}
