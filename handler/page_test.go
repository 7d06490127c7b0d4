package handler_test

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"testing"

	"microcourt/handler"
	"microcourt/handler/handlertest"
	"microcourt/model"
)

// Every list goes on by one word and one kind of mark. A mark that was changed or
// that another list gave is refused by each, also where the other list is the same
// one of another case: a page that begins anew by itself is never seen to be wrong.
func TestEveryListTakesItsOwnCursorAlone(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	as := clientsFor(t, w)
	clerk, reader := w.Staff("wan.tt", model.RoleClerk), w.Staff("zhang.min", model.RoleJudge)
	f := w.FileInput(clerk, handlertest.CaseInput())
	second := handlertest.CaseInput()
	second["case_no"] = "（2026）浙0211民初2号"
	w.FileInput(clerk, second)
	cases := reader.Must(http.StatusOK, handlertest.Get, "/cases?limit=1", nil)
	foreign := []string{"1", "abc", cases.Str("next")}
	if documents := reader.Must(http.StatusOK, handlertest.Get, fmt.Sprintf("/cases/%d/documents?limit=1", f.ID), nil); documents.Str("next") != "" {
		foreign = append(foreign, documents.Str("next"))
	}
	if len(foreign) < 4 || foreign[2] == "" {
		t.Fatalf("no cursors to try: %v", foreign)
	}
	lists := 0
	inputs := handler.Inputs()
	for _, row := range handler.Rows() {
		in := inputs[row.Method+" "+row.Path]
		if in == nil || !slices.ContainsFunc(reflect.VisibleFields(in), func(f reflect.StructField) bool { return f.Tag.Get("query") == "after" }) {
			continue
		}
		lists++
		path := parameter.ReplaceAllString(row.Path, "7")
		for _, after := range foreign {
			if row.Path == "/cases" && after == cases.Str("next") {
				continue
			}
			refusedAll(t, []mistake{{as(row.Act), handlertest.Bad, "cursor.unknown", handlertest.Get, path + "?after=" + after, nil, "after"}})
		}
	}
	if lists < 20 {
		t.Errorf("only %d lists were found", lists)
	}
	if rest := reader.Must(http.StatusOK, handlertest.Get, "/cases?after="+cases.Str("next"), nil); len(rest.List("cases")) != 1 || rest.Str("next") != "" {
		t.Errorf("the last page: %v", rest)
	}
	if all := reader.Must(http.StatusOK, handlertest.Get, "/cases?limit=2", nil); len(all.List("cases")) != 2 || all.Str("next") != "" {
		t.Errorf("a page that is full and the last: %v", all)
	}
}
