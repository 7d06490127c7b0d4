package desk

import (
	"fmt"
	"regexp"
	"slices"
)

// keyName is a key of the desk and what it does, wherever it works. No key does what
// cannot be taken back: a key that submits a form does so for a decision that waits
// for a while, and what is served, signed, numbered or decided by a leader is done
// by its button alone, after its paper was read.
type keyName struct {
	Key  string
	Does string
	// Always says that it works on every page; others where a page has something
	// for them.
	Always bool
	// Typing says that it is for what is being typed; no other works there.
	Typing bool
}

// keys is the registry: what ? shows, and what pages may use.
var keys = []keyName{
	{Key: "?", Does: "显示本页的快捷键", Always: true},
	{Key: "Ctrl+Z", Does: "撤回刚才对回执的决定或者回复（时间过去以前）", Always: true},
	{Key: "/", Does: "查找案件"},
	{Key: "q", Does: "打开待确认的回执"},
	{Key: "o", Does: "打开列表的第一件"},
	{Key: "n", Does: "下一件"},
	{Key: "p", Does: "上一件"},
	{Key: "g", Does: "打开所属的案件或者预约"},
	{Key: "a", Does: "填写金额或者意见"},
	{Key: "c", Does: "选中“确认”，再按 Enter 确认（可撤销）"},
	{Key: "r", Does: "退回、不同意或者回复，先填写内容"},
	{Key: "e", Does: "更正，先填写内容"},
	{Key: "v", Does: "依次查看凭证的金额、日期和收款人部分"},
	{Key: "+", Does: "放大凭证"},
	{Key: "-", Does: "缩小凭证"},
	{Key: "0", Does: "凭证适合窗口"},
	{Key: "[", Does: "向左转"},
	{Key: "]", Does: "向右转"},
	{Key: "1–9", Does: "选择第几张凭证"},
	{Key: "1–9", Does: "在空白的理由栏里选用常用理由", Typing: true},
	{Key: "Ctrl+Enter", Does: "提交正在填写的表单", Typing: true},
	{Key: "Esc", Does: "离开正在填写的一栏", Typing: true},
}

var keyUsed = regexp.MustCompile(`data-key="([^"]*)"`)

// checkKeys refuses a page that uses a key which the registry does not name.
func checkKeys(page string) error {
	for _, m := range keyUsed.FindAllStringSubmatch(page, -1) {
		k := m[1]
		if k == "{{add $i 1}}" {
			k = "1–9"
		}
		if !slices.ContainsFunc(keys, func(n keyName) bool { return n.Key == k && !n.Typing }) {
			return fmt.Errorf("there is no key %q", k)
		}
	}
	return nil
}
