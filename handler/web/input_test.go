package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"microcourt/model"
)

type entered struct {
	Name    string            `json:"name"`
	Note    string            `json:"note"`
	Code    string            `json:"code"`
	FiledOn model.Date        `json:"filed_on"`
	At      *time.Time        `json:"at"`
	Parts   []part            `json:"parts"`
	More    map[string]string `json:"more"`
	Any     any               `json:"any"`
	Number  float64           `json:"number"`
	Count   int32             `json:"count"`
	Hidden  string            `json:"-"` // comes from elsewhere, and hides nothing
	embedded
}

type embedded struct {
	Hidden string     `json:"hidden"`
	PaidOn model.Date `json:"paid_on"`
}

type part struct {
	Name  string     `json:"name"`
	DueOn model.Date `json:"due_on"`
	Kinds []string   `json:"kinds"`
}

var today = model.NewDate(2026, 11, 29)

// What two readers would read differently, what nobody sees and what no day can
// be is refused with its path, and what follows it is not read.
func TestABodyMeansOneThing(t *testing.T) {
	t.Parallel()
	for body, want := range map[string][2]string{
		`{"name":"甲","name":"乙"}`:                            {"body.duplicate_key", "name"},
		`{"name":"甲","NAME":"乙"}`:                            {"body.duplicate_key", "NAME"},
		`{"name":"甲","na\u006de":"乙"}`:                       {"body.duplicate_key", "name"},
		`{"more":{"ſ":"1","S":"2"}}`:                         {"body.duplicate_key", "more.S"},
		`{"parts":[{"name":"a"},{"name":"b","Name":"c"}]}`:   {"body.duplicate_key", "parts[1].Name"},
		`{"any":{"deep":[{"a":1,"b":2,"A":3}]}}`:             {"body.duplicate_key", "any.deep[0].A"},
		`{"unknown":{"deep":[{"a":1,"b":2,"A":3}]}}`:         {"field.unknown", "unknown"},
		`{"name":"陈\u200b建国"}`:                               {"text.invisible", "name"},
		`{"name":"陈\u202e建国"}`:                               {"text.invisible", "name"},
		`{"name":"陈\n建国"}`:                                   {"text.invisible", "name"},
		`{"name":"陈\ud800建国"}`:                               {"text.broken", "name"},
		`{"name":"陈\udc00\ud800"}`:                           {"text.broken", "name"},
		"{\"name\":\"陈\xff\"}":                               {"text.broken", "name"},
		`{"name":"陈\ue000"}`:                                 {"text.broken", "name"},
		`{"code":"\ufffd"}`:                                  {"text.broken", "code"},
		`{"note":"第一行\u2066x"}`:                              {"text.invisible", "note"},
		`{"parts":[{"kinds":["ok","\u0000"]}]}`:              {"text.invisible", "parts[0].kinds[1]"},
		`{"more":{"x\u200b":"1"}}`:                           {"text.invisible", "more.x\u200b"},
		`{"filed_on":"0001-01-01"}`:                          {"date.range", "filed_on"},
		`{"filed_on":"26-01-05"}`:                            {"date.format", "filed_on"},
		`{"filed_on":"2026-01-05abc"}`:                       {"date.format", "filed_on"},
		`{"FILED_ON":"2029-01-05"}`:                          {"date.range", "FILED_ON"},
		`{"paid_on":"1980-01-05"}`:                           {"date.range", "paid_on"},
		`{"parts":[{},{"due_on":"2126-01-05"}]}`:             {"date.range", "parts[1].due_on"},
		`{"parts":[{},{"due_on":"2090-01-05"}]}`:             {"date.range", "parts[1].due_on"},
		`{"at":"0001-01-01T00:00:00Z"}`:                      {"date.range", "at"},
		`{"at":"2026-01-05"}`:                                {"date.format", "at"},
		`{"unknown":1}`:                                      {"field.unknown", "unknown"},
		`{"name":1}`:                                         {"field.format", "name"},
		`{"name":["甲"]}`:                                     {"field.format", "name"},
		`{"name":{"甲":1}}`:                                   {"field.format", "name"},
		`{"number":"1"}`:                                     {"field.format", "number"},
		`{"count":1.5}`:                                      {"field.format", "count"},
		`{"count":3000000000}`:                               {"field.format", "count"},
		`{"count":true}`:                                     {"field.format", "count"},
		`{"parts":{}}`:                                       {"field.format", "parts"},
		`{"filed_on":20260105}`:                              {"field.format", "filed_on"},
		`{"more":[]}`:                                        {"field.format", "more"},
		`{"name":"甲"} {}`:                                    {"body.malformed", ""},
		`{"name":"甲"`:                                        {"body.malformed", ""},
		`{"name":"甲",}`:                                      {"body.malformed", ""},
		``:                                                   {"body.malformed", ""},
		strings.Repeat("[", 100000):                          {"body.malformed", ""},
		`{"more":` + strings.Repeat(`{"a":`, 40) + `1` + "}": {"body.malformed", ""},
	} {
		var in entered
		err := DecodeJSON(strings.NewReader(body), &in, today)
		if model.ReasonOf(err) != want[0] || model.FieldOf(err) != want[1] || model.KindOf(err) != model.Invalid {
			t.Errorf("%.80q: %v; want %s at %q", body, err, want[0], want[1])
		}
	}
	for _, body := range []string{
		`{"name":"阿卜杜拉·买买提","note":"第一行\n第二行👨‍👩‍👧","code":"ab\u200bcd","filed_on":"2026-01-05","at":"2026-01-05T09:30:00+08:00","paid_on":"","number":1e3,"hidden":"x"}`,
		`{"name":"\ud842\udfb7 㛃𫖯䶮","parts":[{"name":"a","due_on":"2056-01-05","kinds":[]},{"name":"a"}],"more":{"a":"1","b":"1"}}`,
		` {} `,
	} {
		var in entered
		if err := DecodeJSON(strings.NewReader(body), &in, today); err != nil {
			t.Errorf("%q: %v", body, err)
		}
	}
}

