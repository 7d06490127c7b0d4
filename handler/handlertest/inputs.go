package handlertest

import "strings"

// PersonInput is a case whose debtor is a person and owes 1,000 yuan since
// 20 February; change may say more about him.
func PersonInput(change func(debtor Obj)) Obj {
	in := CaseInput()
	debtor := Obj{"ref": "D1", "role": "defendant", "kind": "person", "name": "赵明", "id_number": "34052419800101001X", "phone": "13900139000"}
	if change != nil {
		change(debtor)
	}
	in["parties"].([]Obj)[1] = debtor
	in["instruments"].([]Obj)[0]["obligations"] = []Obj{{"ref": "O1", "kind": "money", "obligors": []string{"D1"}, "obligee": "C1", "amount_fen": 100000, "due_on": "2026-02-20"}}
	return in
}

func CriminalInput() Obj {
	in := CaseInput()
	no := strings.Replace(in["case_no"].(string), "民初", "刑初", 1)
	duty := func(ref, category, obligee string, fen int64, due string) Obj {
		o := Obj{"ref": ref, "kind": "money", "obligors": []string{"D1"}, "amount_fen": fen, "due_on": due, "category": category}
		if obligee == "" {
			o["to_court"] = true
		} else {
			o["obligee"] = obligee
		}
		return o
	}
	in["case_no"], in["cause"] = no, "盗窃罪"
	in["parties"] = []Obj{
		{"ref": "C1", "role": "victim", "kind": "person", "name": "李某", "id_number": "11010519491231002X", "phone": "13800138000"},
		{"ref": "D1", "role": "accused", "kind": "person", "name": "彭某", "id_number": "34052419800101001X", "phone": "13900139000"},
	}
	in["instruments"] = []Obj{{
		"ref": "I1", "kind": "judgment", "number": no, "made_on": "2026-01-26", "effective_on": "2026-02-06", "summary": "罚金、退赔、赔偿和没收",
		"obligations": []Obj{
			duty("O1", "", "", 40000, "2026-03-06"), // not said and to the court: the fine
			duty("O2", "confiscation", "", 20000, "2026-03-06"),
			duty("O3", "restitution", "C1", 30000, "2026-04-06"),
			duty("O4", "medical", "C1", 10000, "2026-06-06"),
		},
	}}
	return in
}
