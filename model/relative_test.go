package model

import (
	"strings"
	"testing"
	"time"
)

// What a relative says of himself.
func TestAskingAsARelative(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*Relative)
		reason string
	}{
		"a wife":               {func(*Relative) {}, ""},
		"without a case":       {func(r *Relative) { r.CaseNo = "" }, ""},
		"no name":              {func(r *Relative) { r.Name = " " }, "field.required"},
		"no relation":          {func(r *Relative) { r.Relation = "friend" }, "relation.unknown"},
		"no debtor":            {func(r *Relative) { r.DebtorName = "" }, "field.required"},
		"a long case number":   {func(r *Relative) { r.CaseNo = strings.Repeat("1", 61) }, "text.too_long"},
		"a long note":          {func(r *Relative) { r.Note = strings.Repeat("长", 201) }, "text.too_long"},
		"a landline telephone": {func(r *Relative) { r.Phone = "0574-12368" }, "phone.format"},
	} {
		r := Relative{Name: " 周某 ", Relation: RelationSpouse, DebtorName: "李某", Phone: "138 0000 0000", CaseNo: "(2026)浙0211执88号"}
		tt.change(&r)
		reasonIs(t, name, r.Check(), tt.reason)
		if name == "a wife" && (r.Name != "周某" || r.CaseNo != "（2026）浙0211执88号" || r.Phone != "13800000000") {
			t.Errorf("%+v", r)
		}
	}
	for _, r := range Relations {
		if r.Chinese() == "" {
			t.Errorf("%s has no name", r)
		}
	}
}

// Who decides may think better of it, says why, and names the debtor before
// anybody is let in.
func TestDecidingAboutARelative(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, CourtZone)
	may := map[RelativeState]string{
		RelativeAsked:    "admitted declined blocked",
		RelativeAdmitted: "revoked blocked",
		RelativeDeclined: "admitted blocked",
		RelativeBlocked:  "admitted revoked",
		RelativeRevoked:  "admitted",
	}
	for _, from := range RelativeStates {
		var next []string
		for _, s := range (Relative{State: from}).Next() {
			next = append(next, string(s))
		}
		if strings.Join(next, " ") != may[from] || from.Chinese() == "" {
			t.Errorf("%s: %v, want %s", from, next, may[from])
		}
		for _, to := range RelativeStates {
			r := Relative{State: from, PartyID: 1}
			want := "relative.state"
			if strings.Contains(may[from], string(to)) {
				want = ""
			}
			reasonIs(t, string(from)+" to "+string(to), r.Move(to, 5, "已核实", now), want)
		}
	}
	asked := Relative{State: RelativeAsked}
	reasonIs(t, "admitted to nobody", asked.Move(RelativeAdmitted, 5, "", now), "relative.debtor")
	reasonIs(t, "declined without a word", asked.Move(RelativeDeclined, 5, " ", now), "reason.required")
}

