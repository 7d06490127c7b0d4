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
		"条件在提出、决定、实施、解除和期满终止时分别核对，不符合的返回所列代码；每一格由 `TestTheConditionsOfMeasures`、`TestEveryEnding` 和 `TestTheExecutionsOfMeasures` 核对。\n\n")
	b.WriteString("## 一、各种措施\n\n| 措施 | 谁决定 | 填写表现 | 法定事由 | 可以针对 |\n|---|---|---|---|---|\n")
	for _, k := range MeasureKinds {
		who := "执行法官附合议庭意见"
		if k.Signed() != "" {
			who = "院长，或者经其书面授权的院领导（" + k.Signed().Short() + "）"
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
	b.WriteString("\n法律规定由院长决定的，由登记为院长的账号决定，或者由经院长书面授权的院领导在授权的措施和期限内决定（`model/president.go`；都不能决定自己提出的）。系统管理员在“人员”页面登记院长（同时只有一人，不能登记自己）和书面授权（被授权人、职务、措施、起止日期、院长签名的授权委托书），只能终止，不能修改；院长登记终止的，其授权随之失效。没有登记院长的法院，这些决定一律拒绝（`measure.president`），并提示由系统管理员登记。拘留的提前释放（" + CiteRemorse.Short() + "）、失信期限的延长、提前删除失信信息、紧急情况的消费（" + CiteUrgentTravel.Short() + "）和以“原决定不当”解除的，按同一规则；决定书写明“院长　姓名”或者“经院长书面授权，职务　姓名”。信用修复没有规则规定由院长决定，由院领导决定。\n")
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
	b.WriteString("\n## 三、决定之后的执行\n\n作出决定不等于已经执行：有登记以前，列表显示“已决定、未执行”或者“已决定解除、未执行”。决定作出后超过本院设置的天数（默认三个工作日：法律没有规定天数，参照删除失信信息的期限）没有登记执行的，列入承办人的待办事项并提醒院领导。\n\n| 措施 | 决定采取后登记 | 须填 | 决定解除后登记 | 须填 |\n|---|---|---|---|---|\n")
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
	b.WriteString("\n每日夜间核对：已结案的案件仍有按上表不应存在的，一律按上表处理：未决定的措施、延长和解除审查、未答复的查询和协助请求、案件的期限事项撤回、取消或者办结；仍在的措施列出解除事项，并通知承办人和院领导。公布的失信信息和责任单位的惩戒事项随措施。\n")
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
