package wechat_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
)

func TestFieldLimits(t *testing.T) {
	t.Parallel()
	for key, values := range map[string]struct{ good, bad []string }{
		"thing1": {
			[]string{"（2026）京0105执1234号", "（2026）京0105民初12345号", "一二三四五六七八九十一二三四五六七八九十", "A-1，b。", "无", "𬴂某"},
			[]string{"", " ", "（2026）京0105执恢12345号之一", "两\n行", "笑😀", "零\u200b宽", "a\x00", "\xff", "𬴂𬴂𬴂𬴂𬴂𬴂𬴂𬴂𬴂𬴂一", "☀"},
		},
		"number2":            {[]string{"0", "12.50", strings.Repeat("9", 32)}, []string{"1,234", "-1", "1.", strings.Repeat("9", 33), "１"}},
		"letter3":            {[]string{"abcXYZ"}, []string{"a1", "甲", strings.Repeat("a", 33)}},
		"symbol4":            {[]string{"*#", "￥"}, []string{"a", "1", "******", "甲"}},
		"character_string05": {[]string{"AB-2026/001"}, []string{"测试单号", "（2026）京0105执1234号", strings.Repeat("a", 33), "a b"}},
		"time6": {
			[]string{"15:01", "09:30:00", "2019年10月1日 15:01", "2019年10月1日 15:01~2019年10月1日 16:00", "2026-01-31 9:05"},
			[]string{"24:00", "15:61", "2019年13月1日 15:01", "下午3点", "2019年10月1日"},
		},
		"date7": {
			[]string{"2026年1月31日", "2026-01-31", "2026/1/31", "2026.01.31", "2026年1月", "1月31日", "2026年1月1日~2026年1月31日", "2026年1月31日 15:01"},
			[]string{"2026年1月32日", "2026年0月1日", "明天", "15:01", "20260131"},
		},
		"amount8": {
			[]string{"￥100", "39.8元", "￥1234567.89", "9999999999.99", "0.01"},
			[]string{"￥1,234.00", "12345678901", "￥", "-1", "1.234", "100万", "￥￥1"},
		},
		"phone_number9": {[]string{"+86-0766-66888866", "13800138000"}, []string{"138001380001380013", "电话", "+"}},
		"car_number10":  {[]string{"粤A8Z888挂", "京A12345"}, []string{"京AA1234567", "京 A1"}},
		"name11":        {[]string{"张三", "一二三四五六七八九十", "Abdul Rahman Smith"}, []string{"阿卜杜拉·买买提·艾合买提江", "张3", strings.Repeat("a", 21)}},
		"phrase12":      {[]string{"审核通过", "已退回", "五个汉字整"}, []string{"OK", "六个汉字太长", "通过1"}},
		"enum13":        {[]string{"已受理"}, []string{""}},
		// Types that the notes do not name, and one that nobody knows yet.
		"const1":       {[]string{"已受理"}, []string{"", strings.Repeat("长", 21)}},
		"enum_string3": {[]string{"已受理"}, []string{"", "两\n行"}},
		"short_thing1": {[]string{"已受理", "五个字以内"}, []string{"", "六个字太长了"}},
		"later_kind4":  {[]string{"任何内容"}, []string{"", "笑😀", strings.Repeat("长", 21)}},
		"first":        {[]string{"您好"}, []string{""}},
		"1thing":       {nil, []string{"x"}},
		"thing1.value": {nil, []string{"x"}},
	} {
		for _, v := range values.good {
			if err := wechat.ValidateField(key, v); err != nil {
				t.Errorf("%s %q refused: %v", key, v, err)
			}
		}
		for _, v := range values.bad {
			err := wechat.ValidateField(key, v)
			if model.KindOf(err) != model.Invalid {
				t.Errorf("%s %q passed: %v", key, v, err)
			} else if len(v) > 3 && strings.Contains(err.Error(), v) {
				t.Errorf("%s: the value is in the error %v", key, err)
			}
		}
	}
}

