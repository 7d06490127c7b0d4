package channel

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/knadh/koanf/parsers/yaml"

	"microcourt/model"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

// exampleCards reads the mapping that the example of the configuration shows.
func exampleCards(t *testing.T) Cards {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", "config.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(text), "# begin of the example\n")
	block, _, found := strings.Cut(block, "  # end of the example")
	if !found {
		t.Fatal("the example has no mapping")
	}
	m, err := yaml.Parser().Unmarshal([]byte(strings.ReplaceAll(block, "  #", "")))
	if err != nil {
		t.Fatal(err)
	}
	texts := func(v any) map[string]string {
		out := map[string]string{}
		fields, _ := v.(map[string]any)
		for k, v := range fields {
			out[k] = fmt.Sprint(v)
		}
		return out
	}
	cards := Cards{}
	for kind, v := range m {
		c := v.(map[string]any)
		card := CardTemplate{ID: c["template_id"].(string), LongTerm: c["long_term"].(bool), Fields: texts(c["fields"]), Values: map[string]map[string]string{}}
		values, _ := c["values"].(map[string]any)
		for k, v := range values {
			card.Values[k] = texts(v)
		}
		cards[model.NoticeKind(kind)] = card
	}
	return cards
}

// worst are values that notices may have, at their worst.
var worst = map[string][]string{
	"case_no": {"（2026）浙0211民初1号", "（2026）京0105执恢12345号之一", "（2026）京0105诉前调确1234567号之十一", "", "😀", "2026\n浙0211", "𬴂𬴂𬴂𬴂𬴂𬴂𬴂𬴂𬴂𬴂𬴂", "a\u200bb", "<b>&\"", strings.Repeat("长", 200)},
	"court":   {"宁波市镇海区人民法院", "新疆维吾尔自治区伊犁哈萨克自治州霍尔果斯市人民法院", ""},
	"amount":  {"0.00", "0.01", "1234567.89", "9999999999.99"},
	"due":     {"2026年3月31日", "9999年12月31日"},
	"result":  {"已确认", "", "限制已解除，无需决定", "终结本次执行程序", "已\n确认", "OK", "１２"},
	"remark":  {"请查看", "", strings.Repeat("很长的提示", 40), "第一行\n第二行\t完", "👨‍👩‍👧 一家人", "\u202e倒", "\xff\xfe", "①②③㎡", "e\u0301", "\ue000\uf8ff"},
}

