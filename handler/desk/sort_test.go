package desk

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/model"
)

type sortable struct {
	id   int64
	name string
	fen  model.Fen
	on   model.Date
	at   time.Time
}

// tableOf is a list of so many rows that goes by ids, with what is asked of it.
func tableOf(t *testing.T, rows []sortable, query string) (table[sortable], error) {
	t.Helper()
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest(http.MethodGet, "/desk/x?"+query, nil)
	return table[sortable]{
		title: "表", cursor: "after", limit: 40,
		columns: []column[sortable]{
			{name: "姓名", cell: func(r sortable) cell { return say(r.name) }},
			{name: "金额（元）", cell: func(r sortable) cell { return money(r.fen) }},
			{name: "期满", cell: func(r sortable) cell {
				if !r.at.IsZero() {
					return moment(r.at)
				}
				return onDay(r.on)
			}},
			{name: "操作", unsorted: true, cell: func(sortable) cell { return say("") }},
		},
		read: func(_ context.Context, from string, limit int) ([]sortable, string, error) {
			begin, _ := strconv.Atoi(from)
			end := min(begin+limit, len(rows))
			if end == len(rows) {
				return rows[begin:], "", nil
			}
			return rows[begin:end], strconv.Itoa(end), nil
		},
	}.sorted(c)
}

