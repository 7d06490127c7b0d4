package conversation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// CallProposal is a time for a call, proposed by either side.
type CallProposal struct {
	ConversationID int64
	At             time.Time
	Note           string
	Phone          string // of somebody outside, "" for the number on file
	Key            string
}

// ProposeCall asks to be called back at a time, or, by whoever answers the
// conversation, offers one. A repeat under the same key is the first.
func (s *Service) ProposeCall(ctx context.Context, by model.Actor, p CallProposal) (*model.CallBack, error) {
	if err := by.Require(model.ActCallMake); err != nil {
		return nil, err
	}
	k := model.CallBack{StartAt: p.At.UTC(), Note: p.Note, Phone: p.Phone, CreatedBy: by.UserID, DecidedBy: by.UserID, IdemKey: p.Key}
	if err := k.CheckAsk(); err != nil {
		return nil, err
	}
	if _, err := s.check(ctx, by, Words{ConversationID: p.ConversationID}, k.Note); err != nil {
		return nil, err
	}
	var out *model.CallBack
	asked := k
	err := s.db.Once(ctx, by, func(tx *storage.DB) error {
		k = asked
		out = &k
		cs, c, err := lock(ctx, tx, by, p.ConversationID)
		if err != nil {
			return err
		}
		old, err := tx.CallBackByKey(ctx, by.UserID, p.Key)
		if err != nil || old != nil {
			out = old
			return err
		}
		d, err := callDesk(ctx, tx, by, cs, c)
		if err != nil {
			return err
		}
		k.CourtID, k.CaseID, k.ConversationID, k.OwnerID = c.CourtID, c.CaseID, c.ID, c.OwnerID
		if err := d.propose(ctx, &k); err != nil {
			return err
		}
		if err := tx.CreateCallBack(ctx, &k, d.court); err != nil {
			return err
		}
		return d.changed(ctx, &k, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("propose a call in conversation %d: %w", p.ConversationID, err)
	}
	return out, nil
}

// CallAnswer is a word about a call-back: accepted, another time, declined,
// cancelled, or what became of the call.
type CallAnswer struct {
	State   model.CallState
	At      time.Time // of another time
	Note    string
	Phone   string // of somebody who accepts
	Version int64
}

// AnswerCall brings a call-back on. A repeat of the same word changes nothing;
// two at once: one wins, the other gets a Conflict.
func (s *Service) AnswerCall(ctx context.Context, by model.Actor, id int64, a CallAnswer) (*model.CallBack, error) {
	if err := by.Require(model.ActCallMake); err != nil {
		return nil, err
	}
	found, err := s.db.CallBack(ctx, by, id)
	if err == nil {
		_, err = s.check(ctx, by, Words{ConversationID: found.ConversationID}, a.Note)
	}
	if err != nil {
		return nil, err
	}
	var k *model.CallBack
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		cs, c, err := lock(ctx, tx, by, found.ConversationID)
		if err != nil {
			return err
		}
		if k, err = tx.CallBackByID(ctx, id); err != nil { // as it is under the lock
			return err
		}
		d, err := callDesk(ctx, tx, by, cs, c)
		if err != nil {
			return err
		}
		if done, err := tx.Repeated(ctx, by, model.ThingCallBack.Of(id), a.Version, k.Version, "answer", a); err != nil || done {
			return err
		}
		if k.Version != a.Version {
			return model.E(model.Conflict, "call.changed", "该回电预约刚刚有变化（"+k.State.Chinese()+"），请刷新后再操作")
		}
		before := *k
		if err := d.answer(ctx, k, a); err != nil {
			return err
		}
		if err := tx.UpdateCallBack(ctx, k, before.Version, d.court); err != nil {
			return err
		}
		return d.changed(ctx, k, &before)
	})
	if err != nil {
		return nil, fmt.Errorf("answer call %d: %w", id, err)
	}
	return k, nil
}

// callActs is what one transaction needs to know of a conversation in which a
// call is agreed on.
type callActs struct {
	tx       *storage.DB
	by       model.Actor
	court    bool // the actor speaks for the court
	cs       *model.Case
	c        *model.Conversation
	relative *model.Relative // nil in a party's
	party    *model.Party    // of the conversation, or the relative's debtor
	days     *model.Calendar
	settings model.CourtSettings
	known    bool // to the leaders, of what nobody answered
}

