package paper

import (
	"context"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// RecordConversation puts a conversation on paper for the case file: every
// message in order, with its files, and every step of the calls agreed on. While nothing new was said, a repeat is the
// same paper, whoever asks for it.
func (s *Service) RecordConversation(ctx context.Context, by model.Actor, id int64) (*model.Document, error) {
	if err := by.Require(model.ActDocumentMake); err != nil {
		return nil, err
	}
	c, err := s.db.Conversation(ctx, by, id)
	if err != nil {
		return nil, err
	}
	call, err := s.db.LastCallEntry(ctx, id)
	if err != nil {
		return nil, err
	}
	if c.LastMessageID == 0 && call == 0 {
		return nil, model.E(model.Conflict, "conversation.empty", "对话中还没有留言，不能制作对话记录")
	}
	key := model.ThingConversation.Key(id) + ":" + model.ThingMessage.Key(c.LastMessageID)
	if call != 0 {
		key += ":" + model.ThingCallBack.Key(call)
	}
	return s.makeOnce(ctx, by, model.Document{
		CaseID: c.CaseID, Kind: model.DocumentConversationRecord, DedupeKey: key,
	}, func(tx *storage.DB, court model.Court, cs model.Case, judge string) (model.DocumentFacts, error) {
		return conversationRecordFacts(ctx, tx, court, cs, judge, *c, call)
	})
}

// conversationRecordFacts is what was written in a conversation up to its last message as
// it was read, and what became of calls up to a step.
func conversationRecordFacts(ctx context.Context, tx *storage.DB, court model.Court, cs model.Case, judge string, c model.Conversation, call int64) (f model.DocumentFacts, err error) {
	var p model.Party
	d := &model.ConversationRecordFacts{}
	number, who := "", ""
	if c.RelativeID != 0 {
		r, err := tx.RelativeByID(ctx, c.RelativeID)
		if err != nil {
			return f, err
		}
		if number, err = tx.EnforcementNumber(ctx, c.EnforcementCaseID); err != nil {
			return f, err
		}
		d.With, who = "被执行人的家属"+r.Name+"（"+r.Relation.Chinese()+"）", r.Name+"（家属）"
	} else {
		of, err := tx.Party(ctx, cs.ID, c.PartyID)
		if err != nil {
			return f, err
		}
		p = *of
		d.With, who = "当事人"+p.Name, p.Name+"（当事人）"
	}
	messages, err := tx.Messages(ctx, []int64{c.ID}, c.LastMessageID+1, model.MaxRecordMessages)
	if err != nil {
		return f, err
	}
	total, err := tx.CountMessages(ctx, c.ID, c.LastMessageID)
	if err != nil {
		return f, err
	}
	slices.Reverse(messages)
	d.Total, d.First = int(total), int(total)-len(messages)+1
	calls, err := tx.CallEntries(ctx, c.ID, call, model.MaxRecordMessages)
	if err != nil {
		return f, err
	}
	var people []int64
	for _, m := range messages {
		people = append(people, m.UserID)
	}
	for _, e := range calls {
		people = append(people, e.ByUserID)
	}
	names, err := tx.UserNames(ctx, people)
	if err != nil {
		return f, err
	}
	files, err := tx.FilesOfMessages(ctx, messages)
	if err != nil {
		return f, err
	}
	for _, m := range messages {
		l := model.ConversationRecordLine{At: m.CreatedAt, Who: who, Text: m.Body}
		if m.FromCourt {
			l.Who = names[m.UserID] + "（法院）"
		}
		for i, file := range files[m.ID] {
			l.Files = append(l.Files, model.ConversationRecordFile(i+1, file))
		}
		d.Lines = append(d.Lines, l)
	}
	for _, e := range calls {
		l := model.ConversationRecordLine{At: e.CreatedAt, Who: who, Text: e.Text(), Call: true}
		switch {
		case e.ByUserID == 0:
			l.Who = "系统"
		case e.FromCourt:
			l.Who = names[e.ByUserID] + "（法院）"
		}
		d.Lines = append(d.Lines, l)
	}
	slices.SortStableFunc(d.Lines, func(a, b model.ConversationRecordLine) int { return a.At.Compare(b.At) })
	f = model.CaseFacts(model.DocumentConversationRecord, court, cs, p, judge, "", model.DateOf(tx.Now()))
	f.EnforcementNo, f.ConversationRecord = number, d
	return f, nil
}