// Whoever fills in a form wants to know everything that is wrong with it, and no
// answer repeats what he wrote in the wrong place.
func TestAllWrongFieldsComeAtOnce(t *testing.T) {
	t.Parallel()
	var in struct {
		Name string `json:"name" required:"true"`
		List []struct {
			PaidOn model.Date `json:"paid_on" required:"true"`
			Amount int64      `json:"amount" required:"true"`
		} `json:"list"`
	}
	const secret = "330211198001011234"
	err := DecodeJSON(strings.NewReader(`{"nam":"`+secret+`","list":[{"amount":"`+secret+`","paid_on":"`+secret+`"},{"paid_on":"2026-13-01"}]}`), &in, today)
	f := Describe(err)
	var got []string
	for _, p := range f.Fields {
		got = append(got, p.Field+" "+p.Reason)
		if strings.Contains(p.Message, secret) {
			t.Errorf("%s repeats what was written: %s", p.Field, p.Message)
		}
	}
	want := "nam field.unknown, list[0].amount field.format, list[0].paid_on date.format, list[1].paid_on date.format, list[1].amount field.required, name field.required"
	if s := strings.Join(got, ", "); s != want || f.Reason != "field.unknown" || f.Field != "nam" {
		t.Errorf("%s %s: %s; want %s", f.Reason, f.Field, s, want)
	}
	if in.Name != "" || in.List != nil {
		t.Errorf("a refused body was read: %+v", in)
	}
}

// null is no value: it fills in nothing that is required, and no place in a list.
// A body is never answered with more than it is worth.
func TestNothingIsNoValue(t *testing.T) {
	t.Parallel()
	type decision struct {
		Yes  bool   `json:"yes" required:"true"`
		Note string `json:"note"`
		List []part `json:"list"`
	}
	long, many := strings.Repeat("长", 100), strings.Repeat(`,"a":1`, 1000)
	for body, want := range map[string]string{
		`null`:                                 "body.malformed",
		`{"yes":null}`:                         "field.required",
		`{"yes":true,"note":null}`:             "",
		`{"yes":true,"list":null}`:             "",
		`{"yes":true,"list":[null]}`:           "field.format",
		`{"yes":true,"` + long + `":1}`:        "body.malformed",
		`{"yes":true,"x":{"a":1` + many + `}}`: "field.unknown",
	} {
		var in decision
		err := DecodeJSON(strings.NewReader(body), &in, today)
		if d := Describe(err); err == nil && want != "" || err != nil && d.Reason != want || len(d.Fields) > MaxProblems {
			t.Errorf("%.40s: %v and %d fields; want %q", body, err, len(Describe(err).Fields), want)
		}
	}
}

func FuzzDecodeJSON(f *testing.F) {
	f.Add(`{"name":"甲","parts":[{"due_on":"2026-01-05"}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		var in entered
		if err := DecodeJSON(strings.NewReader(body), &in, today); err == nil && model.CheckLine(in.Name) != nil {
			t.Fatalf("%q was read with the name %q", body, in.Name)
		}
	})
}

func TestAFormMeansOneThing(t *testing.T) {
	t.Parallel()
	several := func(name string) bool { return name == "message" }
	for _, tt := range []struct {
		form          url.Values
		reason, field string
	}{
		{url.Values{"reason": {"一", "二"}}, "field.repeated", "reason"},
		{url.Values{"message": {"1", "2"}, "reason": {"两行\r\n理由"}, "due_on": {"2026-12-01"}, "name": {"张三"}}, "", ""},
		{url.Values{"name": {"张\u200d三"}}, "text.invisible", "name"},
		{url.Values{"name": {"张\xff三"}}, "text.broken", "name"},
	} {
		if err := CheckForm(tt.form, several); model.ReasonOf(err) != tt.reason || model.FieldOf(err) != tt.field {
			t.Errorf("%v: %v; want %s at %q", tt.form, err, tt.reason, tt.field)
		}
	}
	for query, reason := range map[string]string{
		"state=open": "", "state=open&state=done": "field.repeated", "text=%ff": "text.broken", "text=%E2%80%8B": "", "from=1900-01-01&until=2026-01-01": "",
		"due_before=2090-01-01": "date.range",
	} {
		q, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckQuery(q, today); model.ReasonOf(err) != reason {
			t.Errorf("%s: %v; want %q", query, err, reason)
		}
	}
	if err := CheckChoice("state", "foo", []string{"open", "done"}); model.FieldOf(err) != "state" || !strings.Contains(Describe(err).Message, "open、done") {
		t.Errorf("an unknown value: %v", err)
	}
}
