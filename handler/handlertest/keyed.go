package handlertest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode"

	"microcourt/model"
	"microcourt/service/administration"
)

// Keyed are the addresses of the desk's forms with a key that a test sent with
// success: each was sent again, and once more with another content.
var Keyed sync.Map

// standsForOne proves of a form with a key that was sent with success that it stands
// for one request: sent again, because its answer got lost, it goes on to the same
// page and nothing is written; with another content it is refused, and nothing is
// written either. A form that the test gives no value that can change is not proved.
func (v *Visitor) standsForOne(path string, first *http.Response, asked url.Values, send func(url.Values) (*http.Response, string)) {
	v.w.T.Helper()
	if asked.Get("key") == "" || first.StatusCode != http.StatusSeeOther || v.w.Unrepeated {
		return
	}
	written := v.w.trail()
	if res, body := send(asked); res.StatusCode != first.StatusCode || res.Header.Get("Location") != first.Header.Get("Location") {
		v.w.T.Errorf("%s sent again: %d %s, first %s: %s", path, res.StatusCode, res.Header.Get("Location"), first.Header.Get("Location"), body)
		return
	}
	refused := false
	for _, other := range others(asked) {
		res, _ := send(other)
		if res.StatusCode == http.StatusSeeOther {
			v.w.T.Errorf("%s with another content under its key: %d %s, %v after %v", path, res.StatusCode, res.Header.Get("Location"), other, asked)
			return
		}
		// Where a thing's version is the natural key, its words are others.
		if refused = res.StatusCode == http.StatusConflict; refused {
			break
		}
	}
	if now := v.w.trail(); len(now) != len(written) {
		v.w.T.Errorf("%s: the repeats were written down: %d entries of the audit trail, before %d: %v", path, len(now), len(written), now[:len(now)-len(written)])
	}
	if refused {
		Keyed.Store(path, true)
	} else {
		v.w.T.Logf("%s: no other content of %v was refused for its key", path, asked)
	}
}

// others are what a form could also have said, words first: what can be read at all
// depends on the form.
func others(asked url.Values) []url.Values {
	var words, rest []url.Values
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		value := asked.Get(name)
		if name == "key" || name == "version" || name == "task" || value == "" { // which thing it is about, and in which state
			continue
		}
		other := maps.Clone(asked)
		last := value[len(value)-1]
		switch {
		case strings.ContainsFunc(value, func(r rune) bool { return unicode.Is(unicode.Han, r) }):
			other[name] = []string{value + "一"}
			words = append(words, other)
		case last >= '0' && last <= '9':
			other[name] = []string{value[:len(value)-1] + string('0'+(last-'0'+1)%10)}
			rest = append(rest, other)
		}
	}
	return append(words, rest...)
}

// Trail is how many entries the court's audit trail has.
func (w *World) Trail() int {
	w.T.Helper()
	return len(w.trail())
}

// trail is the court's audit trail, the newest entry first, without what somebody
// looked at: a form that is refused shows its page again.
func (w *World) trail() []administration.Entry {
	w.T.Helper()
	auditor := model.Actor{CourtID: w.Court.ID, Roles: []model.Role{model.RoleAuditor}}
	list, err := w.Svc.Administration.Entries(w.T.Context(), auditor, administration.Wanted{}, model.AuditFilter{Limit: 1000})
	if err != nil {
		w.T.Fatal(err)
	}
	return slices.DeleteFunc(list, func(e administration.Entry) bool { return strings.HasSuffix(string(e.Action), ".look") })
}
