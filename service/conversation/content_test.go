package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service"
	"microcourt/service/conversation"
	"microcourt/service/servicetest"
	"microcourt/storage"
)

// checker judges words and takes pictures, unless it is down.
type checker struct {
	mu    sync.Mutex
	down  bool
	texts []string
	seen  []string // addresses of pictures
}

var errDown = errors.New("the check is down")

func (c *checker) set(down bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down = down
}

func (c *checker) CheckText(_ context.Context, openID, text string) (model.ContentVerdict, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts = append(c.texts, openID+" "+text)
	v := model.ContentVerdict{State: model.ContentPass, Label: 100, Trace: "text"}
	switch {
	case c.down:
		return v, errDown
	case strings.Contains(text, "混蛋"):
		v.State, v.Label = model.ContentRisky, 20003
	case strings.Contains(text, "加微信"):
		v.State, v.Label = model.ContentReview, 10001
	}
	return v, nil
}

func (c *checker) CheckPicture(_ context.Context, _, address string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down {
		return "", errDown
	}
	c.seen = append(c.seen, address)
	return fmt.Sprintf("trace-%d", len(c.seen)), nil
}

func checked(c *checker) func(*servicetest.World) {
	return func(w *servicetest.World) {
		w.Deps = func(d *service.Deps) { d.Content, d.ContentPictures = c, true }
	}
}

// What people outside write is judged: what is risky is refused and nothing of it
// kept, what is doubtful is marked, and nobody is kept from the court while the
// check is down.
func TestWordsAreChecked(t *testing.T) {
	t.Parallel()
	check := &checker{}
	c := newTalkWith(t, checked(check))
	c.RefusedAt(c.try(c.debtor, conversation.Words{CaseID: c.f.ID, Text: "混蛋"}), "message.content", "text")
	if c.Audited(model.AuditMessageRefused) != 1 || waiting(c.World, c.judge) != "" || strings.Contains(c.Log.String(), "混蛋") {
		t.Errorf("audited %d times, waits %q", c.Audited(model.AuditMessageRefused), waiting(c.World, c.judge))
	}
	c.Refused(c.try(c.stranger, conversation.Words{CaseID: c.f.ID, Text: "混蛋"}), "case.not_found")
	m := c.Say(c.debtor, c.f.ID, 0, "请法官加微信")
	if m.ContentCheck != model.ContentReview {
		t.Errorf("%+v", m)
	}
	if p := c.Say(c.debtor, c.f.ID, 0, "您好"); p.ContentCheck != model.ContentPass {
		t.Errorf("%+v", p)
	}
	c.RefusedAt(c.try(c.debtor, conversation.Words{ConversationID: m.ConversationID, Text: "混蛋"}), "message.content", "text")
	c.RefusedAt(proposed(c.World, c.debtor, asks{ConversationID: m.ConversationID, At: slot(4, 9, 30), Note: "混蛋"}), "message.content", "text")
	call := c.ProposeCall(c.judge, m.ConversationID, slot(4, 9, 30))
	c.RefusedAt(answered(c.World, c.debtor, call, says{State: model.CallDeclined, Note: "混蛋"}), "message.content", "text")
	if c.Audited(model.AuditMessageRefused) != 4 {
		t.Errorf("audited %d times", c.Audited(model.AuditMessageRefused))
	}
	n := len(check.texts)
	if own := c.Reply(c.judge, m.ConversationID, "请注意用语，不要骂“混蛋”"); own.ContentCheck != "" || len(check.texts) != n {
		t.Errorf("the court's words are given away: %+v", own)
	}
	if !strings.HasPrefix(check.texts[0], c.debtor.Phone+" ") {
		t.Errorf("judged as %q", check.texts[0])
	}
	check.set(true)
	if p := c.Say(c.debtor, c.f.ID, 0, "在吗"); p.ContentCheck != model.ContentUnchecked {
		t.Errorf("%+v", p)
	}
}

// pictures are a debtor's message with a picture, and how the picture stands.
type pictures struct {
	*talk
	m    *model.Message
	file int64
}

