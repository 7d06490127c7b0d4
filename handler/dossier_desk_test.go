package handler_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// Without a case system the desk says so, counts what is not in the file, and gives
// the whole file of a case by a click, to those who may see the case.
func TestTheDeskGivesTheFileOfACase(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge, other, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("ji.wei", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	page := fmt.Sprintf("/cases/%d/dossier", f.ID)
	if body := judge.Reads(page); !strings.Contains(body, "自动履行告知书") || !strings.Contains(body, "没有接通电子卷宗系统") {
		t.Errorf("the catalogue: %s", body)
	}
	if body := clerk.Reads("/dossier"); !strings.Contains(body, "没有接通") || !strings.Contains(body, "等待入卷") || strings.Contains(body, "重新入卷</button>") {
		t.Errorf("what is not in the file: %s", body)
	}
	if body := other.Reads("/dossier"); !strings.Contains(body, "没有未入卷的材料") {
		t.Error("another judge's list holds cases that are not his")
	}
	if body := clerk.Reads(""); !strings.Contains(body, "未入卷的材料") {
		t.Error("the first page does not count it")
	}
	res, body := w.Visitor(judge).Send(http.MethodGet, page+"/zip", nil, nil)
	z, err := zip.NewReader(bytes.NewReader([]byte(body)), int64(len(body)))
	if res.StatusCode != http.StatusOK || err != nil || len(z.File) < 3 || z.File[0].Name != "000 目录.xlsx" {
		t.Fatal(res.StatusCode, err)
	}
	if res, _ := w.Visitor(other).Send(http.MethodGet, page+"/zip", nil, nil); res.StatusCode != http.StatusNotFound {
		t.Error("another judge gets", res.StatusCode)
	}
	if status, body := clerk.Posts("/dossier", nil); status != http.StatusBadRequest && status != http.StatusConflict || !strings.Contains(body, "没有接通") && !strings.Contains(body, "请选择") {
		t.Errorf("handing over without a case system: %d %s", status, body)
	}
}
