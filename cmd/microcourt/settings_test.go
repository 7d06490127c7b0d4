package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/demo"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
)

// What `court show` prints is what `court set` takes, a change stays, and a
// file with a mistake changes nothing.
func TestACourtsSettingsByFile(t *testing.T) {
	env := migrated(t)
	if code, _, errs := cli(env, "court", "add", "浙0211", "宁波市镇海区人民法院", "镇法"); code != 0 {
		t.Fatal(errs)
	}
	show := func() string {
		t.Helper()
		code, out, errs := cli(env, "court", "show", "浙0211")
		if code != 0 {
			t.Fatal(errs)
		}
		return out
	}
	file := filepath.Join(t.TempDir(), "court.json")
	set := func(text string) (int, string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		code, _, errs := cli(env, "court", "set", "浙0211", file)
		return code, errs
	}
	first := show()
	if code, errs := set(first); code != 0 || show() != first {
		t.Fatalf("the printed settings are not taken as they are: %s", errs)
	}
	var f map[string]any
	if err := json.Unmarshal([]byte(first), &f); err != nil {
		t.Fatal(err)
	}
	settings := f["settings"].(map[string]any)
	settings["channels"] = []string{"wechat_subscribe", "sms", "paper"}
	settings["quiet_hours"] = map[string]any{"from": 21, "until": 9}
	f["phone"] = "0574-8888"
	changed, _ := json.Marshal(f)
	if code, errs := set(string(changed)); code != 0 {
		t.Fatal(errs)
	}
	second := show()
	if !strings.Contains(second, "0574-8888") || !strings.Contains(second, `"sms"`) || !strings.Contains(second, `"from": 21`) {
		t.Fatal(second)
	}
	for bad, reason := range map[string]string{
		strings.Replace(second, `"sms"`, `"pigeon"`, 1):                              "没有这个渠道",
		strings.Replace(second, `"from": 21`, `"from": 24`, 1):                       "免打扰时段",
		strings.Replace(second, "{n}", "", 1):                                        "{n}",
		strings.Replace(second, `"obligee_answer_days"`, `"obligee_answer_dasy"`, 1): "obligee_answer_dasy",
		strings.Replace(second, `"send_hour": 9`, `"send_hour": 23`, 1):              "免打扰",
	} {
		if code, errs := set(bad); code != 1 || !strings.Contains(errs, reason) {
			t.Errorf("%d %s, want %s", code, errs, reason)
		}
		if show() != second {
			t.Errorf("a refused file changed the court: %s", reason)
		}
	}
}

