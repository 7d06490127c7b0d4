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

// courts are particulars that courts may have, at their worst.
var courts = []model.Court{
	{Name: "宁波市镇海区人民法院", Phone: "0574-12368"},
	{Name: "新疆维吾尔自治区伊犁哈萨克自治州霍尔果斯市人民法院", Phone: "0999-1234567转8001、8002（工作日）"},
	{},
	{Name: "法\n院", Phone: "电话\u202e"},
	{Name: "👨‍👩‍👧 法院", Phone: "12368"},
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
	listed := map[string][]string{"const3": {"已办结"}, "enum_string4": {"待办事项"}}
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
	sent := 0
	for kind, c := range cards {
		for _, court := range courts {
			n := model.Notice{Kind: kind}
			data := c.data(n.CardOf(court), "AB2CD3EF", now())
			o, err := client.SendSubscribe(t.Context(), wechat.SubscribeMessage{OpenID: user.OpenID, TemplateID: c.ID, LongTerm: true, Data: data})
			if o.State != wechat.Accepted {
				t.Errorf("%s: %v is refused: %v", kind, data, err)
			}
			sent++
		}
	}
	if shown := len(fake.Inbox("")); shown != sent || sent < 150 {
		t.Errorf("%d cards sent, %d shown", sent, shown)
	}
}

// Keywords of types that are not known, or that take their own values, do not
// keep the server from starting; they are warned about.
func TestKeywordTypesAreAnOpenList(t *testing.T) {
	t.Parallel()
	cards := Cards{model.NoticeReceiptConfirmed: {ID: "t", Fields: map[string]string{
		"thing1": "kind", "const2": "kind", "enum_string3": "kind", "short_thing4": "kind", "phrase10": "kind", "first": "kind", "brand_new5": "phone",
		"enum6": "=自动履行", "character_string7": "check", "time9": "time", "name11": "court",
	}, Values: map[string]map[string]string{"const2": {"履行款项已确认": "通过", "*": "其他"}}}}
	if err := cards.Check(); err != nil {
		t.Fatal("the server would not start:", err)
	}
	warned := strings.Join(cards.Warnings(), "\n")
	for _, key := range []string{"first", "brand_new5", "enum_string3"} {
		if !strings.Contains(warned, key) {
			t.Errorf("no warning about %s in\n%s", key, warned)
		}
	}
	for _, key := range []string{"const2", "enum6", "short_thing4"} {
		if strings.Contains(warned, key) {
			t.Errorf("a warning about %s in\n%s", key, warned)
		}
	}
	c := cards[model.NoticeReceiptConfirmed]
	n := model.Notice{Kind: model.NoticeReceiptConfirmed}
	got := map[string]string{}
	for _, f := range c.data(n.CardOf(model.Court{Name: "新疆维吾尔自治区伊犁哈萨克自治州霍尔果斯市人民法院", Phone: "0574-12368"}), "AB2CD3EF", time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)) {
		got[f.Key] = f.Value
	}
	for key, want := range map[string]string{
		"const2": "通过", "enum6": "自动履行", "character_string7": "AB2CD3EF", "time9": "2026年3月2日 10:00", "brand_new5": "0574-12368", "thing1": "履行款项已确认", "name11": "人民法院",
		"short_thing4": "有新通知",
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

// Of every kind of notice, on every card and in every text, whatever the notice says in
// the inbox: no amount, no day, no case and no name of anybody, and nothing is empty.
// No mapping can put any of it there.
func TestNoCardOrTextShowsADebtOrAName(t *testing.T) {
	t.Parallel()
	secrets := []string{"12,400", "12400", "900.00", "2026年3月31日", "浙0211民初77号", "欠款", "张三", "李四"}
	court := model.Court{Name: "宁波市镇海区人民法院", Phone: "0574-12368"}
	all := exampleCards(t)
	for _, kind := range model.NoticeKinds() {
		n := model.Notice{
			Kind: kind, CheckCode: "AB2CD3EF", Title: "张三欠款 12,400 元：（2026）浙0211民初77号", Body: strings.Join(secrets, "，"), Page: "pages/case/detail?id=7",
			Card: map[string]string{"case_no": "（2026）浙0211民初77号", "amount": "12400.00", "due": "2026年3月31日", "remark": "李四欠款", "result": "900.00", "kind": "张三"},
		}
		n.Card = n.CardOf(court)
		card, mapped := all[kind]
		if !mapped { // as a court might
			card = CardTemplate{ID: "t", Fields: map[string]string{"thing1": "kind", "thing2": "court", "thing3": "phone", "character_string4": "check", "time5": "time"}}
		}
		var lines []model.ShownLine
		lines = append(lines, WeChat{cards: Cards{kind: card}}.Shows(n)...)
		lines = append(lines, Followers{account: Account{Cards: Cards{kind: card}}}.Shows(n)...)
		lines = append(lines, Texts{}.Shows(n)...)
		if len(lines) < 5 {
			t.Errorf("%s shows %v", kind, lines)
		}
		for _, l := range lines {
			for _, s := range secrets {
				if strings.Contains(l.Label+l.Value, s) {
					t.Errorf("%s shows %q under %s", kind, l.Value, l.Label)
				}
			}
			if v := strings.TrimSpace(l.Value); v == "" || v == "无" || v == "0" || v == "<nil>" {
				t.Errorf("%s shows %q under %s", kind, l.Value, l.Label)
			}
		}
	}
	for _, field := range []string{"case_no", "amount", "due", "result", "remark", "title", "party"} {
		if err := (Cards{model.NoticeDueSoon: {ID: "t", Fields: map[string]string{"thing1": field}}}).Check(); err == nil {
			t.Errorf("a mapping of %s is taken", field)
		}
	}
}
