package desk

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/performance"
)

// groupCase is one of the cases among which a payment at the window can be shared.
type groupCase struct {
	ID int64
	No string
}

// groupCases are the cases of a group that the actor sees, none for one alone.
func (d *Desk) groupCases(c *gin.Context, ref string) ([]groupCase, error) {
	if ref == "" {
		return nil, nil
	}
	lines, err := d.svc.Filing.Group(c.Request.Context(), web.Actor(c), ref)
	if err != nil {
		if e, ok := errors.AsType[*model.Error](err); ok && e.Kind == model.NotFound {
			return nil, nil // it has no obligations yet
		}
		return nil, err
	}
	var out []groupCase
	for _, l := range lines {
		if !slices.ContainsFunc(out, func(g groupCase) bool { return g.ID == l.CaseID }) {
			out = append(out, groupCase{l.CaseID, l.CaseNo})
		}
	}
	if len(out) < 2 {
		return nil, nil
	}
	return out, nil
}

// groupClaim reads what of a payment goes to which case; nothing typed leaves it to
// the court.
func (f *form) groupClaim(cl performance.Claim, values map[string]string) performance.GroupClaim {
	out := performance.GroupClaim{Claim: cl}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		rest, ok := strings.CutPrefix(name, "case_")
		if !ok || values[name] == "" {
			continue
		}
		id, err := strconv.ParseInt(rest, 10, 64)
		if err != nil {
			f.wrong(name, model.InvalidField(name, "group.case", "所填的案件不存在"))
			continue
		}
		out.Parts = append(out.Parts, model.GroupShare{CaseID: id, AmountFen: f.yuanOf(fmt.Sprintf("case_%d", id), values[name])})
	}
	return out
}