// The order is that of the value and not of its words, the same for equal rows, with
// what is empty at the end whichever way it goes.
func TestAListIsSortedByWhatItsColumnMeans(t *testing.T) {
	t.Parallel()
	day := model.NewDate(2026, 3, 2)
	rows := []sortable{
		{1, "周丽", 900, model.Date{}, time.Time{}},
		{2, "（2026）浙0211民初1201号", 100_000, day, time.Time{}},
		{3, "", 20_000, day.AddDays(1), time.Time{}},
		{4, "陈建国", 900, model.Date{}, day.Start().Add(time.Hour)},
		{5, "（2026）浙0211民初99号", 5, day.AddDays(-1), time.Time{}},
		{6, "—", 900, day, time.Time{}},
	}
	for query, want := range map[string]string{
		"姓名": "[5 2 4 1 3 6]", "-姓名": "[1 4 2 5 3 6]",
		"金额（元）": "[5 1 4 6 3 2]", "-金额（元）": "[2 3 1 4 6 5]",
		"期满": "[5 2 6 4 3 1]", "-期满": "[3 4 2 6 5 1]", "": "[1 2 3 4 5 6]",
	} {
		list, err := tableOf(t, rows, "sort="+url.QueryEscape(query))
		if err != nil {
			t.Fatal(query, err)
		}
		out, next, err := list.read(t.Context(), "", 40)
		if err != nil {
			t.Fatal(query, err)
		}
		var ids []int64
		for _, r := range out {
			ids = append(ids, r.id)
		}
		if fmt.Sprint(ids) != want || next != "" {
			t.Errorf("%q: %v, not %s", query, ids, want)
		}
	}
	for _, wrong := range []string{"2", "-", "操作", "-操作", "姓名 ", "--姓名"} {
		if _, err := tableOf(t, rows, "sort="+url.QueryEscape(wrong)); model.ReasonOf(err) != "filter.unknown" || model.FieldOf(err) != "sort" {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

// Pages follow one another without a row that is lost or comes twice, up to the
// longest list that is sorted; a longer one stays as it is and says so.
func TestASortedListIsPagedWhole(t *testing.T) {
	t.Parallel()
	var rows []sortable
	for i := range int64(sortRows + 1) {
		rows = append(rows, sortable{id: i, name: fmt.Sprint("第", i, "件"), fen: model.Fen(i * 7919 % 97)})
	}
	query := "sort=" + url.QueryEscape("-金额（元）")
	list, err := tableOf(t, rows[:sortRows], query)
	if err != nil {
		t.Fatal(err)
	}
	var all []sortable
	for from := ""; ; {
		page, next, err := list.read(t.Context(), from, 333)
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, page...); next == "" {
			break
		}
		from = next
	}
	if !slices.IsSortedFunc(all, func(a, b sortable) int {
		if a.fen != b.fen {
			return int(b.fen - a.fen)
		}
		return int(a.id - b.id)
	}) {
		t.Error("the pages are not in order")
	}
	slices.SortFunc(all, func(a, b sortable) int { return int(a.id - b.id) })
	if !slices.Equal(all, rows[:sortRows]) {
		t.Errorf("%d rows came of %d", len(all), sortRows)
	}
	behind := pageMark{Number: true, N: -1, Row: "x"}.String()
	if page, next, err := list.read(t.Context(), behind, 40); len(page) != 0 || next != "" || err != nil {
		t.Errorf("behind the end: %v %q %v", page, next, err)
	}
	if _, _, err := list.read(t.Context(), "x", 40); model.FieldOf(err) != "after" {
		t.Errorf("a page that is no place: %v", err)
	}
	// Rows of the first page are dealt with before the second is asked for, its last one
	// too: none that is left is passed over.
	first, next, err := list.read(t.Context(), "", 333)
	if err != nil {
		t.Fatal(err)
	}
	left := slices.DeleteFunc(slices.Clone(rows[:sortRows]), func(r sortable) bool { return slices.Contains(first[:100], r) || r == first[332] })
	list, err = tableOf(t, left, query)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int64]bool{}
	for _, r := range first {
		seen[r.id] = true
	}
	for from := next; from != ""; {
		var page []sortable
		if page, from, err = list.read(t.Context(), from, 333); err != nil {
			t.Fatal(err)
		}
		for _, r := range page {
			seen[r.id] = true
		}
	}
	if len(seen) != sortRows {
		t.Errorf("%d rows were seen of %d", len(seen), sortRows)
	}
	long, err := tableOf(t, rows, query)
	if err != nil {
		t.Fatal(err)
	}
	page, _, err := long.read(t.Context(), "", 3)
	if err != nil || !slices.Equal(page, rows[:3]) || !long.order.long || !strings.Contains(long.words(), "排序：超过 2000 件，未能排序") {
		t.Errorf("too long: %v %v %s", page, err, long.words())
	}
	for _, h := range long.head("/desk/x", url.Values{"sort": {"-金额（元）"}}) {
		if h.Sort != "none" && h.Href != "" {
			t.Errorf("%s claims to be sorted: %s", h.Name, h.Sort)
		}
	}
}

// A heading leads to the least first, the greatest first, and back, and keeps what
// the list is narrowed to.
func TestAHeadingLeadsToItsOrder(t *testing.T) {
	t.Parallel()
	steps := []struct{ sort, next, href string }{
		{"none", "姓名", "/desk/x?sort=%E5%A7%93%E5%90%8D&state=open"},
		{"ascending", "-姓名", "/desk/x?sort=-%E5%A7%93%E5%90%8D&state=open"},
		{"descending", "", "/desk/x?state=open"},
	}
	q := url.Values{"state": {"open"}}
	for _, s := range steps {
		list, err := tableOf(t, nil, q.Encode())
		if err != nil {
			t.Fatal(err)
		}
		heads := list.head("/desk/x", q)
		if heads[0].Sort != s.sort || heads[0].Href != s.href || heads[3].Href != "" {
			t.Errorf("%v: %+v", q, heads[0])
		}
		q.Set("sort", s.next)
	}
	ordered := table[int]{ordered: true, columns: []column[int]{{name: "提交", up: own, down: "newest"}, {name: "申报", down: "amount"}, {name: "凭证"}, {name: "到期", up: "due"}}}
	for asked, want := range map[string]string{
		"": "ascending /q?sort=newest, none /q?sort=amount,  , none /q?sort=due", "newest": "descending /q, none /q?sort=amount,  , none /q?sort=due",
		"amount": "none /q, descending /q,  , none /q?sort=due", "due": "none /q, none /q?sort=amount,  , ascending /q",
	} {
		var got []string
		for _, h := range ordered.head("/q", url.Values{"sort": {asked}}) {
			got = append(got, h.Sort+" "+h.Href)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%q: %s", asked, strings.Join(got, ", "))
		}
	}
}
