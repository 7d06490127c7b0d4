package desk

import (
	"net/http"
	"strings"
	"sync"

	"microcourt/handler/web"
	"microcourt/model"
)

// address is the address of a page with values in its query.
func address(path string, pairs ...any) string { return web.Address(path, pairs...) }

// pageActs is which act each page asks for, by its path as the route table writes
// it. The first desk of a process fills it in: templates and the table of routes
// hang on each other.
var pageActs struct {
	once sync.Once
	of   map[string]model.Act
}

func learnPages(routes []Route) {
	pageActs.once.Do(func() {
		pageActs.of = map[string]model.Act{}
		for _, r := range routes {
			if r.Method == http.MethodGet {
				pageActs.of["/desk"+r.Path] = r.Act
			}
		}
	})
}

// actOf is the act of a page by its path as the route table writes it.
func actOf(pattern string) (model.Act, bool) {
	act, ok := pageActs.of[pattern]
	return act, ok
}

// opens tells whether the actor may open a page of the desk, so that nobody is
// shown a link that is refused. It asks the route table, as the door does; whose
// case it is, the list that shows the link has asked already.
func opens(a model.Actor, to string) bool {
	path, _, _ := strings.Cut(to, "?")
	path, _, _ = strings.Cut(path, "#")
	segments := strings.Split(path, "/")
	best, most := model.Act(""), -1
	for pattern, act := range pageActs.of {
		parts := strings.Split(pattern, "/")
		if len(parts) != len(segments) {
			continue
		}
		fixed := 0
		for i, p := range parts {
			switch {
			case p == segments[i]:
				fixed++
			case !strings.HasPrefix(p, ":"):
				fixed = -len(parts)
			}
		}
		if fixed > most {
			best, most = act, fixed
		}
	}
	return best != "" && (best == model.ActPublic || a.May(best))
}
