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

	"microcourt/model"
)

// What a family and the officer wrote goes to the case file as a numbered
// paper: once while nothing new was said, the whole again after it.
func TestAConversationGoesToTheFile(t *testing.T) {
	t.Parallel()
	c := newCoerced(t)
	wife, link := c.relative("admitted")
	matter := c.matter(wife, link)
	n := matter.id("conversation_id")
	talk, export := fmt.Sprintf("/conversations/%d/messages", n), fmt.Sprintf("/conversations/%d/export", n)
	refusedAll(t, []mistake{
		{c.officer, clash, "conversation.empty", post, export, obj{}, ""},
		{c.staff("ji.wei", model.RoleJudge), gone, "conversation.not_found", post, export, obj{}, ""},
		{c.staff("tong.bx", model.RoleOfficer), gone, "conversation.not_found", post, export, obj{}, ""},
	})
	photo := wife.uploaded(matter.id("case_id"), 701)
	wife.must(http.StatusCreated, post, talk, obj{"text": "这是汇款单\n@seal | # 请核对", "file_ids": []int64{photo}})
	c.officer.must(http.StatusCreated, post, talk, obj{"text": strings.Repeat("已收到，正在核对。", 100)})

	paper := c.officer.must(http.StatusCreated, post, export, obj{})
	again := c.clerk.must(http.StatusCreated, post, export, obj{})
	if paper.str("title") != "对话记录" || paper.str("number") != "镇法对话〔2026〕1号" || again.id("id") != paper.id("id") {
		t.Errorf("%v, again %v", paper, again)
	}
	sum := sha256.Sum256(picture(701))
	pdf := c.officer.pdf(paper)
	got := text(t, pdf)
	for _, want := range []string{"镇法对话〔2026〕1号", c.f.no, "被执行人的家属王秀英（配偶）", "共2条", "1．2026年3月6日10时00分", "王秀英（家属）", "这是汇款单　@seal｜#请核对", hex.EncodeToString(sum[:]), "法官ji.fg（法院）"} {
		if !strings.Contains(got, want) && !strings.Contains(strings.ReplaceAll(got, "　", ""), strings.ReplaceAll(want, "　", "")) {
			t.Errorf("the record does not say %q:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "正在核对。"); n != 100 {
		t.Errorf("a long message is cut: %d", n)
	}
	for _, who := range []*client{wife, c.debtor} {
		if a := who.call(get, fmt.Sprintf("/documents/%d/pdf", paper.id("id")), nil); a.status == http.StatusOK {
			t.Errorf("%s opens the court's record", who.name)
		}
	}

	wife.must(http.StatusCreated, post, talk, obj{"text": "谢谢"})
	if res, _ := c.visitor(c.officer).send(post, export, url.Values{}, nil); res.StatusCode != http.StatusSeeOther {
		t.Error(res.StatusCode)
	}
	later := c.officer.must(http.StatusCreated, post, export, obj{})
	if later.str("number") != "镇法对话〔2026〕2号" || !strings.Contains(text(t, c.officer.pdf(later)), "共3条") || !bytes.Equal(pdf, c.officer.pdf(paper)) {
		t.Errorf("after a new message: %v", later)
	}
	// A party's with its judge.
	said := c.debtor.say(c.f, "请问能分期吗？")
	own := c.judge.must(http.StatusCreated, post, fmt.Sprintf("/conversations/%d/export", said.id("conversation_id")), obj{})
	if got := text(t, c.judge.pdf(own)); !strings.Contains(got, "赵明（当事人）") {
		t.Errorf("the judge's record:\n%s", got)
	}
}
