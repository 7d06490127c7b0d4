package model

import (
	"slices"
	"strconv"
	"strings"
)

// PartyName is a party as people speak of him: by his name, with his role before it
// where two have the same.
type PartyName struct {
	Role PartyRole
	Name string
}

// said is the party with his role, 被告陈某.
func (p PartyName) said() string { return p.Role.Chinese() + p.Name }

// partyDivide are the signs between several names. A space is none: names have some.
const partyDivide = "、，,;；\n\r\t"

// NamedParties finds the parties that somebody named, as places in the list: one
// name or several, 某某公司、被告陈某, or everybody of one role, 全部被告. What nobody
// is called is refused with who there is, a name of two with both.
func NamedParties(typed string, list []PartyName) ([]int, error) {
	var out []int
	add := func(places ...int) {
		for _, i := range places {
			if !slices.Contains(out, i) {
				out = append(out, i)
			}
		}
	}
	for _, word := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(partyDivide, r) }) {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		found, err := namedOne(word, list)
		if err == nil {
			add(found...)
			continue
		}
		parts := strings.Fields(word) // 张三 李四
		if len(parts) < 2 {
			return nil, err
		}
		for _, part := range parts {
			found, e := namedOne(part, list)
			if e != nil {
				return nil, err
			}
			add(found...)
		}
	}
	return out, nil
}

func namedOne(word string, list []PartyName) ([]int, error) {
	want := NormalizeName(word)
	var all, named []int
	for i, p := range list {
		if p.Name == "" {
			continue
		}
		for _, every := range []string{"全部", "全体", "各", "所有"} {
			if want == every+p.Role.Chinese() {
				all = append(all, i)
			}
		}
		if NormalizeName(p.Name) == want || NormalizeName(p.said()) == want {
			named = append(named, i)
		}
	}
	switch {
	case len(all) > 0:
		return all, nil
	case len(named) == 1:
		return named, nil
	case len(named) > 1:
		var both []string
		for _, i := range named {
			both = append(both, list[i].said())
		}
		message := "有 " + strconv.Itoa(len(named)) + " 名当事人叫“" + shortly(word) + "”，请写明是哪一位：" + strings.Join(both, "、")
		if both[0] == both[1] {
			message = "有 " + strconv.Itoa(len(named)) + " 名当事人都叫“" + both[0] + "”，无法区分，请先在姓名后加注区别，如“" + list[named[0]].Name + "（1980年生）”"
		}
		return nil, E(Invalid, "party.ambiguous", message)
	}
	var there []string
	for _, p := range list {
		if p.Name != "" {
			there = append(there, p.Name)
		}
	}
	if len(there) == 0 {
		return nil, E(Invalid, "party.unknown", "没有叫“"+shortly(word)+"”的当事人，请先填写当事人")
	}
	if len(there) > 8 {
		there = append(there[:8], "等")
	}
	return nil, E(Invalid, "party.unknown", "没有叫“"+shortly(word)+"”的当事人，当事人有："+strings.Join(there, "、"))
}

// NamesCourt tells whether somebody named the court as who is paid.
func NamesCourt(typed string) bool {
	return slices.Contains([]string{"法院", "本院", "法院账户", "本院账户", "法院执行款账户", "国库", "缴入法院", "缴纳法院", "0"}, NormalizeName(typed))
}
