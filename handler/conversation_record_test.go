package handler_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/model"
)

// What a family and the officer wrote goes to the case file as a numbered
// paper: once while nothing new was said, the whole again after it.
func TestAConversationGoesToTheFile(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	wife, link := c.relative("admitted")
	matter := c.matter(wife, link)
	n := matter.ID("conversation_id")
	talk, export := fmt.Sprintf("/conversations/%d/messages", n), fmt.Sprintf("/conversations/%d/export", n)
	officer := c.Visitor(c.officer)
	officer.Does(clash, export, "对话中还没有留言", url.Values{})
	for _, stranger := range []*handlertest.Client{c.Staff("ji.wei", model.RoleJudge), c.Staff("tong.bx", model.RoleOfficer)} {
		c.Visitor(stranger).Does(handlertest.Gone, export, "没有", url.Values{})
	}
	photo := wife.Uploaded(matter.ID("case_id"), 701)
	wife.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": "这是汇款单\n@seal | # 请核对", "file_ids": []int64{photo}})
	c.officer.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": strings.Repeat("已收到，正在核对。", 100)})

	paper := c.officer.Recorded(n, model.RoleOfficer)
	again := c.clerk.Recorded(n, model.RoleClerk)
	if paper.Str("title") != "对话记录" || paper.Str("number") != "镇法对话〔2026〕1号" || again.ID("id") != paper.ID("id") {
		t.Errorf("%v, again %v", paper, again)
	}
	sum := sha256.Sum256(handlertest.Picture(701))
	pdf := c.officer.Pdf(paper)
	got := text(t, pdf)
	for _, want := range []string{"镇法对话〔2026〕1号", c.f.No, "被执行人的家属王秀英（配偶）", "共2条", "1．2026年3月6日10时00分", "王秀英（家属）", "这是汇款单　@seal｜#请核对", hex.EncodeToString(sum[:]), "法官ji.fg（法院）"} {
		if !strings.Contains(got, want) && !strings.Contains(strings.ReplaceAll(got, "　", ""), strings.ReplaceAll(want, "　", "")) {
			t.Errorf("the record does not say %q:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "正在核对。"); n != 100 {
		t.Errorf("a long message is cut: %d", n)
	}
	for _, who := range []*handlertest.Client{wife, c.debtor} {
		if a := who.Call(handlertest.Get, fmt.Sprintf("/documents/%d/pdf", paper.ID("id")), nil); a.Status == http.StatusOK {
			t.Errorf("%s opens the court's record", who.Name)
		}
	}

	wife.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": "谢谢"})
	officer.Does(http.StatusSeeOther, export, "tab=documents", url.Values{})
	later := c.officer.Recorded(n, model.RoleOfficer)
	if later.Str("number") != "镇法对话〔2026〕2号" || !strings.Contains(text(t, c.officer.Pdf(later)), "共3条") || !bytes.Equal(pdf, c.officer.Pdf(paper)) {
		t.Errorf("after a new message: %v", later)
	}
	// A party's with its judge.
	said := c.debtor.Say(c.f, "请问能分期吗？")
	own := c.judge.Recorded(said.ID("conversation_id"), model.RoleJudge)
	if got := text(t, c.judge.Pdf(own)); !strings.Contains(got, "赵明（当事人）") {
		t.Errorf("the judge's record:\n%s", got)
	}
}
