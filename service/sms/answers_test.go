package sms_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"microcourt/service/sms"
	"microcourt/service/sms/smstest"
)

// answering is a client of a gateway that answers every request so.
func answering(t *testing.T, answer http.HandlerFunc) *sms.Client {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	client, _ := open(t, func(c *sms.Config) { c.Endpoint = server.URL })
	return client
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// Every code that the gateway documents for a message leads to what can be done:
// a number that cannot be reached is not tried again, a limit on one number waits
// an hour, a gateway that is overloaded a minute and gets less at once, an account
// that is refused as a whole ten minutes, and what only people can mend is invalid.
func TestWhatEachCodeMeans(t *testing.T) {
	t.Parallel()
	type meaning struct {
		state  sms.State
		wait   time.Duration
		slower bool
	}
	unreachable, invalid := meaning{state: sms.Unreachable}, meaning{state: sms.Invalid}
	limit, busy, paused := meaning{sms.Retry, time.Hour, false}, meaning{sms.Retry, time.Minute, true}, meaning{sms.Paused, 10 * time.Minute, false}
	for code, want := range map[string]meaning{
		"isv.MOBILE_NUMBER_ILLEGAL": unreachable, "isv.MOBILE_COUNT_OVER_LIMIT": unreachable, "isv.BLACK_KEY_CONTROL_LIMIT": unreachable,
		"isv.BUSINESS_LIMIT_CONTROL": limit,
		"isp.SYSTEM_ERROR":           busy, "isp.RAM_PERMISSION_DENY": busy, "Throttling": busy, "Throttling.User": busy, "ServiceUnavailable": busy, "InternalError": busy,
		"isv.AMOUNT_NOT_ENOUGH": paused, "isv.OUT_OF_SERVICE": paused, "isv.DAY_LIMIT_CONTROL": paused, "isv.MONTH_LIMIT_CONTROL": paused,
		"isv.ACCOUNT_ABNORMAL": paused, "InvalidAccessKeyId.NotFound": paused, "InvalidAccessKeyId.Inactive": paused, "SignatureDoesNotMatch": paused,
		"InvalidTimeStamp.Expired":  paused,
		"isv.SMS_SIGNATURE_ILLEGAL": invalid, "isv.SMS_TEMPLATE_ILLEGAL": invalid, "isv.INVALID_JSON_PARAM": invalid, "isv.PARAM_LENGTH_LIMIT": invalid,
		"isv.TEMPLATE_PARAMS_ILLEGAL": invalid, "isv.ACCOUNT_NOT_EXISTS": invalid, "SignatureNonceUsed": invalid,
	} {
		client, gateway := open(t, nil)
		gateway.Fail(code)
		out, err := client.Send(context.Background(), message)
		if got := (meaning{out.State, out.Wait, out.Slower}); got != want || out.Code != code || err == nil || !strings.Contains(err.Error(), code) {
			t.Errorf("%s is %+v, %v; want %+v", code, out, err, want)
		}
		if len(gateway.Texts()) != 0 {
			t.Errorf("%s, and a phone shows it", code)
		}
		// The refusal is of that one message: the next goes out.
		if out, err := client.Send(context.Background(), message); err != nil || out.State != sms.Accepted || len(gateway.Texts()) != 1 {
			t.Errorf("after %s: %+v %v", code, out, err)
		}
	}
}

// What comes back is not always the gateway's: a proxy's page, half an answer,
// nothing. The message may have arrived all the same, so that it is not sent
// again; and what went wrong is told without the number.
func TestAnAnswerThatCannotBeReadMayHaveBeenSent(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"a proxy's page":      says(http.StatusBadGateway, "<html><body>13800138000 Bad Gateway</body></html>"),
		"nothing":             says(http.StatusOK, ""),
		"half an answer":      says(http.StatusOK, `{"Code":"OK","BizId":"9`),
		"a list":              says(http.StatusOK, `["OK"]`),
		"a word":              says(http.StatusOK, `"OK"`),
		"no code":             says(http.StatusOK, `{"Message":"OK","BizId":"1^0"}`),
		"a null code":         says(http.StatusOK, `{"Code":null}`),
		"an object as a code": says(http.StatusOK, `{"Code":{"value":"OK"}}`),
		"a body that is cut": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = w.Write([]byte(`{"Code":"OK"}`))
		},
		"a body without an end": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"Code":"OK","Message":"` + strings.Repeat("x", 2<<20) + `"}`))
		},
	} {
		out, err := answering(t, answer).Send(context.Background(), message)
		if out.State != sms.Unknown || err == nil || strings.Contains(err.Error(), message.Phone) {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
}

// Gateways in between write numbers for strings, other capitals and a mark before
// the text: the answer is the same.
func TestAnAnswerMayBeWrittenLoosely(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{"Code":"OK","BizId":"77"}`, `{"Code":"ok","BizId":77}`, "\xef\xbb\xbf {\"Code\":\"Ok\",\"BizId\":\"77\"}\n", `{"code":" OK ","bizid":77,"Extra":[1]}`} {
		out, err := answering(t, says(http.StatusOK, body)).Send(context.Background(), message)
		if err != nil || out.State != sms.Accepted || out.ID != "77" {
			t.Errorf("%q: %+v %v", body, out, err)
		}
	}
	// The status says nothing: the gateway refuses with 400 and a code.
	out, err := answering(t, says(http.StatusBadRequest, `{"Code":"isv.MOBILE_NUMBER_ILLEGAL"}`)).Send(context.Background(), message)
	if err == nil || out.State != sms.Unreachable {
		t.Errorf("a refusal with status 400: %+v %v", out, err)
	}
}

