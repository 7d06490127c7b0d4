package desk

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"microcourt/model"
)

// Every list is sorted by the columns that it has: the rows are read as the list
// gives them, sorted by what the column shows, and then paged. So the page, the
// sheet and the printed form have one order, and no statement of the database is
// made for it. The lists that hold a court's whole work (cases, receipts) have
// orders of their own with an index for each; there a heading leads to such an order
// where there is one, see column.order.

// sortRows is how long a list may be to be sorted. A longer one is shown as it is
// and says so: a part of it, sorted, would hide what comes first.
const sortRows = 2000

// seldom are columns that a list has only for some of its filters: an order by one of
// them is kept by the filter's form, and is no order where the column is not shown.
var seldom = []string{"承办法官", "执行法官", "所涉的人"}

// sortBy is the parameter that names the column, with a minus before it for the
// greatest first. It is the name and not the place, so that a kept filter does not
// become another one when a column is added.
const sortBy = "sort"

// order is by which column a list is sorted.
type order struct {
	by   string // the name of the column, "" for the list's own order
	desc bool
	long bool // asked for, but the list is too long
}

// asked is the order as an address has it.
func (o order) asked() string {
	if o.desc {
		return "-" + o.by
	}
	return o.by
}

// words say the order on the sheet and on paper.
func (o order) words(unit string) string {
	switch {
	case o.by == "":
		return ""
	case o.long:
		return fmt.Sprintf("超过 %d %s，未能排序", sortRows, unit)
	case o.desc:
		return o.by + "，从大到小"
	}
	return o.by + "，从小到大"
}

// sortable are the names by which a list may be sorted, as in an address.
func (t table[T]) sortable() (out []string) {
	for _, col := range t.columns {
		if !col.unsorted {
			out = append(out, col.name, "-"+col.name)
		}
	}
	return out
}

// sorted is the list in the order that the address asks for. It reads the rows, so
// that it knows whether there are too many.
func (t table[T]) sorted(c *gin.Context) (table[T], error) {
	asked := c.Query(sortBy)
	if asked == "" || t.ordered {
		return t, nil
	}
	if slices.Contains(seldom, strings.TrimPrefix(asked, "-")) && !slices.Contains(t.sortable(), asked) {
		return t, nil
	}
	if !slices.Contains(t.sortable(), asked) {
		return t, model.InvalidField(sortBy, "filter.unknown", "本列表没有可以按此排列的列，请从表头选择排列方式")
	}
	t.order.by = strings.TrimPrefix(asked, "-")
	t.order.desc = t.order.by != asked
	rows, whole, err := t.all(c.Request.Context())
	if err != nil {
		return t, err
	}
	if t.order.long = !whole; whole {
		i := slices.IndexFunc(t.columns, func(col column[T]) bool { return col.name == t.order.by })
		t.read = t.inPages(t.columns[i].sort(rows, t.order.desc), t.order.desc)
	}
	t.conditions = append(slices.Clone(t.conditions), condition{"排序", t.order.words(t.named())})
	return t, nil
}

// all reads the list if it is not longer than sortRows.
func (t table[T]) all(ctx context.Context) (out []T, whole bool, err error) {
	for from := ""; ; {
		rows, next, err := t.read(ctx, from, exportPage)
		if err != nil {
			return nil, false, err
		}
		if out = append(out, rows...); len(out) > sortRows {
			return nil, false, nil
		}
		if next == "" {
			return out, true, nil
		}
		from = next
	}
}

// inPages is read for sorted rows that are all at hand. A page begins behind the last
// row of the page before, wherever that stands now: on a list of work rows go as they
// are dealt with, and none that is left may be passed over for that. When that row has
// gone itself, the page begins with those that are its equals.
func (t table[T]) inPages(list []sortedRow[T], desc bool) func(context.Context, string, int) ([]T, string, error) {
	return func(_ context.Context, from string, limit int) ([]T, string, error) {
		begin := 0
		if limit <= 0 { // a list that its page shows as a whole
			limit = len(list)
		}
		if from != "" {
			m, err := readMark(t.cursor, from)
			if err != nil {
				return nil, "", err
			}
			k := keyOf(m.value())
			for i, n := 0, 0; i < len(list) && n <= m.Nth; i++ {
				if list[i].key.same(k) && t.identity(list[i].row) == m.Row {
					begin, n = i+1, n+1
				}
			}
			if begin == 0 {
				begin = slices.IndexFunc(list, func(o sortedRow[T]) bool { return ordered(o.key, k, desc) >= 0 })
			}
			if begin < 0 {
				begin = len(list)
			}
		}
		end := min(begin+limit, len(list))
		out := make([]T, 0, end-begin)
		for _, k := range list[begin:end] {
			out = append(out, k.row)
		}
		if end == len(list) {
			return out, "", nil
		}
		last := list[end-1]
		m := pageMark{Number: last.key.number, N: last.key.n, Text: last.key.text, Row: t.identity(last.row)}
		for _, o := range list[:end-1] {
			if o.key.same(last.key) && t.identity(o.row) == m.Row {
				m.Nth++
			}
		}
		return out, m.String(), nil
	}
}

// identity tells a row from others: by where it leads, or else by what it says.
func (t table[T]) identity(row T) string {
	h := fnv.New64a()
	for _, col := range t.columns {
		c := col.cell(row)
		if c.Href != "" {
			return c.Href
		}
		_, _ = h.Write([]byte(c.plain() + "\x00")) // never fails
	}
	return strconv.FormatUint(h.Sum64(), 36)
}

