package desk

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/sheet"
	"microcourt/service/statistics"
)

// A list of the desk is its columns: the page, the sheet and the printed form are
// made of the same ones, of the same rows, with the same filter. Its route (see
// listed) is asked with as=xlsx or as=print for the other two, so that whoever may
// not see the list may not take it away either.

// column is one column of a list.
type column[T any] struct {
	name  string // its heading
	help  string // the key of its explanation, "" for none
	class string // of its cells: nowrap, num, name, aside
	cell  func(T) cell
	// by is what the list is sorted by, when it is not what the cell shows; unsorted
	// says that no order of it would mean anything.
	by       func(T) any
	unsorted bool
	// up and down are the orders of an ordered list that the column has, own for the
	// one that it has by itself, "" for none.
	up, down string
}

// cell is what stands in one place of a list.
type cell struct {
	Text  string
	Value any    // what the sheet gets in place of the text: an amount, a number, a day, a moment
	Small string // further words below
	Href  string // where the text leads; shown to nobody who may not go there
	Title string
	Key   string // by which the text's link is followed
	Marks []mark
}

// mark is a short word about a row that stands out.
type mark struct {
	Text  string
	Tone  shade
	Title string
}

// The cells that most columns have.
func say(text string) cell { return cell{Text: text} }

func money(v model.Fen) cell { return cell{Text: v.Yuan(), Value: v} }

func amount(n int64) cell { return cell{Text: strconv.FormatInt(n, 10), Value: n} }

func onDay(v model.Date) cell { return cell{Text: day(v), Value: v} }

func moment(v time.Time) cell { return cell{Text: at(v), Value: v} }

// mark adds a mark when it is so.
func (c cell) mark(so bool, tone shade, text string) cell {
	if so {
		c.Marks = append(c.Marks, mark{text, tone, ""})
	}
	return c
}

func (c cell) to(href string) cell { c.Href = href; return c }

// plain is the cell in one line of words.
func (c cell) plain() string {
	out := []string{c.Text}
	for _, m := range c.Marks {
		out = append(out, m.Text)
	}
	if c.Small != "" {
		out = append(out, c.Small)
	}
	return strings.TrimSpace(strings.Join(out, " "))
}

// condition is one thing by which a list is narrowed, in words.
type condition struct{ Name, Value string }

// table is a list: how it is called, its columns, and how its rows are read.
type table[T any] struct {
	title   string
	unit    string // of which there are so many, 件 when empty
	columns []column[T]
	// conditions say in words what the list is narrowed to; those without a value
	// are left out.
	conditions []condition
	// empty is what the page says when there is nothing.
	empty string
	// acts says that the page's part "row-act" shows what can be done with a row.
	acts bool
	// cursor is the parameter that says where a page begins.
	cursor string
	limit  int // of a page
	// path is the list's address, when a form of another one shows it again.
	path string
	// ordered says that the list has its own orders, which its reading knows.
	ordered bool
	order   order
	// read gives the rows of a page and where the next one begins, "" at the end.
	read func(ctx context.Context, from string, limit int) ([]T, string, error)
	// count tells how many there are, up to statistics.Ceiling; nil for a list of
	// which nobody asks that.
	count func(ctx context.Context) (int64, error)
}

// listed is get for a list: it can be had as a sheet and on paper.
func listed(path string, act model.Act, f func(*gin.Context) error) Route {
	return Route{Method: http.MethodGet, Path: path, Act: act, list: true, Timeout: exportTime, handle: f}
}

// liveList is listed for a list that renews itself.
func liveList(path string, act model.Act, f func(*gin.Context) error) Route {
	r := listed(path, act, f)
	r.live = true
	return r
}

// exportTime is how long a list may take to leave; exportRows is how long it may
// be.
const (
	exportTime = 2 * time.Minute
	exportRows = 100_000
	exportPage = 500
)

// forms are the forms of a list besides its page.
var forms = []string{"xlsx", "print"}

