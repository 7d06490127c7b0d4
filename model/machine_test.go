package model

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite what is drawn from the tables")

// Every machine is sound: each state can be reached from a beginning, has a
// name, and is an end exactly when nothing leads out of it; each move has words,
// somebody who makes it, and is written once.
func TestMachines(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, m := range Machines() {
		if m.Name == "" || m.Table == "" || seen[m.Table] {
			t.Errorf("%s %q: without a name, or twice", m.Table, m.Name)
		}
		seen[m.Table] = true
		reached := map[string]bool{}
		for grew := true; grew; {
			grew = false
			for _, v := range m.Moves {
				if (v.From == "" || reached[v.From]) && !reached[v.To] {
					reached[v.To], grew = true, true
				}
			}
		}
		names := map[string]string{}
		for _, s := range m.States {
			out := slices.ContainsFunc(m.Moves, func(v DrawnMove) bool { return v.From == s.Code })
			switch {
			case s.Chinese == "":
				t.Errorf("%s: %s has no Chinese name", m.Table, s.Code)
			case names[s.Chinese] != "":
				t.Errorf("%s: %s and %s are both %s", m.Table, s.Code, names[s.Chinese], s.Chinese)
			case !reached[s.Code]:
				t.Errorf("%s: nothing leads to %s", m.Table, s.Code)
			case s.End == out:
				t.Errorf("%s: %s is an end: %v, leads on: %v", m.Table, s.Code, s.End, out)
			}
			names[s.Chinese] = s.Code
		}
		moves := map[string]bool{}
		for _, v := range m.Moves {
			key := fmt.Sprint(v)
			if v.Text == "" || v.On == "" || v.Who == "" || moves[key] {
				t.Errorf("%s: %+v: without words, an event or a doer, or twice", m.Table, v)
			}
			moves[key] = true
		}
	}
}

// The tables are what deploy/docs/states.md shows; -update draws it anew.
func TestTheStatesAreDrawn(t *testing.T) {
	t.Parallel()
	const file = "../deploy/docs/states.md"
	want := drawStates()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil || string(have) != want {
		t.Errorf("%s is not what the machines say (%v): go test ./model -run TestTheStatesAreDrawn -update", file, err)
	}
}

func drawStates() string {
	var b strings.Builder
	b.WriteString("# 状态与转换\n\n" +
		"本文由 `model/machines.go` 中的状态表生成（`go test ./model -run TestTheStatesAreDrawn -update`），请勿手工修改。\n" +
		"表中没有的转换，业务代码不允许，数据库层也拒绝写入。“系统”指时钟、台账或者渠道的答复，不由人操作。\n\n")
	for _, m := range Machines() {
		fmt.Fprintf(&b, "- [%s](#%s)\n", m.Name, anchor(m))
	}
	for _, m := range Machines() {
		fmt.Fprintf(&b, "\n<a id=%q></a>\n\n## %s `%s`\n\n```mermaid\nstateDiagram-v2\n", anchor(m), m.Name, m.Table)
		for _, s := range m.States {
			fmt.Fprintf(&b, "    state \"%s %s\" as s_%s\n", s.Chinese, s.Code, s.Code)
		}
		for _, v := range m.Moves {
			from := "[*]"
			if v.From != "" {
				from = "s_" + v.From
			}
			fmt.Fprintf(&b, "    %s --> s_%s : %s\n", from, v.To, v.Text)
		}
		for _, s := range m.States {
			if s.End {
				fmt.Fprintf(&b, "    s_%s --> [*]\n", s.Code)
			}
		}
		b.WriteString("```\n\n| 原状态 | 新状态 | 事件 | 由谁 |\n|---|---|---|---|\n")
		names := map[string]string{"": "（新建）"}
		for _, s := range m.States {
			names[s.Code] = fmt.Sprintf("%s `%s`", s.Chinese, s.Code)
		}
		for _, v := range m.Moves {
			fmt.Fprintf(&b, "| %s | %s | %s `%s` | %s |\n", names[v.From], names[v.To], v.Text, v.On, v.Who)
		}
	}
	return b.String()
}

func anchor(m Drawn) string { return strings.ReplaceAll(m.Table, "_", "-") }