// A message that surely never left goes out later; one that left and whose
// answer was lost does not.
func TestWhatNeverLeftGoesOutLater(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	for _, endpoint := range []string{nobody, "http://bad host/", ":no address"} {
		client, _ := open(t, func(c *sms.Config) { c.Endpoint = endpoint })
		out, err := client.Send(context.Background(), message)
		if out.State != sms.Retry || out.Wait <= 0 || !out.Slower || err == nil || strings.Contains(err.Error(), message.Phone) {
			t.Errorf("%s: %+v, %v", endpoint, out, err)
		}
		if r, err := client.Receipt(context.Background(), sms.Query{Phone: message.Phone, ID: "7"}); err == nil || r.Known {
			t.Errorf("a receipt from %s: %+v", endpoint, r)
		}
	}
	client, gateway := open(t, nil)
	over, cancel := context.WithCancel(context.Background())
	cancel()
	if out, err := client.Send(over, message); out.State != sms.Retry || !errors.Is(err, context.Canceled) || len(gateway.Texts()) != 0 {
		t.Errorf("the server was stopping: %+v %v", out, err)
	}
	gateway.Fail("cut")
	if out, err := client.Send(context.Background(), message); out.State != sms.Unknown || err == nil || len(gateway.Texts()) != 1 {
		t.Errorf("the answer was lost: %+v %v, the phone shows %v", out, err, gateway.Texts())
	}
}

// Whatever signs a title or a link has, the phone shows these; a long one is
// neither cut nor refused on its way. The variables are one JSON object.
func TestNoSignOfATextIsLost(t *testing.T) {
	t.Parallel()
	client, gateway := open(t, nil)
	want := []string{
		`限期履行“通知书”〔2026〕3号`, `a"b\c/d'e`, "一行\n二行\t三", "&=+%25 ~*-_.", "😀𠮷", "<b>&amp;</b>", strings.Repeat("长", 500), "",
	}
	for _, text := range want {
		m := message
		m.Title, m.Code, m.Link = text, "A+B/"+text, "https://wxaurl.cn/"+text
		if out, err := client.Send(context.Background(), m); err != nil || out.State != sms.Accepted {
			t.Fatalf("%q: %+v %v", text, out, err)
		}
	}
	got := gateway.Texts()
	if len(got) != len(want) {
		t.Fatalf("%d messages arrived", len(got))
	}
	for i, text := range want {
		if got[i].Title != text || got[i].Code != "A+B/"+text || got[i].Link != "https://wxaurl.cn/"+text {
			t.Errorf("%q arrives as %+v", text, got[i])
		}
	}
	// A number that is none is refused by the gateway, and nobody gets it.
	for _, phone := range []string{"", "12800138000", "1380013800", "138001380001", "+8613800138000x", "13800138000,13900139000"} {
		m := message
		m.Phone = phone
		if out, err := client.Send(context.Background(), m); out.State != sms.Unreachable || err == nil {
			t.Errorf("%q: %+v %v", phone, out, err)
		}
	}
	if len(gateway.Texts()) != len(want) {
		t.Errorf("a text to no number arrived: %v", gateway.Texts())
	}
}