// listView is a list as a page shows it.
type listView struct {
	Title, Unit, Empty string
	Head               []headView
	Rows               []rowView
	Acts               bool
	Next               string
	// Count is how many there are in all, -1 when nobody counted; More says that
	// there are still more.
	Count       int64
	More        bool
	Sheet       string // where the list is to be had as a sheet
	Print       string // and for the printer
	Conditions  []condition
	Path, Query string // which a saved filter keeps
	Saved       []savedView
	Sort        string // the order that was asked for, which the form of the filters keeps
	TooLong     string // why it is not in that order
}

type headView struct {
	Name, Help, Class string
	Href, Hint        string // where its link leads, "" for a column by which nothing is sorted
	Sort              string // how the list is sorted by it: ascending, descending or none
}

// Column is a heading, for a page that shows the rows in its own way. A page that
// names none that exists fails.
func (v *listView) Column(name string) (headView, error) {
	for _, h := range v.Head {
		if h.Name == name {
			return h, nil
		}
	}
	return headView{}, fmt.Errorf("the list %s has no column %q", v.Title, name)
}

// Orders are the headings by which the list can be sorted, for a page that shows no
// headings.
func (v *listView) Orders() (out []headView) {
	for _, h := range v.Head {
		if h.Href != "" {
			out = append(out, h)
		}
	}
	return out
}

type rowView struct {
	Cells []cellView
	Item  any
}

type cellView struct {
	cell
	Class string
}

type savedView struct {
	ID         int64
	Name, Href string
	Here       bool
}

func (t table[T]) named() string {
	if t.unit == "" {
		return "件"
	}
	return t.unit
}

func (t table[T]) narrowed() (out []condition) {
	for _, c := range t.conditions {
		if c.Value != "" {
			out = append(out, c)
		}
	}
	return out
}

func (t table[T]) words() string {
	var out []string
	for _, c := range t.narrowed() {
		out = append(out, c.Name+"："+c.Value)
	}
	if len(out) == 0 {
		return "无"
	}
	return strings.Join(out, "；")
}

// columnNames is the headings without links, as paper has them.
func (t table[T]) columnNames() (out []headView) {
	for _, c := range t.columns {
		out = append(out, headView{Name: c.name, Class: c.class})
	}
	return out
}

func (t table[T]) row(by model.Actor, item T) rowView {
	r := rowView{Item: item}
	for _, col := range t.columns {
		v := col.cell(item)
		if v.Href != "" && !opens(by, v.Href) {
			v.Href, v.Key = "", ""
		}
		r.Cells = append(r.Cells, cellView{v, col.class})
	}
	return r
}

// answer answers with a list in the form that was asked for. page shows the page.
func answer[T any](d *Desk, c *gin.Context, t table[T], page func(*listView) error) error {
	return answerOwn(d, c, t, func(v *listView, _ []T) error { return page(v) })
}

// answerOwn is answer for a page that shows the rows in its own way.
func answerOwn[T any](d *Desk, c *gin.Context, t table[T], page func(*listView, []T) error) error {
	if as := c.Query("as"); as != "" {
		return export(d, c, t, as)
	}
	v, rows, err := viewOf(d, c, t)
	if err != nil {
		return err
	}
	return page(v, rows)
}

