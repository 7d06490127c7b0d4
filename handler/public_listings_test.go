package handler_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/handler"
	"microcourt/model"
	"microcourt/storage"
)

// The published list in a browser: looked through, searched by name, case number
// and number; a name finds nobody who is masked, nothing finds who is suspended.
func TestPublicListings(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	see := func(path string, want string, not ...string) string {
		t.Helper()
		status, body := c.Page(handlertest.Get, path, nil)
		if status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d without %q: %.2500s", path, status, want, body)
		}
		for _, x := range not {
			if strings.Contains(body, x) {
				t.Errorf("%s shows %q", path, x)
			}
		}
		return body
	}
	see("/listings", "没有公布的失信被执行人")
	m := c.take("listing", "ground", "property_report")
	no := c.measure(m).Str("case_no")
	if no == "" {
		no = c.officer.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/enforcement-cases/%d", c.id), nil).Str("case_no")
	}
	see("/listings", "赵明", "34052419800101001X", "已屏蔽")
	see("/listings", "340524********001X")
	see("/listings?name="+escaped(" 赵明 "), "查询结果")
	see("/listings?name="+escaped("赵明"), "340524********001X")
	see("/listings?name="+escaped("赵"), "没有查到")
	see("/listings?case_no="+escaped(no), "赵明")
	see("/listings?name="+escaped("赵明")+"&case_no="+escaped("（2026）浙0211执999号"), "没有查到")
	if status, body := c.Page(handlertest.Post, "/listings", url.Values{"number": {"34052419800101001x"}, "court": {"浙0211"}}); status != http.StatusOK || !strings.Contains(body, "赵明") || strings.Contains(body, "34052419800101001x") {
		t.Errorf("by number: %d %.2000s", status, body)
	}
	for path, text := range map[string]string{
		"/listings?case_no=12": "案号格式不正确", "/listings?name=" + strings.Repeat("a", 101): "不能超过 100 字", "/listings?court=x": "没有这个法院",
	} {
		if status, body := c.Page(handlertest.Get, path, nil); status != handlertest.Bad || !strings.Contains(body, text) || !strings.Contains(body, "按姓名或案号查询") {
			t.Errorf("%s: %d %.1500s", path, status, body)
		}
	}
	public := c.Public()
	search := func(q string) []handlertest.Obj {
		return public.Must(http.StatusOK, handlertest.Get, "/listings?court="+escaped("浙0211")+q, nil).List("listings")
	}
	if l := search("&name=" + escaped("赵明") + "&case_no=" + escaped(no)); len(l) != 1 {
		t.Errorf("the API: %v", l)
	}
	refusedAll(t, []mistake{
		{public, handlertest.Bad, "listing.name", handlertest.Get, "/listings?court=" + escaped("浙0211") + "&name=" + strings.Repeat("a", 101), nil, "name"},
		{public, handlertest.Bad, "case_no.format", handlertest.Get, "/listings?court=" + escaped("浙0211") + "&case_no=12", nil, "case_no"},
		{public, handlertest.Bad, "case_no.year", handlertest.Get, "/listings?court=" + escaped("浙0211") + "&case_no=" + escaped("（2001）浙0211执1号"), nil, "case_no"},
		{public, handlertest.Bad, "case_no.type", handlertest.Get, "/listings?court=" + escaped("浙0211") + "&case_no=" + escaped("（2026）浙0211猫1号"), nil, "case_no"},
	})
	// Masked.
	masked := c.repairOf(handlertest.Obj{"measure_id": m.ID("id")})
	c.granted(masked, "masked", "")
	see("/listings?name="+escaped("赵明"), "没有查到", "赵某", "赵*")
	see("/listings?case_no="+escaped(no), "（已屏蔽）", "赵明")
	if _, body := c.Page(handlertest.Post, "/listings", url.Values{"number": {"34052419800101001X"}}); !strings.Contains(body, "没有查到") {
		t.Errorf("a masked number is found: %.2000s", body)
	}
	if l := search("&name=" + escaped("赵明")); len(l) != 0 {
		t.Errorf("a masked name by the API: %v", l)
	}
	// Pages along the key.
	err := c.DB.Transact(context.Background(), func(tx *storage.DB) error {
		full, err := tx.LockMeasure(context.Background(), m.ID("id"))
		if err != nil {
			return err
		}
		var more []model.Measure
		for i := range 24 {
			x := *full
			x.ID, x.ActiveKey, x.IdemKey, x.SubjectName = 0, nil, fmt.Sprint("copy", i), fmt.Sprintf("钱某%02d", i)
			more = append(more, x)
		}
		return storage.Insert(context.Background(), tx, more)
	})
	if err != nil {
		t.Fatal(err)
	}
	first := see("/listings", "下一页", "赵明")
	_, rest, _ := strings.Cut(first, `<p class="more"><a href="`)
	next, _, _ := strings.Cut(rest, `"`)
	see(strings.ReplaceAll(next, "&amp;", "&"), "（已屏蔽）", "下一页", "钱某20")
	c.AddCourt("浙0212", "宁波市另一区人民法院", "另法")
	see("/listings", "宁波市另一区人民法院", "查询结果")
	see("/listings?court="+escaped("浙0212"), "没有公布的失信被执行人", "赵明")
}

// The page is as limited as the API.
func TestPublicListingsAreLimited(t *testing.T) {
	t.Parallel()
	w := handlertest.NewWith(t, func(w *handlertest.World) { w.Limits = handler.Limits{Verify: 3} })
	for range 3 {
		if status, _ := w.Page(handlertest.Get, "/listings", nil); status != http.StatusOK {
			t.Fatalf("answers %d", status)
		}
	}
	if status, _ := w.Page(handlertest.Post, "/listings", url.Values{"number": {"1"}}); status != http.StatusTooManyRequests {
		t.Errorf("the fourth look answers %d", status)
	}
}

func escaped(s string) string { return url.QueryEscape(s) }