// callDesk reads it, and lets only him speak for the court who answers the
// conversation: its owner, or his substitute.
func callDesk(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, c *model.Conversation) (*callActs, error) {
	d := &callActs{tx: tx, by: by, court: !by.IsParty(), cs: cs, c: c}
	if d.court {
		ok, err := tx.StandsInFor(ctx, by.UserID, c.OwnerID)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, model.E(model.Conflict, "call.owner", "回电由答复该对话的法官或其代理人约定和登记")
		}
	}
	return d, d.read(ctx)
}

func (d *callActs) read(ctx context.Context) (err error) {
	partyID := d.c.PartyID
	if d.c.RelativeID != 0 {
		if d.relative, err = d.tx.RelativeByID(ctx, d.c.RelativeID); err != nil {
			return err
		}
		partyID = d.relative.PartyID
	}
	if d.party, err = d.tx.Party(ctx, d.cs.ID, partyID); err != nil {
		return err
	}
	court, err := d.tx.Court(ctx, d.cs.CourtID)
	if err != nil {
		return err
	}
	d.settings = court.Settings
	d.days, err = d.tx.Calendar(ctx)
	return err
}

// propose checks a new call-back and says whose answer it waits for.
func (d *callActs) propose(ctx context.Context, k *model.CallBack) error {
	if err := d.settings.Calls.CheckSlot(d.days, k.StartAt, d.tx.Now()); err != nil {
		return err
	}
	open, err := d.tx.OpenCalls(ctx, d.c.ID)
	if err != nil {
		return err
	}
	k.State, k.UserID = model.CallAsked, d.by.UserID
	if d.court {
		k.State, k.UserID, k.Phone = model.CallOffered, 0, ""
		if d.relative != nil {
			if d.relative.State != model.RelativeAdmitted {
				return model.E(model.Conflict, "call.not_connected", "与此人的联系"+d.relative.State.Chinese()+"，不能约定回电")
			}
			k.UserID = d.relative.UserID
		}
	}
	for _, o := range open {
		if d.court || o.UserID == 0 || o.UserID == k.UserID {
			return model.E(model.Conflict, "call.open", "已有一项回电预约（"+model.CallTime(o.StartAt)+"，"+o.State.Chinese()+"），请先处理或者取消")
		}
	}
	if err := d.free(ctx, *k); err != nil || d.court {
		return err
	}
	if err := k.CheckPlace(d.onFile()); err != nil {
		return err
	}
	n, err := d.tx.CallsAsked(ctx, d.by.UserID, d.tx.Now().Add(-24*time.Hour))
	if err != nil {
		return err
	}
	if most := d.settings.Calls.Filled().PerDay; n >= int64(most) {
		return model.E(model.TooMany, "call.too_many", fmt.Sprintf("24 小时内最多请求回电 %d 次，请稍后再试；急事请拨打法院电话", most))
	}
	k.AnswerBy = d.days.Workdays(model.DateOf(d.tx.Now()), d.settings.AnswerDays())
	return nil
}

// free refuses a time at which whoever calls has agreed to call somebody else.
// He is locked, so that he agrees to one at a time.
func (d *callActs) free(ctx context.Context, k model.CallBack) error {
	if err := d.tx.LockUsers(ctx, d.c.OwnerID); err != nil {
		return err
	}
	taken, err := d.tx.TakenCalls(ctx, d.c.OwnerID, d.settings.Calls.LastDay(d.tx.Now()), k.ID)
	if err == nil && slices.ContainsFunc(taken, k.StartAt.Equal) {
		err = model.E(model.Conflict, "call.taken", "该时间已约定给其他人回电，请选择其他时间")
	}
	return err
}

// onFile is the number that the court has of the other side.
func (d *callActs) onFile() string {
	if d.relative != nil {
		return d.relative.Phone
	}
	return d.party.Phone
}

// answer checks a word about a call-back and writes it into it.
func (d *callActs) answer(ctx context.Context, k *model.CallBack, a CallAnswer) error {
	if err := k.Move(model.CallStep{To: a.State, Court: d.court, StartAt: a.At.UTC(), Note: a.Note, By: d.by.UserID}, d.tx.Now()); err != nil {
		return err
	}
	switch {
	case k.State == model.CallOffered:
		if err := d.settings.Calls.CheckSlot(d.days, k.StartAt, d.tx.Now()); err != nil {
			return err
		}
		return d.free(ctx, *k)
	case k.State == model.CallConfirmed && !d.court:
		if err := k.Accept(d.by.UserID, a.Phone); err != nil {
			return err
		}
		if err := k.CheckPlace(d.onFile()); err != nil {
			return err
		}
		return d.free(ctx, *k)
	case k.State == model.CallConfirmed:
		return d.free(ctx, *k)
	}
	return nil
}