// viewOf reads the page of a list that was asked for.
func viewOf[T any](d *Desk, c *gin.Context, t table[T]) (*listView, []T, error) {
	ctx, by := c.Request.Context(), web.Actor(c)
	t, err := t.sorted(c)
	if err != nil {
		return nil, nil, err
	}
	rows, next, err := t.read(ctx, c.Query(t.cursor), t.limit)
	if err != nil {
		return nil, nil, err
	}
	asked, path := listQuery(c.Request.URL.Query(), t.cursor), cmp.Or(t.path, listPath(c.Request.URL.Path))
	v := &listView{
		Title: t.title, Unit: t.named(), Empty: t.empty, Head: t.head("/desk"+path, asked), Acts: t.acts, Count: -1, Conditions: t.narrowed(),
	}
	if v.Sort = t.order.asked(); t.order.long {
		v.TooLong = fmt.Sprintf("列表超过 %d %s，不能按“%s”排序。请先用上面的条件缩小范围。", sortRows, t.named(), t.order.by)
	}
	for _, item := range rows {
		v.Rows = append(v.Rows, t.row(by, item))
	}
	if next != "" {
		v.Next = with(c, t.cursor, next)
	}
	if t.count != nil {
		if v.Count, err = t.count(ctx); err != nil {
			return nil, nil, err
		}
		v.More = v.Count >= statistics.Ceiling
	}
	v.Sheet, v.Print, v.Path = formAddress("/desk"+path, asked, "xlsx"), formAddress("/desk"+path, asked, "print"), path
	v.Query = asked.Encode()
	saved, err := d.svc.Lists.Saved(ctx, by, v.Path)
	for _, f := range saved {
		href := "/desk" + v.Path
		if f.Query != "" {
			href += "?" + f.Query
		}
		v.Saved = append(v.Saved, savedView{f.ID, f.Name, href, f.Query == v.Query})
	}
	return v, rows, err
}

// toolsOf is what stands above a list that a page reads and shows in its own way.
func toolsOf[T any](d *Desk, c *gin.Context, t table[T]) (*listView, error) {
	t.read = func(context.Context, string, int) ([]T, string, error) { return nil, "", nil }
	v, _, err := viewOf(d, c, t)
	return v, err
}

// firstKey lets a key follow the first row's first link.
func (v *listView) firstKey(key string) {
	if len(v.Rows) == 0 {
		return
	}
	for i := range v.Rows[0].Cells {
		if cell := &v.Rows[0].Cells[i]; cell.Href != "" {
			cell.Key = key
			return
		}
	}
}

// listQuery is what a list was asked with, without where the page begins and what
// was done before.
func listQuery(q url.Values, cursor string) url.Values {
	for _, name := range []string{"done", "as", cursor, "from", "isappinstalled"} { // the last two are WeChat's
		q.Del(name)
	}
	for name, v := range q {
		if len(v) == 0 || v[0] == "" {
			q.Del(name)
		}
	}
	return q
}

func formAddress(path string, asked url.Values, form string) string {
	q := maps.Clone(asked)
	q.Set("as", form)
	return path + "?" + q.Encode()
}

// listPath is the list that an address below the desk belongs to: a form of it that
// was refused shows it again.
func listPath(path string) string {
	path = strings.TrimPrefix(path, "/desk")
	for at := path; at != ""; at = at[:strings.LastIndexByte(at, '/')] {
		if isList(at) {
			return at
		}
	}
	return path
}

// each reads a list page by page to its end, or to exportRows.
func (t table[T]) each(ctx context.Context, yield func(T) error) (n int, whole bool, err error) {
	for from := ""; ; {
		rows, next, err := t.read(ctx, from, exportPage)
		if err != nil {
			return n, false, err
		}
		for _, r := range rows {
			if n == exportRows {
				return n, false, nil
			}
			n++
			if err := yield(r); err != nil {
				return n, false, err
			}
		}
		if next == "" {
			return n, true, nil
		}
		from = next
	}
}

// export sends the whole list. It is recorded before its first row leaves.
func export[T any](d *Desk, c *gin.Context, t table[T], form string) error {
	ctx, by := c.Request.Context(), web.Actor(c)
	t, err := t.sorted(c)
	if err != nil {
		return err
	}
	act, _ := actOf(c.FullPath())
	if err := d.svc.Lists.Exported(ctx, by, act, model.Export{List: t.title, Form: form, Conditions: t.words()}); err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	if form == "print" {
		return printed(d, c, t)
	}
	return sheeted(d, c, t)
}

// made says of what a list that left was made: the court, when, by whom, narrowed
// to what.
func made[T any](d *Desk, c *gin.Context, t table[T]) []condition {
	by := web.Actor(c)
	return []condition{
		{"法院", d.courtName(c, by)}, {"制表时间", at(d.cfg.Now())}, {"制表人", by.Name}, {"筛选条件", t.words()},
	}
}