// An invitation is used once; a code that a family got serves them all, until
// its day or until it is void.
func TestCodesOfRelatives(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, CourtZone)
	for name, tt := range map[string]struct {
		c    RelativeCode
		want bool
	}{
		"fresh":                 {RelativeCode{ExpiresAt: now.Add(time.Second)}, true},
		"over":                  {RelativeCode{ExpiresAt: now}, false},
		"void":                  {RelativeCode{ExpiresAt: now.Add(time.Hour), VoidedAt: &now}, false},
		"for all of them, used": {RelativeCode{ExpiresAt: now.Add(time.Hour), UsedAt: &now, UsedBy: 2}, true},
		"for one, used":         {RelativeCode{ExpiresAt: now.Add(time.Hour), OneTime: true, UsedAt: &now, UsedBy: 2}, false},
		"for one, by him again": {RelativeCode{ExpiresAt: now.Add(time.Hour), OneTime: true, UsedAt: &now, UsedBy: 1}, true},
	} {
		if got := tt.c.Usable(1, now); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// domain.md §2: a relative sees nothing of the case; his notices name neither
// it nor the debtor.
func TestRelativesAreToldNothingOfTheCase(t *testing.T) {
	t.Parallel()
	r := Relative{ID: 3, CourtID: 9, UserID: 70, Name: "周某", Relation: RelationSpouse, DebtorName: "李某", Via: ViaNotice, CaseID: 1, PartyID: 1, Reason: "身份不明"}
	rc := Receipt{ID: 6, CaseNo: "（2026）浙0211民初1号", ClaimedFen: Yuan(500), ConfirmedFen: Yuan(400), PaidOn: NewDate(2026, 3, 2), ReturnReason: "图片不清"}
	petition := Petition{ID: 7, Kind: PetitionRelease, State: PetitionForwarded, Answer: "请等待。"}
	var all []Notice
	for state, words := range map[RelativeState]string{RelativeAdmitted: "已同意", RelativeDeclined: "未获同意。理由：身份不明", RelativeBlocked: "已被限制。理由：身份不明", RelativeRevoked: "已结束。理由：身份不明"} {
		r.State = state
		n := RelativeDecidedNotice(r)
		bodySays(t, string(state), n.Body, words)
		all = append(all, n)
	}
	for state, words := range map[ReceiptState]string{ReceiptSubmitted: "待确认", ReceiptReturned: "图片不清", ReceiptConfirmed: "确认金额 400.00 元", ReceiptCorrected: "确认金额 400.00 元", ReceiptWithdrawn: "已撤回"} {
		rc.State = state
		n := RelativeReceiptNotice(r, rc)
		bodySays(t, string(state), n.Body, "2026年3月2日 代为履行 500.00 元", words)
		all = append(all, n)
	}
	all = append(all, RelativeReplyNotice(r, Message{ID: 1, Body: "李某的款已到"}), RelativePetitionNotice(r, petition))
	for _, n := range all {
		bodyHides(t, n.Title, n.Title+n.Body, "李某", "民初", "执88")
		if n.UserID != 70 || n.CaseID != 0 || n.PartyID != 0 {
			t.Errorf("%+v", n)
		}
	}
	// The court's side and the debtor read who it is.
	n := RelativeAskedNotice(r, 5)
	bodySays(t, "asked", n.Body, "被执行人配偶的身份", "法院通知书上的联系码")
	bodySays(t, "invited", RelativeInvitedNotice(measureCase, r).Body, "周某（配偶）接受了您的邀请")
	bodySays(t, "wrote", RelativeMessageNotice(measureCase, r, Message{ID: 2, Body: "怎么缴款", AnswerBy: NewDate(2026, 3, 5)}, 5).Body, "家属周某（配偶）留言", "2026年3月5日前答复", "内容：怎么缴款")
	bodyHides(t, "a picture only", RelativeMessageNotice(measureCase, r, Message{ID: 2}, 5).Body, "内容")
	petition.RelativeID = 3
	bodySays(t, "petition", PetitionMadeNotice(measureCase, measureFile.EnforcementCase, petition, "李某", 5).Body, "李某的家属提交了提前解除拘留申请")
	bodySays(t, "answer", PetitionAnsweredNotice(measureCase, petition).Body, "提前解除拘留申请：已提请院长批准。请等待。")
}

// The steps that a relative follows tell of a measure only when its subject
// may know of it.
func TestStepsOfARelative(t *testing.T) {
	t.Parallel()
	stands := aMeasure
	lifted := aMeasure(MeasureConsumption)
	lifted.State = MeasureLifted
	for name, tt := range map[string]struct {
		receipts  []Receipt
		performed bool
		measures  []Measure
		want      string
	}{
		"nothing yet":                    {nil, false, nil, "----"},
		"submitted":                      {[]Receipt{{State: ReceiptSubmitted}}, false, []Measure{stands(MeasureConsumption)}, "x---"},
		"withdrawn":                      {[]Receipt{{State: ReceiptWithdrawn}}, false, nil, "----"},
		"confirmed in part":              {[]Receipt{{State: ReceiptConfirmed, ConfirmedFen: 1}}, false, []Measure{stands(MeasureConsumption)}, "xx--"},
		"performed, a restriction left":  {[]Receipt{{State: ReceiptConfirmed, ConfirmedFen: 1}}, true, []Measure{stands(MeasureConsumption)}, "xxx-"},
		"performed, and lifted":          {[]Receipt{{State: ReceiptConfirmed, ConfirmedFen: 1}}, true, []Measure{lifted}, "xxxx"},
		"a tracing that nobody knows of": {nil, false, []Measure{stands(MeasureTracing)}, "----"},
		"a fine stays a fine":            {nil, true, []Measure{stands(MeasureFine)}, "--xx"},
	} {
		got := ""
		for _, s := range RelativeSteps(tt.receipts, tt.performed, 0, tt.measures) {
			got += map[bool]string{true: "x", false: "-"}[s.Done]
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}

// 民诉法解释 182: a remorse statement is the debtor's own; early release is the
// president's decision, which the officer only asks for.
func TestInterpretation182Petitions(t *testing.T) {
	t.Parallel()
	body := "我认识到错误，保证今后配合执行。"
	for name, tt := range map[string]struct {
		p      Petition
		reason string
	}{
		"remorse":                          {Petition{Kind: PetitionRemorse, Body: body}, ""},
		"a relative writes remorse":        {Petition{Kind: PetitionRemorse, Body: body, RelativeID: 3}, "petition.signature"},
		"a relative brings the signed one": {Petition{Kind: PetitionRemorse, RelativeID: 3, FileID: 4}, ""},
		"a relative asks for release":      {Petition{Kind: PetitionRelease, Body: body, RelativeID: 3}, ""},
		"nine characters":                  {Petition{Kind: PetitionRelease, Body: "一二三四五六七八九"}, "petition.text"},
		"3001 characters":                  {Petition{Kind: PetitionRelease, Body: strings.Repeat("长", 3001)}, "petition.text"},
		"no kind":                          {Petition{Body: body}, "petition.kind"},
	} {
		reasonIs(t, name, tt.p.Check(), tt.reason)
	}
	now := time.Date(2026, 3, 2, 10, 0, 0, 0, CourtZone)
	for name, tt := range map[string]struct {
		kind   PetitionKind
		from   PetitionState
		to     PetitionState
		answer string
		reason string
	}{
		"remorse is taken note of":   {PetitionRemorse, PetitionOpen, PetitionAccepted, "", ""},
		"remorse is not refused":     {PetitionRemorse, PetitionOpen, PetitionRefused, "否", "petition.answer"},
		"release is passed on":       {PetitionRelease, PetitionOpen, PetitionForwarded, "已提请", ""},
		"release is refused":         {PetitionRelease, PetitionOpen, PetitionRefused, "尚未认错", ""},
		"release, without a word":    {PetitionRelease, PetitionOpen, PetitionRefused, " ", "reason.required"},
		"the officer grants it":      {PetitionRelease, PetitionOpen, PetitionGranted, "同意", "petition.answer"},
		"it lies with the president": {PetitionRelease, PetitionForwarded, PetitionRefused, "否", "petition.forwarded"},
		"answered":                   {PetitionRelease, PetitionRefused, PetitionForwarded, "再提请", "petition.decided"},
	} {
		p := Petition{Kind: tt.kind, State: tt.from}
		reasonIs(t, name, p.Decide(tt.to, tt.answer, 5, now), tt.reason)
	}
	p := Petition{Kind: PetitionRelease, State: PetitionForwarded}
	p.Conclude(PetitionGranted, "批准", 6, now)
	if p.State != PetitionGranted || p.DecidedBy != 6 || p.State.Chinese() != "已批准" {
		t.Errorf("%+v", p)
	}
}
