package model

import "testing"

// A code that a court added is read everywhere, as the kind it was added for; what
// no number could be read by is not added, and none is taken off.
func TestAddedTypeCodes(t *testing.T) {
	t.Parallel()
	const no = "（2026）浙0211试审7号"
	if _, err := ParseCaseNo(no); ReasonOf(err) != "case_no.type" {
		t.Fatal(err)
	}
	own := CourtSettings{CaseTypes: map[string]CaseKind{"试审": CaseAdministrative}}
	AddCaseTypes(own)
	got, err := ParseCaseNo("(2026) 浙0211 试审 7 号")
	if err != nil || got != no || got.Kind() != CaseAdministrative || got.TypeCode() != "试审" || got.IsEnforcement() {
		t.Errorf("%s %v %s", got, err, got.Kind())
	}
	for code, want := range map[string]string{
		"试初": "", "民初": "case_type.known", "执恢": "case_type.known", "知民": "case_type.code", "试1": "case_type.code", "试审号": "case_type.code", "试之": "case_type.code", "五个汉字长": "case_type.code",
		"一审": "case_type.code", "ABC": "case_type.code", "": "case_type.code",
	} {
		s := DefaultCourtSettings()
		s.CaseTypes = map[string]CaseKind{code: CaseCivil}
		if err := s.Check(); ReasonOf(err) != want {
			t.Errorf("%q: %v, want %q", code, err, want)
		}
	}
	s := DefaultCourtSettings()
	s.CaseTypes = map[string]CaseKind{"试初": "x"}
	if err := s.Check(); ReasonOf(err) != "case_type.kind" {
		t.Error(err)
	}
	if err := (CourtSettings{}).KeepsCaseTypes(own); ReasonOf(err) != "case_type.kept" {
		t.Error(err)
	}
	if err := own.KeepsCaseTypes(CourtSettings{}); err != nil {
		t.Error(err)
	}
}
