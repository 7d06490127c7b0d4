package model

import (
	"maps"
	"regexp"
	"slices"
	"sync"
)

// addedTypes are the type codes (类型代字) that courts added to the table, with their
// kinds of case: a code that the Supreme Court adds must not wait for a release.
// They are one for the installation, because a case number is read before it is
// known whose it is. They only grow, as AddCaseTypes is told of each court that is
// read from the database: what was read once stays readable.
var addedTypes sync.Map // of string to CaseKind

// AddCaseTypes makes the codes of a court's settings known.
func AddCaseTypes(s CourtSettings) {
	for code, kind := range s.CaseTypes {
		addedTypes.Store(code, kind)
	}
}

// caseTypeOf is the kind of case that a type code stands for, in the table or
// among those that were added.
func caseTypeOf(code string) (CaseKind, bool) {
	if kind, ok := caseTypes[code]; ok {
		return kind, true
	}
	if kind, ok := addedTypes.Load(code); ok {
		return kind.(CaseKind), true //nolint:forcetypeassert // only these are stored
	}
	return "", false
}

// A code is what a case number can hold: no number, no suffix, and not the mark of
// intellectual property courts, which stands before a code.
var caseTypePattern = regexp.MustCompile(`^[\p{Han}]{1,4}$`)

var notInCode = regexp.MustCompile(`^知|[号字第之〇零一二三四五六七八九十]`)

// checkCaseTypes refuses codes that no number could be read by.
func (s CourtSettings) checkCaseTypes() error {
	for _, code := range slices.Sorted(maps.Keys(s.CaseTypes)) {
		_, known := caseTypes[code]
		switch kind := s.CaseTypes[code]; {
		case !caseTypePattern.MatchString(code) || notInCode.MatchString(code):
			return InvalidField("case_types", "case_type.code", "“"+code+"”不能作为类型代字：应为一至四个汉字，不含数字和“号、字、第、之”，不以“知”开头")
		case known || slices.Contains(enforcementTypes, code):
			return InvalidField("case_types", "case_type.known", "代字“"+code+"”已在案件类型代字表中，不用增加")
		case kind.Chinese() == "":
			return InvalidField("case_types", "case_type.kind", "请写明代字“"+code+"”的案件种类：民事、刑事或者行政")
		}
	}
	return nil
}

// KeepsCaseTypes refuses to take a code off that was added: numbers that bear it
// are on file.
func (s CourtSettings) KeepsCaseTypes(before CourtSettings) error {
	for _, code := range slices.Sorted(maps.Keys(before.CaseTypes)) {
		if s.CaseTypes[code] != before.CaseTypes[code] {
			return InvalidField("case_types", "case_type.kept", "已增加的代字“"+code+"”不能删除或者改变种类，已有案号可能使用")
		}
	}
	return nil
}