// Every kind of notice in the example's mapping is filled with the worst values,
// and the platform, by limits of its own, takes each card.
func TestTheExamplesCardsAreTakenWhateverTheySay(t *testing.T) {
	t.Parallel()
	cards := exampleCards(t)
	if err := cards.Check(); err != nil {
		t.Fatal(err)
	}
	for _, k := range model.NoticeKinds() {
		if _, mapped := cards[k]; k.WorthText() && !mapped {
			t.Errorf("the example has no card for %s (%s)", k, k.Chinese())
		}
	}
	listed := map[string][]string{"const3": {"已通过", "已办结"}, "enum_string4": {"待办事项"}}
	templates := map[string]wechattest.Template{}
	for _, c := range cards {
		tpl := wechattest.Template{ID: c.ID, Title: c.ID, LongTerm: true}
		for key := range c.Fields {
			tpl.Keywords = append(tpl.Keywords, wechattest.Keyword{Key: key, Label: key, Enum: listed[key]})
		}
		templates[c.ID] = tpl
	}
	now := func() time.Time { return time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC) }
	cfg := wechattest.Config{Now: now, Templates: []wechattest.Template{}}
	for _, tpl := range templates {
		cfg.Templates = append(cfg.Templates, tpl)
	}
	fake, err := wechattest.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	client, err := wechat.New(wechat.Config{AppID: wechat.DemoAppID, Secret: wechat.DemoSecret, BaseURL: server.URL}, wechat.NewMemoryTokens(now), now, nil)
	if err != nil {
		t.Fatal(err)
	}
	user := fake.AddUser(wechattest.User{})
	for _, tpl := range templates {
		if err := fake.Allow(user.OpenID, tpl.ID); err != nil {
			t.Fatal(err)
		}
	}
	most := 0
	for _, values := range worst {
		most = max(most, len(values))
	}
	sent := 0
	for kind, c := range cards {
		for i := range most {
			n := model.Notice{Title: worst["remark"][i%len(worst["remark"])], Card: map[string]string{}}
			for name, values := range worst {
				if name != "amount" && name != "due" || kind.Carries(name) {
					n.Card[name] = values[i%len(values)]
				}
			}
			n.Card = n.CardOf(model.Court{Name: worst["court"][i%3]})
			data, err := c.data(n.Card, n.Title, "AB2CD3EF", now())
			if err != nil {
				t.Errorf("%s, %v: %v", kind, n.Card, err)
				continue
			}
			o, err := client.SendSubscribe(t.Context(), wechat.SubscribeMessage{OpenID: user.OpenID, TemplateID: c.ID, LongTerm: true, Data: data})
			if o.State != wechat.Accepted {
				t.Errorf("%s: %v is refused: %v", kind, data, err)
			}
			sent++
		}
	}
	if shown := len(fake.Inbox("")); shown != sent || sent < 300 {
		t.Errorf("%d cards sent, %d shown", sent, shown)
	}
	// What cannot be said is not made up.
	if data, err := cards[model.NoticeReceiptConfirmed].data(map[string]string{"amount": "10000000000.00"}, "t", "c", now()); err == nil {
		t.Errorf("an amount that does not fit was sent as %v", data)
	}
	if data, err := cards[model.NoticeDueSoon].data(map[string]string{}, "t", "c", now()); err == nil {
		t.Errorf("a day that nobody knows was sent as %v", data)
	}
}

// Keywords of types that are not known, or that take their own values, do not
// keep the server from starting; they are warned about.
func TestKeywordTypesAreAnOpenList(t *testing.T) {
	t.Parallel()
	cards := Cards{model.NoticeReceiptConfirmed: {ID: "t", Fields: map[string]string{
		"thing1": "case_no", "const2": "result", "enum_string3": "result", "short_thing4": "result", "phrase10": "result", "first": "remark", "brand_new5": "remark",
		"enum6": "=自动履行", "character_string7": "due", "thing8": "amount", "time9": "due",
	}, Values: map[string]map[string]string{"const2": {"已确认": "通过", "*": "其他"}}}}
	if err := cards.Check(); err != nil {
		t.Fatal("the server would not start:", err)
	}
	warned := strings.Join(cards.Warnings(), "\n")
	for _, key := range []string{"first", "brand_new5", "enum_string3"} {
		if !strings.Contains(warned, key) {
			t.Errorf("no warning about %s in\n%s", key, warned)
		}
	}
	for _, key := range []string{"const2", "enum6", "short_thing4", "thing8"} {
		if strings.Contains(warned, key) {
			t.Errorf("a warning about %s in\n%s", key, warned)
		}
	}
	c := cards[model.NoticeReceiptConfirmed]
	data, err := c.data(map[string]string{"result": "已确认", "due": "2026年3月31日", "amount": "5.00"}, "标题", "c", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range data {
		got[f.Key] = f.Value
	}
	for key, want := range map[string]string{
		"const2": "通过", "enum6": "自动履行", "character_string7": "2026-03-31", "thing8": "5.00元", "time9": "2026年3月31日 23:59", "brand_new5": "标题", "thing1": "无",
	} {
		if got[key] != want {
			t.Errorf("%s shows %q, want %q", key, got[key], want)
		}
	}
	if out := c.Outside("const2", []string{"通过", "其他"}); len(out) != 0 {
		t.Errorf("outside the template's values: %v", out)
	}
	if out := c.Outside("enum_string3", []string{"已确认"}); len(out) == 0 {
		t.Error("values that the template does not take are not found")
	}
	if out := c.Outside("enum6", []string{"强制执行"}); len(out) != 1 {
		t.Errorf("a fixed text that the template does not take: %v", out)
	}
}