func TestFitting(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":         "无",
		"\n\t\n":   "无",
		"第一行\n第二行": "第一行 第二行",
		"好的😀👍":     "好的",
		"一二三四五六七八九十一二三四五六七八九十":  "一二三四五六七八九十一二三四五六七八九十",
		"一二三四五六七八九十一二三四五六七八九十一": "一二三四五六七八九十一二三四五六七八九…",
	} {
		if got := wechat.FitThing(in); got != want {
			t.Errorf("FitThing(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[model.CaseNo]string{
		"（2026）京0105执1234号":          "（2026）京0105执1234号",
		"（2026）京0105民初12345号":        "（2026）京0105民初12345号",
		"（2026）京0105执恢12345号之一":      "2026京0105执恢12345号之一",
		"（2026）京0105诉前调确1234567号之十一": "…0105诉前调确1234567号之十一",
	} {
		got := wechat.FitCaseNo(in)
		if err := wechat.ValidateField("thing1", got); got != want || err != nil {
			t.Errorf("FitCaseNo(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	if got, err := wechat.AmountField(123456789); err != nil || got != "￥1234567.89" || wechat.ValidateField("amount1", got) != nil {
		t.Errorf("AmountField = %q, %v", got, err)
	}
	largest, err := wechat.AmountField(999_999_999_999)
	if err != nil || wechat.ValidateField("amount1", largest) != nil {
		t.Errorf("AmountField = %q, %v", largest, err)
	}
	for _, f := range []model.Fen{-1, 1_000_000_000_000} {
		if got, err := wechat.AmountField(f); err == nil {
			t.Errorf("AmountField(%d) = %q; a sum that does not fit must fail", f, got)
		}
	}
	if got := wechat.DateField(model.NewDate(2026, 1, 31)); wechat.ValidateField("date1", got) != nil {
		t.Errorf("DateField = %q", got)
	}
	if got := wechat.TimeField(time.Date(2026, 1, 31, 17, 5, 0, 0, time.UTC)); got != "2026年2月1日 01:05" || wechat.ValidateField("time1", got) != nil {
		t.Errorf("TimeField = %q", got)
	}
}

func FuzzFitThing(f *testing.F) {
	for _, s := range []string{"", "（2026）京0105执恢12345号之一", "e\u0301", "\u0301", "𬴂𬴂𬴂𬴂𬴂𬴂𬴂𬴂𬴂𬴂𬴂", "a\xffb", "👨‍👩‍👧", "１２３", strings.Repeat("a ", 30)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if err := wechat.ValidateField("thing1", wechat.FitThing(s)); err != nil {
			t.Errorf("FitThing(%q) = %q does not fit: %v", s, wechat.FitThing(s), err)
		}
		if err := wechat.ValidateField("thing1", wechat.FitCaseNo(model.CaseNo(s))); err != nil {
			t.Errorf("FitCaseNo(%q) = %q does not fit: %v", s, wechat.FitCaseNo(model.CaseNo(s)), err)
		}
	})
}

// FuzzFields holds the whole way against the platform: what the validator
// passes arrives on the card unchanged, what it refuses the platform refuses.
func FuzzFields(f *testing.F) {
	keys := []string{
		"thing1", "number2", "letter3", "symbol4", "character_string5", "time6", "date7", "amount8", "phone_number9", "car_number10",
		"name11", "phrase12", "enum13", "const14", "enum_string15", "short_thing16", "later_kind17", "first",
	}
	var templates []wechattest.Template
	for _, k := range keys {
		templates = append(templates, wechattest.Template{ID: k, Title: k, LongTerm: true, Keywords: []wechattest.Keyword{{Key: k}}})
	}
	w := newWorld(f, wechattest.Config{Templates: templates})
	for _, k := range keys {
		w.allow(f, w.user.OpenID, k)
	}
	for i := range keys {
		for _, v := range []string{"", " ", "1", "a", "甲", "#", "<a>&\"\\", "15:01", "2026年1月31日", "￥1.00", "\u2028", "😀", "\xff", "é", "a b"} {
			f.Add(uint8(i), v) // #nosec G115 -- a few keys
		}
	}
	token := accessToken(f, w)
	f.Fuzz(func(t *testing.T, k uint8, value string) {
		key := keys[int(k)%len(keys)]
		m := wechat.SubscribeMessage{OpenID: w.user.OpenID, TemplateID: key, LongTerm: true, Data: []wechat.Field{{Key: key, Value: value}}}
		if wechat.ValidateField(key, value) == nil {
			o, err := w.client.SendSubscribe(t.Context(), m)
			if o.State != wechat.Accepted {
				t.Fatalf("%s %q: %+v, %v", key, value, o, err)
			}
			cards := w.fake.Inbox("")
			if got := cards[len(cards)-1].Rows[0].Value; got != value {
				t.Errorf("%s: %q arrived as %q", key, value, got)
			}
			return
		}
		body, _ := json.Marshal(map[string]any{"touser": m.OpenID, "template_id": key, "data": map[string]any{key: map[string]string{"value": value}}})
		if code := rawPost(t, w.server.URL+sendPath+"?access_token="+url.QueryEscape(token), body); code != 47003 {
			t.Errorf("%s %q: the platform answers %d, the validator refuses", key, value, code)
		}
	})
}

func accessToken(t testing.TB, w *world) string {
	t.Helper()
	resp, err := w.server.Client().Do(request(t, http.MethodGet, w.server.URL+"/cgi-bin/token?grant_type=client_credential&appid="+
		wechat.DemoAppID+"&secret="+wechat.DemoSecret, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var got struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil || got.Token == "" {
		t.Fatalf("no token: %v", err)
	}
	return got.Token
}

func request(t testing.TB, method, address string, body []byte) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func rawPost(t testing.TB, address string, body []byte) int {
	t.Helper()
	resp, err := http.DefaultClient.Do(request(t, http.MethodPost, address, body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var got struct {
		Code int `json:"errcode"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	return got.Code
}