// pageMark is the last row of a page: what it is sorted by, and which one it is.
type pageMark struct {
	Number bool   `json:"a,omitempty"`
	N      int64  `json:"n,omitempty"`
	Text   string `json:"t,omitempty"`
	Row    string `json:"r"`
	Nth    int    `json:"i,omitempty"` // of those that look the same
}

func (m pageMark) String() string {
	b, _ := json.Marshal(m) // of such fields it never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

func (m pageMark) value() any {
	if m.Number {
		return m.N
	}
	return m.Text
}

func readMark(name, from string) (m pageMark, err error) {
	b, err := base64.RawURLEncoding.DecodeString(from)
	if err == nil {
		err = json.Unmarshal(b, &m)
	}
	if err != nil {
		return m, model.InvalidField(name, "field.format", "分页参数不正确")
	}
	return m, nil
}

// sortedRow is a row with what it is sorted by.
type sortedRow[T any] struct {
	key key
	row T
}

// sort gives the rows by what the column shows of them: amounts and numbers by
// number, days and moments by time, words as a dictionary has them, with the numbers
// within them by number. Equal ones keep their order, and those of which the column
// says nothing are the last in either direction.
func (col column[T]) sort(rows []T, desc bool) []sortedRow[T] {
	list := make([]sortedRow[T], len(rows))
	for i, r := range rows {
		list[i] = sortedRow[T]{keyOf(col.value(r)), r}
	}
	slices.SortStableFunc(list, func(a, b sortedRow[T]) int { return ordered(a.key, b.key, desc) })
	return list
}

// ordered compares two keys in a direction; what says nothing is the last in either.
func ordered(a, b key, desc bool) int {
	switch {
	case a.empty() || b.empty():
		return cmp.Compare(btoi(a.empty()), btoi(b.empty()))
	case desc:
		return b.compare(a)
	}
	return a.compare(b)
}

// value is what a row is sorted by.
func (col column[T]) value(r T) any {
	if col.by != nil {
		return col.by(r)
	}
	c := col.cell(r)
	if c.Value != nil {
		return c.Value
	}
	if c.Text != "" {
		return c.Text
	}
	return c.plain()
}

// key is a value that can be compared with any other: a number, or a text when it
// is none.
type key struct {
	number bool
	n      int64
	text   string
	words  []byte // of the text
}

func keyOf(v any) key {
	switch v := v.(type) {
	case model.Fen:
		return key{number: true, n: int64(v)}
	case int64:
		return key{number: true, n: v}
	case model.Date:
		if v.IsZero() {
			return key{}
		}
		return key{number: true, n: v.Start().UnixMicro()} // a column may have days and moments
	case time.Time:
		if v.IsZero() {
			return key{}
		}
		return key{number: true, n: v.UnixMicro()}
	}
	if s := strings.TrimSpace(fmt.Sprint(v)); s != "—" && s != "" {
		return key{text: s, words: inWords(s)}
	}
	return key{}
}

// collators give the order of 拼音, with numbers within words by number; one is not for
// two at a time.
var collators = sync.Pool{New: func() any { return collate.New(language.Chinese, collate.Numeric) }}

func inWords(s string) []byte {
	c, _ := collators.Get().(*collate.Collator) // nothing else is put there
	defer collators.Put(c)
	return c.KeyFromString(&collate.Buffer{}, s)
}

// same tells whether two keys say the same.
func (k key) same(other key) bool {
	return k.number == other.number && k.n == other.n && k.text == other.text
}

func (k key) empty() bool { return !k.number && k.text == "" }

func (k key) compare(other key) int {
	return cmp.Or(cmp.Compare(btoi(other.number), btoi(k.number)), cmp.Compare(k.n, other.n), bytes.Compare(k.words, other.words))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// own stands for the order that a list has when none is asked for.
const own = "*"

// head is the headings; those of columns that the list can be sorted by are links:
// the least first, the greatest first, the list's own order. q is what the list was
// asked with.
func (t table[T]) head(path string, q url.Values) (out []headView) {
	now := cmp.Or(q.Get(sortBy), own)
	for _, col := range t.columns {
		h := headView{Name: col.name, Help: col.help, Class: col.class}
		up, down := col.name, "-"+col.name
		if t.ordered {
			up, down = col.up, col.down
		}
		steps := slices.DeleteFunc([]string{up, down}, func(v string) bool { return v == "" })
		if len(steps) == 0 || col.unsorted {
			out = append(out, h)
			continue
		}
		if !slices.Contains(steps, own) {
			steps = append(steps, own)
		}
		to := steps[0]
		h.Sort = "none"
		if i := slices.Index(steps, now); i >= 0 && (now == up || now == down) && !t.order.long {
			h.Sort = map[bool]string{true: "ascending", false: "descending"}[now == up]
			to = steps[(i+1)%len(steps)]
		}
		switch to {
		case up:
			h.Hint = "从小到大排列"
		case down:
			h.Hint = "从大到小排列"
		default:
			h.Hint = "恢复原来的顺序"
		}
		asked := maps.Clone(q)
		if asked.Del(sortBy); to != own {
			asked.Set(sortBy, to)
		}
		if h.Href = path; len(asked) > 0 {
			h.Href += "?" + asked.Encode()
		}
		out = append(out, h)
	}
	return out
}