func (p *pictures) send(seed int) {
	p.T.Helper()
	p.file = p.Uploaded(p.debtor, p.f.ID, seed)
	var err error
	p.m, err = p.s.Say(p.T.Context(), p.debtor.Actor, conversation.Words{CaseID: p.f.ID, Text: "见图", Files: []int64{p.file}, Key: servicetest.FreshKey()})
	if err != nil {
		p.T.Fatal(err)
	}
}

func (p *pictures) state() model.ContentState {
	p.T.Helper()
	page, err := p.s.Written(p.T.Context(), *p.m)
	if err != nil || len(page.Files[p.m.ID]) != 1 || page.Hidden(page.Files[p.m.ID][0]) != (page.Pictures[p.file] == model.ContentRisky) {
		p.T.Fatal(page, err)
	}
	return page.Pictures[p.file]
}

func (p *pictures) verdict(v model.ContentVerdict) (known bool) {
	p.T.Helper()
	err := p.DB.Transact(p.T.Context(), func(tx *storage.DB) (err error) {
		known, err = p.s.PictureVerdict(p.T.Context(), tx, v)
		return err
	})
	if err != nil {
		p.T.Fatal(err)
	}
	return known
}

// A picture is fetched by the checker under a secret address; one that is risky
// is hidden, its sender told once.
func TestPicturesAreChecked(t *testing.T) {
	t.Parallel()
	check := &checker{}
	p := &pictures{talk: newTalkWith(t, checked(check))}
	p.send(1)
	if got := p.state(); got != model.ContentWaiting {
		t.Errorf("it is %s", got)
	}
	check.set(true)
	p.TalksPass()
	check.set(false)
	p.TalksPass() // a minute has not gone by
	if len(check.seen) != 0 || p.state() != model.ContentWaiting {
		t.Errorf("sent %v, it is %s", check.seen, p.state())
	}
	p.Clock.Advance(61 * time.Second)
	p.TalksPass()
	p.TalksPass()
	if len(check.seen) != 1 || p.state() != model.ContentAsked {
		t.Fatalf("sent %v, it is %s", check.seen, p.state())
	}
	token := check.seen[0][strings.LastIndex(check.seen[0], "/")+1:]
	if id, err := p.s.PictureToCheck(t.Context(), token); err != nil || id != p.file {
		t.Errorf("the checker gets %d %v", id, err)
	}
	_, err := p.s.PictureToCheck(t.Context(), "x"+token)
	p.Refused(err, "file.not_found")
	if p.verdict(model.ContentVerdict{State: model.ContentRisky, Trace: "trace-9"}) || p.state() != model.ContentAsked {
		t.Error("a verdict on something else counts")
	}
	for range 2 {
		if !p.verdict(model.ContentVerdict{State: model.ContentRisky, Label: 20002, Trace: "trace-1"}) {
			t.Error("its verdict is not known")
		}
	}
	if p.state() != model.ContentRisky || p.NoticesOf(p.debtor, model.NoticePictureHidden) != 1 || p.Audited(model.AuditPictureHidden) != 1 {
		t.Errorf("it is %s, the debtor is told %d times", p.state(), p.NoticesOf(p.debtor, model.NoticePictureHidden))
	}
	_, err = p.s.PictureToCheck(t.Context(), token) // it was judged
	p.Refused(err, "file.not_found")

	// No answer comes: it is given up, and still counts when it comes late.
	p.send(2)
	p.TalksPass()
	p.Clock.Advance(model.PictureAnswerTime)
	p.TalksPass()
	if p.state() != model.ContentUnchecked {
		t.Errorf("after no answer it is %s", p.state())
	}
	if !p.verdict(model.ContentVerdict{State: model.ContentPass, Label: 100, Trace: "trace-2"}) || p.state() != model.ContentPass || p.NoticesOf(p.debtor, model.NoticePictureHidden) != 1 {
		t.Errorf("after a late answer it is %s", p.state())
	}
	// The court's own pictures are given to nobody.
	file := p.Uploaded(p.judge, p.f.ID, 3)
	if _, err := p.s.Say(t.Context(), p.judge.Actor, conversation.Words{ConversationID: p.m.ConversationID, Text: "见图", Files: []int64{file}, Key: servicetest.FreshKey()}); err != nil {
		t.Fatal(err)
	}
	p.TalksPass()
	if len(check.seen) != 2 {
		t.Errorf("sent %v", check.seen)
	}
}