// What the operator reports of a message is known by our own id: that the phone
// has it and since when, that it failed and why, or nothing yet.
func TestReceipts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	client, gateway := open(t, nil)
	sentAt := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	send := func(id string) sms.Query {
		m := message
		m.ID = id
		out, err := client.Send(ctx, m)
		if err != nil {
			t.Fatal(err)
		}
		return sms.Query{Phone: m.Phone, GatewayID: out.ID, ID: id, SentAt: sentAt}
	}
	read := func(q sms.Query) sms.Receipt {
		t.Helper()
		r, err := client.Receipt(ctx, q)
		if err != nil {
			t.Error(err)
		}
		return r
	}
	arrived := send("7")
	gateway.FailLater("MK:0001")
	failed := send("8")
	if r := read(arrived); !r.Known || r.Failure != "" || !r.At.Equal(sentAt.Add(2*time.Second)) || r.At.Location() != time.UTC {
		t.Errorf("the phone has it: %+v", r)
	}
	if r := read(failed); !r.Known || r.Failure != "MK:0001" {
		t.Errorf("the operator refused it: %+v", r)
	}
	arrived.GatewayID = "" // its answer was lost: ours finds it all the same
	if r := read(arrived); !r.Known || r.Failure != "" {
		t.Errorf("without the gateway's id: %+v", r)
	}
	gateway.HoldReceipts(true)
	if r := read(arrived); r.Known {
		t.Errorf("the operator said nothing yet: %+v", r)
	}
	for _, q := range []sms.Query{
		{Phone: message.Phone, ID: "9", SentAt: sentAt}, {Phone: "13900139000", ID: "7", SentAt: sentAt}, {Phone: message.Phone, ID: "7", SentAt: sentAt.AddDate(0, 0, -1)},
	} {
		if r := read(q); r.Known {
			t.Errorf("nobody sent %+v, and it is %+v", q, r)
		}
	}
	wrong, _ := open(t, func(c *sms.Config) { c.AccessKeySecret = "another" })
	if r, err := wrong.Receipt(ctx, arrived); err == nil || r.Known {
		t.Errorf("a wrong secret reads %+v", r)
	}
}

// A receipt proves that a person was told: what cannot be read proves nothing.
func TestAReceiptThatCannotBeReadProvesNothing(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	ask := func(body string) (sms.Receipt, error) {
		return answering(t, says(http.StatusOK, body)).Receipt(context.Background(), sms.Query{Phone: message.Phone, ID: "7", SentAt: now})
	}
	list := func(detail string) string {
		return `{"Code":"OK","SmsSendDetailDTOs":{"SmsSendDetailDTO":[{"OutId":"6","SendStatus":3},` + detail + `]}}`
	}
	for name, body := range map[string]string{
		"a page": "<html>", "a refusal": `{"Code":"isv.INVALID_PARAMETERS"}`, "no code": `{"SmsSendDetailDTOs":{"SmsSendDetailDTO":[{"OutId":"7","SendStatus":3}]}}`,
		"a state that is not documented": list(`{"OutId":"7","SendStatus":4}`),
	} {
		if r, err := ask(body); err == nil || r != (sms.Receipt{}) || strings.Contains(err.Error(), message.Phone) {
			t.Errorf("%s: %+v %v", name, r, err)
		}
	}
	for name, body := range map[string]string{
		"an empty list": `{"Code":"OK"}`, "it waits": list(`{"OutId":"7","SendStatus":1,"ReceiveDate":"2026-03-02 10:00:05"}`),
		"no state": list(`{"OutId":"7"}`), "another's": list(`{"OutId":"77","SendStatus":3}`),
	} {
		if r, err := ask(body); err != nil || r.Known || r.Failure != "" {
			t.Errorf("%s: %+v %v", name, r, err)
		}
	}
	for name, c := range map[string]struct {
		body string
		want sms.Receipt
	}{
		"numbers for strings":           {list(`{"OutId":7,"SendStatus":"3","ErrCode":0,"ReceiveDate":"2026-03-02 10:00:05"}`), sms.Receipt{Known: true, At: now.Add(5 * time.Second)}},
		"no day: it is known since now": {list(`{"OutId":"7","SendStatus":3,"ReceiveDate":"soon"}`), sms.Receipt{Known: true, At: now}},
		"failed without a reason":       {list(`{"OutId":"7","SendStatus":2,"ErrCode":""}`), sms.Receipt{Known: true, At: now, Failure: "failed"}},
	} {
		if r, err := ask(c.body); err != nil || r != c.want {
			t.Errorf("%s: %+v %v, want %+v", name, r, err, c.want)
		}
	}
}