func sheeted[T any](d *Desk, c *gin.Context, t table[T]) error {
	widths := make([]float64, len(t.columns))
	names := make([]string, len(t.columns))
	for i, col := range t.columns {
		names[i], widths[i] = col.name, 18
		if col.class == "name" || col.class == "" {
			widths[i] = 28
		}
	}
	w, err := sheet.NewWriter(widths)
	if err != nil {
		return err
	}
	defer w.Close()
	if err := w.Head(t.title); err != nil {
		return err
	}
	for _, m := range made(d, c, t) {
		if err := w.Row(m.Name, m.Value); err != nil {
			return err
		}
	}
	if err := w.Head(names...); err != nil {
		return err
	}
	n, whole, err := t.each(c.Request.Context(), func(item T) error {
		values := make([]any, len(t.columns))
		for i, col := range t.columns {
			v := col.cell(item)
			if values[i] = v.Value; v.Value == nil || len(v.Marks) > 0 && v.Text == "" {
				values[i] = v.plain()
			}
		}
		return w.Row(values...)
	})
	if err == nil && !whole {
		err = w.Row(fmt.Sprintf("只列出前 %d %s，请缩小筛选范围后分别导出", n, t.named()))
	}
	if err != nil {
		return err
	}
	c.Header("Content-Type", web.MediaSheet)
	c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+escapeName(t.title+model.DateOf(d.cfg.Now()).String())+".xlsx")
	_, err = w.WriteTo(c.Writer)
	return err
}

// printed sends the list for the printer: a page of the table alone, sent as it is
// read.
func printed[T any](d *Desk, c *gin.Context, t table[T]) error {
	set, err := d.set()
	if err != nil {
		return err
	}
	page := set["failure"] // which has the parts that all pages share
	c.Header("Content-Type", "text/html; charset=utf-8")
	c.Status(http.StatusOK)
	by := web.Actor(c)
	if err := page.ExecuteTemplate(c.Writer, "print-head", map[string]any{"Title": t.title, "Made": made(d, c, t), "Head": t.columnNames(), "Back": backFrom(c, t.cursor)}); err != nil {
		return err
	}
	n, whole, err := t.each(c.Request.Context(), func(item T) error {
		return page.ExecuteTemplate(c.Writer, "print-row", t.row(by, item))
	})
	if err != nil {
		return err
	}
	return page.ExecuteTemplate(c.Writer, "print-foot", map[string]any{"N": n, "Unit": t.named(), "Whole": whole})
}

func backFrom(c *gin.Context, cursor string) string {
	q := listQuery(c.Request.URL.Query(), cursor)
	if len(q) == 0 {
		return c.Request.URL.Path
	}
	return c.Request.URL.Path + "?" + q.Encode()
}

// idMark reads where a page begins in a list that goes by ids.
func idMark(name, from string) (int64, error) {
	if from == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(from, 10, 64)
	if err != nil || n < 0 {
		return 0, model.InvalidField(name, "field.format", "分页参数不正确")
	}
	return n, nil
}

// byID is read for a list that goes by ids: list gives the rows after, or before,
// an id.
func byID[T any](cursor string, list func(ctx context.Context, from int64, limit int) ([]T, error), id func(T) int64) func(context.Context, string, int) ([]T, string, error) {
	return func(ctx context.Context, from string, limit int) ([]T, string, error) {
		mark, err := idMark(cursor, from)
		if err != nil {
			return nil, "", err
		}
		rows, err := list(ctx, mark, limit)
		if err != nil || len(rows) < limit {
			return rows, "", err
		}
		return rows, strconv.FormatInt(id(rows[len(rows)-1]), 10), nil
	}
}

// atOnce is read for a list that is short enough to be read as a whole.
func atOnce[T any](list func(ctx context.Context) ([]T, error)) func(context.Context, string, int) ([]T, string, error) {
	return func(ctx context.Context, _ string, _ int) ([]T, string, error) {
		rows, err := list(ctx)
		return rows, "", err
	}
}
