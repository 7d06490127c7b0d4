package servicetest

import (
	"context"

	"microcourt/model"
	"microcourt/service/wechat"
	"microcourt/service/wechat/wechattest"
	"microcourt/storage"
)

// Drain sends what is due now.
func (w *World) Drain() {
	w.T.Helper()
	if err := w.Svc.Notice.Drain(context.Background()); err != nil {
		w.T.Fatal(err)
	}
}

// Hear takes what WeChat pushes to the mini-program, and to the service account
// when there is one, and applies it.
func (w *World) Hear() {
	w.T.Helper()
	ctx := context.Background()
	hear := func(platform *wechattest.Fake, push *wechat.Push) {
		for _, r := range platform.Pending() {
			message, err := push.Open(r.Query, r.Body)
			if err == nil {
				err = w.Svc.Subscription.Receive(ctx, message)
			}
			if err != nil {
				w.T.Fatal(err)
			}
		}
	}
	hear(w.Fake, w.Svc.Push)
	if w.Account != nil {
		hear(w.Account, w.Svc.FollowerPush)
	}
	if err := w.Svc.Subscription.Drain(ctx); err != nil {
		w.T.Fatal(err)
	}
}

// Allows lets somebody allow a card of the template, once or for ever as the
// template is.
func (w *World) Allows(openID, template string) {
	w.T.Helper()
	if err := w.Fake.Allow(openID, template); err != nil {
		w.T.Fatal(err)
	}
}

// ProofOf is what is known of the service of the newest notice of a kind to a
// party.
func (w *World) ProofOf(by model.Actor, f Filed, kind model.NoticeKind, partyID int64) model.ServiceProof {
	w.T.Helper()
	list, err := w.Svc.Notice.Proofs(context.Background(), by, f.ID, 0, 100)
	if err != nil {
		w.T.Fatal(err)
	}
	for _, p := range list {
		if p.Notice.Kind == kind && p.Party.ID == partyID {
			return p
		}
	}
	w.T.Fatalf("no notice %s to party %d", kind, partyID)
	return model.ServiceProof{}
}

// Ways are the messages of a proof: channel and state, in order.
func Ways(p model.ServiceProof) (out []string) {
	for _, d := range p.Deliveries {
		out = append(out, d.Channel+" "+string(d.State))
	}
	return out
}

// Notify makes a notice, as an area does in the transaction of its event.
func (w *World) Notify(n model.Notice) {
	w.T.Helper()
	ctx := context.Background()
	if err := w.DB.Transact(ctx, func(tx *storage.DB) error { return tx.AddNotice(ctx, n) }); err != nil {
		w.T.Fatal(err)
	}
}
