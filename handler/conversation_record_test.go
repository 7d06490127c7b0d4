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
	refusedAll(t, []mistake{
		{c.officer, clash, "conversation.empty", handlertest.Post, export, handlertest.Obj{}, ""},
		{c.Staff("ji.wei", model.RoleJudge), handlertest.Gone, "conversation.not_found", handlertest.Post, export, handlertest.Obj{}, ""},
		{c.Staff("tong.bx", model.RoleOfficer), handlertest.Gone, "conversation.not_found", handlertest.Post, export, handlertest.Obj{}, ""},
	})
	photo := wife.Uploaded(matter.ID("case_id"), 701)
	wife.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": "这是汇款单\n@seal | # 请核对", "file_ids": []int64{photo}})
	c.officer.Must(http.StatusCreated, handlertest.Post, talk, handlertest.Obj{"text": strings.Repeat("已收到，正在核对。", 100)})

	paper := c.officer.Must(http.StatusCreated, handlertest.Post, export, handlertest.Obj{})
	again := c.clerk.Must(http.StatusCreated, handlertest.Post, export, handlertest.Obj{})
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
	if res, _ := c.Visitor(c.officer).Send(handlertest.Post, export, url.Values{}, nil); res.StatusCode != http.StatusSeeOther {
		t.Error(res.StatusCode)
	}
	later := c.officer.Must(http.StatusCreated, handlertest.Post, export, handlertest.Obj{})
	if later.Str("number") != "镇法对话〔2026〕2号" || !strings.Contains(text(t, c.officer.Pdf(later)), "共3条") || !bytes.Equal(pdf, c.officer.Pdf(paper)) {
		t.Errorf("after a new message: %v", later)
	}
	// A party's with its judge.
	said := c.debtor.Say(c.f, "请问能分期吗？")
	own := c.judge.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/conversations/%d/export", said.ID("conversation_id")), handlertest.Obj{})
	if got := text(t, c.judge.Pdf(own)); !strings.Contains(got, "赵明（当事人）") {
		t.Errorf("the judge's record:\n%s", got)
	}
}
