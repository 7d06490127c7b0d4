package model

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// The two tables of enforcement are what deploy/docs/enforcement.md shows; -update
// draws it anew.
func TestTheEnforcementIsDrawn(t *testing.T) {
	t.Parallel()
	const file = "../deploy/docs/enforcement.md"
	want := drawEnforcement()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil || string(have) != want {
		t.Errorf("%s is not what the tables say (%v): go test ./model -run TestTheEnforcementIsDrawn -update", file, err)
	}
}

func rulesInWords(rules []Citation) string {
	if len(rules) == 0 {
		return ""
	}
	return CitesShort(rules...)
}

func drawEnforcement() string {
	var b strings.Builder
	b.WriteString("# 强制措施的条件和结案的效果\n\n" +
		"本文由 `model/measure_condition.go`、`model/enforcement_ending.go`、`model/measure_execution.go`、`model/this_round.go` 中的表生成（`go test ./model -run TestTheEnforcementIsDrawn -update`），请勿手工修改。\n" +
		"条件在提出、决定、实施和解除时分别核对，不符合的返回所列代码；每一格由 `TestTheConditionsOfMeasures`、`TestEveryEnding` 和 `TestTheExecutionsOfMeasures` 核对。\n\n")
	b.WriteString("## 一、各种措施\n\n| 措施 | 谁决定 | 填写表现 | 法定事由 | 可以针对 |\n|---|---|---|---|---|\n")
	for _, k := range MeasureKinds {
		who := "执行法官附合议庭意见"
		if k.Signed() != "" {
			who = "法律规定院长决定（" + k.Signed().Short() + "），本系统由院领导账号决定"
		}
		var grounds, people []string
		for _, g := range k.Grounds() {
			grounds = append(grounds, g.Ground.Short()+"（"+g.Citation.Short()+"）")
		}
		for _, r := range k.Relations() {
			people = append(people, r.Chinese())
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", k.Chinese(), who, map[bool]string{true: "是", false: "否"}[k.Resists()], strings.Join(grounds, "；"), strings.Join(people, "、"))
	}
	b.WriteString("\n法律规定由院长决定的，本系统目前由任一院领导账号决定（不能决定自己提出的），不区分院长和其他院领导：给院长账号作标记、登记书面授权尚未实现，法院应当只给院长和经其授权的人开通院领导账号。本文和各表中的“院长决定”均指此。\n")
	b.WriteString("\n## 二、条件\n\n● 表示核对；写有事由的，只在该事由核对。\n")
	for _, s := range MeasureSteps {
		fmt.Fprintf(&b, "\n### %s时\n\n| 条件 | 代码 |", s.Chinese())
		for _, k := range MeasureKinds {
			b.WriteString(" " + k.Chinese() + " |")
		}
		b.WriteString(" 依据 |\n|---|---|" + strings.Repeat("---|", len(MeasureKinds)) + "---|\n")
		for _, r := range MeasureConditions() {
			if !slices.Contains(r.Steps, s) {
				continue
			}
			fmt.Fprintf(&b, "| %s | `%s` |", r.Says, r.Code)
			for _, k := range MeasureKinds {
				b.WriteString(" " + r.askedWords(k) + " |")
			}
			fmt.Fprintf(&b, " %s |\n", rulesInWords(r.Rules))
		}
	}
	b.WriteString("\n### 逐项询问\n\n只有执行法官知道的法定前提，提出时回答，答复随措施保存。\n\n| 措施 | 问题 | 事由 | 这样回答的不得采取 | 依据 |\n|---|---|---|---|---|\n")
	for _, k := range MeasureKinds {
		for _, q := range k.Questions() {
			of := q.For(k)
			if of == "" {
				of = "全部"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", k.Chinese(), q.Text, of, map[bool]string{true: "是", false: "否"}[q.Bars], rulesInWords(q.Rules))
		}
	}
	b.WriteString("\n## 三、决定之后的执行\n\n作出决定不等于已经执行：有登记以前，列表显示“已决定、未执行”或者“已决定解除、未执行”。\n\n| 措施 | 决定采取后登记 | 须填 | 决定解除后登记 | 须填 |\n|---|---|---|---|---|\n")
	for _, k := range MeasureKinds {
		a, l := k.Execution(PhaseExecute), k.Execution(PhaseUndo)
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", k.Chinese(), a.Done, a.needs(), l.Done, l.needs())
	}
	b.WriteString("\n## 四、结案的效果\n\n| 事项 |")
	for _, e := range CaseEndings {
		b.WriteString(" " + e.Chinese() + " |")
	}
	b.WriteString(" 说明 | 依据 |\n|---|" + strings.Repeat("---|", len(CaseEndings)) + "---|---|\n")
	for _, x := range EndingEffects() {
		fmt.Fprintf(&b, "| %s |", x.Name)
		for _, e := range CaseEndings {
			b.WriteString(" " + x.Of(e).Chinese() + " |")
		}
		fmt.Fprintf(&b, " %s | %s |\n", x.Why, rulesInWords(x.Rules))
	}
	b.WriteString("\n每日夜间核对：已结案的案件仍有按上表不应存在的措施的，系统列出解除事项并通知承办人和院领导。\n")
	drawThisRound(&b)
	return b.String()
}

func drawThisRound(b *strings.Builder) {
	b.WriteString("\n## 五、终结本次执行程序的条件\n\n由 `model/this_round.go` 中的表生成，结案时核对，欠缺的以 `round.missing` 拒绝并逐项写明；每一行由 `TestTheConditionsOfThisRound` 核对。由案件系统传来的结案不在此核对。\n\n| 条件 | 代码 | 怎样核对 | 依据 |\n|---|---|---|---|\n")
	for _, r := range RoundConditions() {
		how := "按卷宗核对"
		switch {
		case r.Code == "round.listing":
			how = "按卷宗核对，或者执行法官说明"
		case r.Proof:
			how = "执行法官说明并上传材料"
		case r.Stated:
			how = "执行法官说明"
		case r.Mend != "":
			how = "按登记核对"
		}
		fmt.Fprintf(b, "| %s | `%s` | %s | %s |\n", r.Says, r.Code, how, rulesInWords(r.Rules))
	}
}

// askedWords is a cell: whether, and of which grounds, the condition is asked.
func (r MeasureCondition) askedWords(k MeasureKind) string {
	if r.Kinds != nil && !slices.Contains(r.Kinds, k) {
		return ""
	}
	if r.Grounds == nil {
		return "●"
	}
	var of []string
	for _, g := range k.Grounds() {
		if slices.Contains(r.Grounds, g.Ground) {
			of = append(of, g.Ground.Short())
		}
	}
	return strings.Join(of, "、")
}
