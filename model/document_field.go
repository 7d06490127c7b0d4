package model

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"
)

// DocumentField is something that a template may print, for whoever edits it.
type DocumentField struct {
	Name     string
	Sample   string
	Required bool // the template must print it
	// Switch says that it holds no text but chooses, with {{if}}.
	Switch bool
	// Of are what each line of a list holds; a list is printed with {{range}}.
	Of []DocumentField
}

// Fields lists what the kind's template may print, what it must print first.
func (k DocumentKind) Fields(court Court, today Date) []DocumentField {
	out := fieldsOf(SampleFacts(k, court, today).Variables())
	needed := k.RequiredVariables()
	for i := range out {
		out[i].Required = slices.Contains(needed, out[i].Name)
	}
	slices.SortStableFunc(out, func(a, b DocumentField) int {
		switch {
		case a.Required != b.Required && a.Required:
			return -1
		case a.Required != b.Required:
			return 1
		}
		return cmp.Compare(len(a.Of), len(b.Of)) // lists last
	})
	return out
}

func fieldsOf(v map[string]any) (out []DocumentField) {
	for name, value := range v {
		f := DocumentField{Name: name}
		switch value := value.(type) {
		case string:
			f.Sample = value
		case bool:
			f.Switch = true
		case []any:
			f.Sample = fmt.Sprintf("%d 行", len(value))
			if len(value) > 0 {
				row, _ := value[0].(map[string]any)
				f.Of = fieldsOf(row)
			}
		default:
			f.Sample = fmt.Sprint(value)
		}
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b DocumentField) int {
		if n := cmp.Compare(utf8.RuneCountInString(a.Name), utf8.RuneCountInString(b.Name)); n != 0 {
			return n
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return out
}
