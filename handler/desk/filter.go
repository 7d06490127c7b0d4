package desk

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/notice"
)

var flag = []string{"1"}

// filters are the values that each list's filters may have, by page and
// parameter. Any other value is refused: one that is silently ignored shows what
// was not asked for, one that finds nothing hides what is there. A test compares
// the table with the forms of the pages.
var filters = map[string]map[string][]string{
	"/cases": {
		"performance": words(model.PerformancePending, model.PerformancePartial, model.PerformanceFulfilled, model.PerformanceNone),
		"kind":        words(model.CaseCivil, model.CaseCriminal, model.CaseAdministrative), "overdue": flag, "enforced": flag, "sort": {"due"},
	},
	"/cases/:id":    {"reveal": flag, "all": flag},
	"/groups":       {"open": flag},
	"/receipts":     receiptFilters,
	"/receipts/:id": receiptFilters,
	"/enforcement": {
		"kind":  words(model.EnforcementOrdinary, model.EnforcementResumed, model.EnforcementPreservation),
		"state": {"open", "all"}, "whose": {"all"},
	},
	"/case-money": {"state": words(model.MoneyStates...), "whose": {"all"}},
	"/payouts":    {"state": words(model.PayoutStates...)},
	"/tasks":      {"state": words(model.TaskOpen, model.TaskDone, model.TaskCancelled), "due": {"today", "late"}},
	"/measures": {
		"kind": words(model.MeasureKinds...), "whose": {"all"},
		"state": words(model.MeasureInForce, model.MeasureDecided, model.MeasureProposed, model.MeasureLifted, model.MeasureExpired,
			model.MeasureRefused, model.MeasureWithdrawn, pendingState),
	},
	"/certificates":   {"state": words(model.CertificateValid, model.CertificateRevoked)},
	"/clean-ups":      {"late": flag},
	"/deliveries":     {"only": {notice.OnlyFailed, notice.OnlySilent}},
	"/conversations":  {"late": flag},
	"/queries":        {"state": words(model.QueryStates...), "kind": words(model.QueryKinds...), "sent": flag},
	"/own/queries":    {"state": words(model.QuerySent, model.QueryAnswered, model.QueryCancelled)},
	"/assistance":     {"state": words(model.AssistanceStates...)},
	"/prison-letters": {"state": words(model.PrisonLetterOpen, model.PrisonLetterAnswered, model.PrisonLetterVoid), "late": flag},
	"/penalties":      {"of": {"performed", "adjudged"}},
	"/relatives":      {"state": append(words(model.RelativeStates...), "all")},
	"/repairs": {
		"state": append(words(model.RepairOpen, model.RepairSuspended, model.RepairMasked, model.RepairShortened, model.RepairPaused, model.RepairRefused), "all"),
	},
	"/releases":        {"state": append(words(model.ReleaseOpen, model.ReleaseApproved, model.ReleaseRefused, model.ReleaseSuperseded), "all")},
	"/duty-tasks":      taskFilters,
	"/own/tasks":       taskFilters,
	"/duties/template": {"list": {"default"}},
	"/unreached":       {"paper": flag},
	"/templates":       {"kind": words(model.DocumentKinds...)},
	"/audit":           {"looks": flag},
}

var receiptFilters = map[string][]string{
	"state": words(model.ReceiptStates...), "kind": words(model.CaseCivil, model.CaseCriminal, model.CaseAdministrative), "late": flag, "flagged": flag,
	"flag": words(model.FlagKinds()...), "answer": words(model.ResponseDisputed, model.ResponseDiffers, model.ResponseAsked, model.ResponseAcknowledged),
	"sort": words(model.SortNewest, model.SortAmount, model.SortAnswer, model.SortFlagged),
}

var taskFilters = map[string][]string{
	"state": words(model.AgencyTaskStates...), "phase": words(model.PhaseApply, model.PhaseLift), "kind": words(model.DutyKinds...),
}

func words[T ~string](list ...T) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = string(v)
	}
	return out
}

// severalOf are the names under which a form may send several values.
var severalOf = []string{
	"what", "place", "value", "amount", "villages", "measure_ids", "installments", "obligation", "measure", "query_kind", "role",
	"criterion_code", "pick", "item", "criterion_text", "message", "file", "uploaded",
}

func several(name string) bool {
	return slices.Contains(severalOf, name) || strings.HasPrefix(name, "party_") || strings.HasPrefix(name, "duty_")
}

// formMemory is how much of a form with files is kept in memory while it is read.
const formMemory = 512 << 10

// check refuses what no page and no form of the desk may be asked with:
// parameters that are given twice, text that nobody can see or read, unknown
// values of filters. What a form's own page says about a field
// is said by its handler, afterwards.
func (d *Desk) check(r Route) func(*gin.Context) error {
	known := filters[r.Path]
	names := slices.Sorted(maps.Keys(known)) // the same one is named each time
	return func(c *gin.Context) error {
		today := model.DateOf(d.cfg.Now())
		if c.Request.URL.RawQuery != "" {
			query, err := web.Query(c)
			if err != nil {
				return err
			}
			if err := web.CheckQuery(query, today); err != nil {
				return err
			}
			if r.list {
				if err := web.CheckChoice("as", query.Get("as"), forms); err != nil {
					return err
				}
			}
			for _, name := range names {
				if err := web.CheckChoice(name, strings.TrimSpace(query.Get(name)), known[name]); err != nil {
					return err
				}
			}
		}
		if r.Method != http.MethodPost || r.stream {
			return nil
		}
		if err := checkForm(c); err != nil {
			return err
		}
		if err := r.final.check(c); err != nil {
			return err
		}
		return keyed(c)
	}
}

func checkForm(c *gin.Context) error {
	if c.ContentType() == "multipart/form-data" {
		if err := c.Request.ParseMultipartForm(formMemory); err != nil {
			return web.BodyError(err)
		}
		return web.CheckForm(c.Request.MultipartForm.Value, several)
	}
	if err := c.Request.ParseForm(); err != nil {
		return web.BodyError(err)
	}
	return web.CheckForm(c.Request.PostForm, several)
}

// Filters are the filters of a page and the values that each may have; any other
// is refused.
func Filters(path string) map[string][]string { return filters[path] }