// No request is sent twice the same: the gateway refuses one that somebody
// recorded and sends again.
func TestARecordedRequestIsRefused(t *testing.T) {
	t.Parallel()
	_, gateway := open(t, nil)
	var codes []string
	client := answering(t, func(w http.ResponseWriter, r *http.Request) {
		for range 2 {
			again := r.Clone(r.Context())
			if err := r.ParseForm(); err != nil {
				t.Error(err)
			}
			again.PostForm, again.Form = r.PostForm, r.Form
			answer := httptest.NewRecorder()
			gateway.ServeHTTP(answer, again)
			var got struct{ Code string }
			if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
				t.Error(err)
			}
			codes = append(codes, got.Code)
		}
		says(http.StatusOK, `{"Code":"OK","BizId":"1"}`)(w, r)
	})
	for range 2 {
		if _, err := client.Send(context.Background(), message); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(codes, " "); got != "OK SignatureNonceUsed OK SignatureNonceUsed" || len(gateway.Texts()) != 2 {
		t.Errorf("the gateway answered %s, phones show %d", got, len(gateway.Texts()))
	}
}

// The fake takes its own account alone, key and secret; and a client of a real
// account that is pointed at it is refused and sends nothing.
func TestARealAccountNeverMeetsTheFake(t *testing.T) {
	t.Parallel()
	for _, cfg := range []sms.Config{
		{AccessKeyID: smstest.AccessKeyID, AccessKeySecret: "real"}, {AccessKeyID: "LTAIreal", AccessKeySecret: smstest.AccessKeySecret}, {},
	} {
		if g, err := smstest.New(cfg); err == nil || g != nil {
			t.Errorf("the fake took %q", cfg.AccessKeyID)
		}
	}
	client, gateway := open(t, func(c *sms.Config) { c.AccessKeyID, c.AccessKeySecret = "LTAIreal", "real" })
	out, err := client.Send(context.Background(), message)
	if out.State != sms.Paused || out.Code != "InvalidAccessKeyId.NotFound" || err == nil || len(gateway.Texts()) != 0 {
		t.Errorf("a real account at the fake: %+v %v", out, err)
	}
	// A court's account is whole or none.
	whole := sms.Config{AccessKeyID: "a", AccessKeySecret: "b", SignName: "镇海法院", TemplateCode: "SMS_1", Now: time.Now}
	if _, err := sms.New(whole); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*sms.Config){
		"key": func(c *sms.Config) { c.AccessKeyID = "" }, "secret": func(c *sms.Config) { c.AccessKeySecret = "" },
		"sign name": func(c *sms.Config) { c.SignName = "" }, "template": func(c *sms.Config) { c.TemplateCode = "" }, "clock": func(c *sms.Config) { c.Now = nil },
	} {
		cfg := whole
		change(&cfg)
		if c, err := sms.New(cfg); err == nil || c != nil {
			t.Errorf("an account without a %s was taken", name)
		}
	}
}
