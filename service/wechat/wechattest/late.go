package wechattest

// How the platform names its events.
const (
	eventPopup    = "subscribe_msg_popup_event"
	eventChange   = "subscribe_msg_change_event"
	eventSent     = "subscribe_msg_sent_event"
	eventFollow   = "subscribe"
	eventUnfollow = "unsubscribe"
	eventJob      = "TEMPLATESENDJOBFINISH"
	eventMedia    = "wxa_media_check"
)

// Late is how a message fails after the platform has accepted it.
type Late struct {
	Code   int    // of subscribe_msg_sent_event; a template message has none
	Status string // e.g. "failed:user block", "failed: system failed"
}

// FailLater makes the next n messages be accepted and not arrive: no phone shows
// them, and the event tells so.
func (f *Fake) FailLater(n int, how Late) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for range n {
		f.late = append(f.late, how)
	}
}

// Contradict makes the platform tell of the last message of a user the opposite
// of what it has told.
func (f *Fake) Contradict(openID string, how Late) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := len(f.inbox) - 1; i >= 0; i-- {
		if c := f.inbox[i]; c.OpenID == openID {
			f.event(eventSent, openID, map[string]any{"TemplateId": c.TemplateID, "MsgID": c.MsgID, "ErrorCode": how.Code, "ErrorStatus": how.Status})
			return
		}
	}
}

func (f *Fake) nextLate() (Late, bool) {
	if len(f.late) == 0 {
		return Late{}, false
	}
	how := f.late[0]
	f.late = f.late[1:]
	return how, true
}

// show puts an accepted card on the phone, unless it is to fail later.
func (f *Fake) show(card Card, event string, told map[string]any, failed func(Late)) {
	how, late := f.nextLate()
	if f.sends++; late {
		failed(how)
	} else {
		if len(f.inbox) >= inboxLimit {
			f.inbox = f.inbox[1:]
		}
		f.inbox = append(f.inbox, card)
	}
	f.event(event, card.OpenID, told)
}

// Release makes these the pages of the released mini-program.
func (f *Fake) Release(pages ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.cfg.Pages = pages
}

// Unpublish takes the mini-program's release away: no links are given (85079).
func (f *Fake) Unpublish() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.unpublished = true
}