// The mapping of the demonstration fits the sandbox's templates; one that does
// not is named, field by field.
func TestTheMappingOfCardsIsCompared(t *testing.T) {
	env := migrated(t)
	if code, out, errs := cli(env, "wechat", "check"); code != 0 || !strings.Contains(out, " 0 wrong") {
		t.Fatal(code, out, errs)
	}
	a := openTest(t, env, nil)
	defer func() { _ = a.close() }()
	list, err := a.wechat.Templates(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	cards := demo.Cards()
	gone := cards[model.NoticeFiled]
	gone.ID = "gone"
	cards[model.NoticeFiled] = gone
	kind := cards[model.NoticeDueSoon]
	kind.LongTerm = false
	cards[model.NoticeDueSoon] = kind
	fields := cards[model.NoticeObligeeAsked]
	fields.Fields = map[string]string{"thing1": "kind", "thing7": "court", "character_string8": "check"}
	cards[model.NoticeObligeeAsked] = fields
	// A keyword that takes the template's own values: one of ours is none of them.
	for i := range list {
		if list[i].ID == cards[model.NoticeReceiptConfirmed].ID {
			list[i].Enums = map[string][]string{"thing1": {"审核通过", "审核不通过"}}
		}
	}
	mapped := cards[model.NoticeReceiptConfirmed]
	mapped.Values = map[string]map[string]string{"thing1": {"履行款项已确认": "审核通过", "*": "审核不通过"}}
	cards[model.NoticeReceiptConfirmed] = mapped
	delete(cards, model.NoticeReceiptReceived)
	delete(cards, model.NoticeReceiptCorrected)
	var out bytes.Buffer
	err = checkCards(&out, "mini-program", list, cards)
	for _, want := range []string{"no template gone", "long_term is true", "-thing7 thing9", "receipt.returned", "takes only 审核通过、审核不通过", "4 wrong"} {
		if err == nil || !strings.Contains(out.String(), want) {
			t.Errorf("%v; want %q in\n%s", err, want, out.String())
		}
	}
	// The service account's templates have no type; their keywords count.
	account := []wechat.Template{{ID: wechattest.TemplateFollower, Title: "履行事项提醒", Keys: []string{"thing1", "const3", "character_string8", "thing9"}}}
	out.Reset()
	err = checkCards(&out, "service account", account, demo.FollowerCards())
	if err == nil || !strings.Contains(out.String(), "const3") || !strings.Contains(out.String(), "3 wrong") {
		t.Errorf("%v; the account's template has a keyword more:\n%s", err, out.String())
	}
}

// A message that failed is sent again once, and not by a dry run.
func TestFailedMessagesAreReplayed(t *testing.T) {
	env := migrated(t)
	if code, _, errs := cli(env, "court", "add", "浙0211", "宁波市镇海区人民法院", "镇法"); code != 0 {
		t.Fatal(errs)
	}
	ctx := context.Background()
	a := openTest(t, env, nil)
	var id int64
	err := a.db.Transact(ctx, func(tx *storage.DB) error {
		court, err := tx.CourtByCode(ctx, "浙0211")
		if err != nil {
			return err
		}
		u := model.User{CourtID: court.ID, Name: "张敏", State: model.UserActive}
		if err := tx.CreateUser(ctx, &u); err != nil {
			return err
		}
		n, err := tx.AddNoticeOnce(ctx, model.JudgeDigestNotice(*court, model.DateOf(tx.Now()), model.JudgeWork{JudgeID: u.ID, Receipts: 1}))
		if err != nil {
			return err
		}
		failed := []model.OutboxMessage{{CourtID: court.ID, NoticeID: n, Channel: model.ChannelWeChat, UserID: u.ID, State: model.OutboxInvalid, NextAt: tx.Now(), Deadline: tx.Now()}}
		err = storage.Insert(ctx, tx, failed)
		id = failed[0].ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	state := func() model.OutboxState {
		t.Helper()
		court, err := a.db.CourtByCode(ctx, "浙0211")
		if err != nil {
			t.Fatal(err)
		}
		m, err := a.db.LockDelivery(ctx, court.ID, id)
		if err != nil {
			t.Fatal(err)
		}
		return m.State
	}
	defer func() { _ = a.close() }()
	for _, step := range []struct {
		args []string
		out  string
		then model.OutboxState
	}{
		{[]string{"-dry-run"}, "1 would be queued again", model.OutboxInvalid},
		{[]string{"-state", "unknown"}, "0 queued again", model.OutboxInvalid},
		{nil, "1 queued again", model.OutboxQueued},
		{nil, "0 queued again", model.OutboxQueued},
	} {
		code, out, errs := cli(env, append([]string{"notices", "replay", "-court", "浙0211"}, step.args...)...)
		if code != 0 || !strings.Contains(out, step.out) || state() != step.then {
			t.Errorf("%v: %d %s %s; %s", step.args, code, out, errs, state())
		}
	}
	if code, _, _ := cli(env, "notices", "replay", "-court", "浙0299"); code == 0 {
		t.Error("a court that does not exist was taken")
	}
}

// The example names every kind of notice that can have a card, and a kind that
// does not exist is refused at start.
func TestKindsOfNoticeInTheConfiguration(t *testing.T) {
	example, err := os.ReadFile(filepath.Join("..", "..", "deploy", "config.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range model.NoticeKinds() {
		if k.WorthText() && !strings.Contains(string(example), string(k)) {
			t.Errorf("the example does not name %s (%s)", k, k.Chinese())
		}
	}
	cards := demo.Cards()
	cards["due.sooon"] = cards[model.NoticeDueSoon]
	if err := cards.Check(); err == nil || !strings.Contains(err.Error(), "due.sooon") {
		t.Errorf("a misspelt kind was taken: %v", err)
	}
}