// changed ends what was to be done about a call-back and says what is to be done
// now, tells the side that did not act, and records it.
func (d *callActs) changed(ctx context.Context, k, before *model.CallBack) error {
	if err := d.tasks(ctx, k); err != nil {
		return err
	}
	tell := d.tellCourt
	if d.court {
		tell = d.tellOther
	}
	if err := tell(ctx, *k); err != nil {
		return err
	}
	return d.record(k, before)
}

func (d *callActs) record(k, before *model.CallBack) error {
	ev := model.AuditEvent{CourtID: k.CourtID, Action: k.State.Action(), CaseID: k.CaseID, Subject: model.ThingCallBack.Of(k.ID), After: k}
	if before != nil {
		ev.Before = *before
	}
	return d.tx.Audit(d.by, d.by.RoleFor(model.ActCallMake), ev)
}

// who is the other side on lists that more people read than need its name.
func (d *callActs) who() string {
	if d.relative != nil {
		return d.party.Name + "的家属（" + d.relative.Relation.Chinese() + "）"
	}
	return d.party.Name
}

func (d *callActs) tasks(ctx context.Context, k *model.CallBack) error {
	subject := model.ThingCallBack.Of(k.ID)
	state := model.TaskDone
	if k.State == model.CallCancelled || k.State == model.CallLapsed {
		state = model.TaskCancelled
	}
	if err := d.tx.EndTasks(ctx, state, d.by.UserID, k.State.Chinese(), model.TaskMatch{CaseID: k.CaseID, Subject: subject}); err != nil {
		return err
	}
	t := model.Task{
		CourtID: k.CourtID, CaseID: k.CaseID, EnforcementCaseID: d.c.EnforcementCaseID, PartyID: d.party.ID, OwnerID: d.c.OwnerID, Kind: model.TaskCallBack,
		Subject: subject, DedupeKey: fmt.Sprintf("%s:%d", subject.Key(), k.Version),
	}
	switch k.State {
	case model.CallAsked:
		t.Title = "答复回电请求：" + d.who() + "，" + model.CallTime(k.StartAt)
		t.DueAt, t.DueReason = k.AnswerBy.EndOfDay(), fmt.Sprintf("收到之日起 %d 个工作日（本院设置）", d.settings.AnswerDays())
		if k.StartAt.Before(t.DueAt) {
			t.DueAt, t.DueReason = k.StartAt, "对方请求的时间"
		}
	case model.CallConfirmed:
		t.Title, t.DueAt, t.DueReason = "回电："+d.who()+"，"+model.CallTime(k.StartAt), model.DateOf(k.StartAt).EndOfDay(), "约定的日期"
	default:
		return nil
	}
	_, err := d.tx.AddTask(ctx, t)
	return err
}

// tellOther tells the other side, unless it was on the telephone itself.
func (d *callActs) tellOther(ctx context.Context, k model.CallBack) error {
	switch {
	case k.State == model.CallDone:
		return nil
	case d.relative == nil:
		return d.tx.AddNotice(ctx, model.CallNotice(*d.cs, k, d.party.ID))
	case d.relative.State != model.RelativeAdmitted:
		return nil
	}
	return d.tx.AddNotice(ctx, model.RelativeCallNotice(*d.relative, k))
}

// tellCourt tells whoever calls, and who stands in for him; of what lapsed the
// leaders too.
func (d *callActs) tellCourt(ctx context.Context, k model.CallBack) error {
	people, err := d.tx.Substitutes(ctx, d.c.OwnerID)
	if err != nil {
		return err
	}
	told := append([]int64{d.c.OwnerID}, people...)
	if k.State == model.CallLapsed && !d.known {
		leaders, err := d.tx.StaffWith(ctx, d.c.CourtID, model.RoleLeader)
		if err != nil {
			return err
		}
		for _, l := range leaders {
			if !slices.Contains(told, l.UserID) {
				told = append(told, l.UserID)
			}
		}
	}
	for _, user := range told {
		if err := d.tx.AddNotice(ctx, model.CallAskedNotice(*d.cs, k, d.who(), user)); err != nil {
			return err
		}
	}
	return nil
}
