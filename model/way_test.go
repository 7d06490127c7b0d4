package model_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"microcourt/model"
)

// people are accounts at WeChat as a list of them says.
type people struct {
	bound, linked map[int64][]int64
	follow        []int64
	asked         int // who follows
}

func (p *people) Bound(_ context.Context, partyID int64) ([]int64, error) {
	return p.bound[partyID], nil
}

func (p *people) Linked(_ context.Context, staffID int64) ([]int64, error) {
	return p.linked[staffID], nil
}

func (p *people) Following(_ context.Context, users []int64) (out []int64, err error) {
	p.asked++
	for _, u := range users {
		if slices.Contains(p.follow, u) {
			out = append(out, u)
		}
	}
	return out, nil
}

// Party 1 has two people with WeChat of whom one follows the service account,
// party 2 has one who does not, party 3 has nobody.
func somePeople() *people {
	return &people{bound: map[int64][]int64{1: {11, 12}, 2: {21}}, linked: map[int64][]int64{90: {91}}, follow: []int64{12}}
}

func TestWhichChannelComesNextAndWhoGetsIt(t *testing.T) {
	t.Parallel()
	const none = model.ChannelName("")
	all := []model.ChannelName{model.ChannelWeChat, model.ChannelService, model.ChannelSMS, model.ChannelPaper}
	noTexts := []model.ChannelName{model.ChannelWeChat, model.ChannelService, model.ChannelPaper}
	serviceFirst := []model.ChannelName{model.ChannelService, model.ChannelWeChat}
	for name, c := range map[string]struct {
		order []model.ChannelName
		after model.ChannelName
		party int64
		kind  model.NoticeKind
		want  model.Way
	}{
		"first, everybody with WeChat":                 {all, none, 1, model.NoticeFirstDemand, model.Way{Channel: model.ChannelWeChat, Users: []int64{11, 12}}},
		"then those who follow":                        {all, model.ChannelWeChat, 1, model.NoticeFirstDemand, model.Way{Channel: model.ChannelService, Users: []int64{12}}},
		"then the party's phone":                       {all, model.ChannelService, 1, model.NoticeFirstDemand, model.Way{Channel: model.ChannelSMS}},
		"in the end paper":                             {all, model.ChannelSMS, 1, model.NoticeFirstDemand, model.Way{Channel: model.ChannelPaper}},
		"nothing after paper":                          {all, model.ChannelPaper, 1, model.NoticeFirstDemand, model.Way{}},
		"nobody follows: passed over":                  {all, model.ChannelWeChat, 2, model.NoticeFirstDemand, model.Way{Channel: model.ChannelSMS}},
		"nobody is bound: a text at once":              {all, none, 3, model.NoticeFirstDemand, model.Way{Channel: model.ChannelSMS}},
		"nobody is bound, no texts: paper at once":     {noTexts, none, 3, model.NoticeFirstDemand, model.Way{Channel: model.ChannelPaper}},
		"no paper, no way":                             {noTexts, none, 3, model.NoticeDueSoon, model.Way{}},
		"what is no legal paper ends with texts":       {all, model.ChannelSMS, 1, model.NoticeDueSoon, model.Way{}},
		"the court's own order":                        {serviceFirst, none, 1, model.NoticeDueSoon, model.Way{Channel: model.ChannelService, Users: []int64{12}}},
		"the court's own order, nobody follows":        {serviceFirst, none, 2, model.NoticeDueSoon, model.Way{Channel: model.ChannelWeChat, Users: []int64{21}}},
		"a court that set nothing has WeChat":          {nil, none, 1, model.NoticeFirstDemand, model.Way{Channel: model.ChannelWeChat, Users: []int64{11, 12}}},
		"a court that set nothing has nothing else":    {nil, model.ChannelWeChat, 1, model.NoticeFirstDemand, model.Way{}},
		"the channel was taken out of the order since": {serviceFirst, model.ChannelSMS, 1, model.NoticeFirstDemand, model.Way{}},
	} {
		n := model.Notice{PartyID: c.party, Kind: c.kind}
		got, err := n.NextWay(context.Background(), model.CourtSettings{Channels: c.order}, c.after, somePeople())
		if err != nil || got.Channel != c.want.Channel || !slices.Equal(got.Users, c.want.Users) {
			t.Errorf("%s: %v %v, want %v", name, got, err, c.want)
		}
	}
}

// Who is no party has WeChat or nothing: no text and no paper goes to staff,
// relatives or liaisons, whatever the court's order is.
func TestOnlyPartiesAreReachedOutsideOfWeChat(t *testing.T) {
	t.Parallel()
	texts := model.CourtSettings{Channels: []model.ChannelName{model.ChannelSMS, model.ChannelPaper}}
	for name, c := range map[string]struct {
		user int64
		kind model.NoticeKind
		want []int64
	}{
		"a judge's digest, on the phone that he linked": {90, model.NoticeJudgeDigest, []int64{91}},
		"a judge who linked no phone":                   {95, model.NoticeJudgeDigest, nil},
		"a judge gets no card for each receipt":         {90, model.NoticeReceiptSubmitted, nil},
		"a relative is a WeChat user himself":           {31, model.NoticeRelativeDecided, []int64{31}},
		"so is a liaison":                               {41, model.NoticeAssistance, []int64{41}},
	} {
		n := model.Notice{UserID: c.user, Kind: c.kind}
		got, err := n.NextWay(context.Background(), texts, "", somePeople())
		if err != nil || !slices.Equal(got.Users, c.want) || got.Channel == model.ChannelSMS || got.Channel == model.ChannelPaper {
			t.Errorf("%s: %v %v", name, got, err)
		}
		if (got.Channel == model.ChannelWeChat) != (len(c.want) > 0) {
			t.Errorf("%s: %v", name, got)
		}
		if after, err := n.NextWay(context.Background(), texts, model.ChannelWeChat, somePeople()); err != nil || after.Channel != "" {
			t.Errorf("%s: after WeChat %v %v", name, after, err)
		}
	}
}

// away are accounts that cannot be read.
type away struct{ *people }

func (away) Following(context.Context, []int64) ([]int64, error) { return nil, errors.New("away") }

// When it cannot be read who follows, nothing is guessed: the next channel would
// cost a text message, or a paper.
func TestAnUnknownFollowerIsNotPassedOver(t *testing.T) {
	t.Parallel()
	s := model.CourtSettings{Channels: []model.ChannelName{model.ChannelService, model.ChannelSMS}}
	n := model.Notice{PartyID: 1, Kind: model.NoticeDueSoon}
	if way, err := n.NextWay(context.Background(), s, "", away{somePeople()}); err == nil || way.Channel != "" {
		t.Error(way, err)
	}
	// And nobody is asked about the followers among nobody.
	p := somePeople()
	n.PartyID = 3
	if way, err := n.NextWay(context.Background(), s, "", p); err != nil || way.Channel != model.ChannelSMS || p.asked != 0 {
		t.Error(way, err, p.asked)
	}
}

// A message that may have arrived is never sent on another way as well.
func TestWhichOutcomePassesOn(t *testing.T) {
	t.Parallel()
	want := map[model.OutboxState]bool{
		model.OutboxNoConsent: true, model.OutboxUnreachable: true, model.OutboxInvalid: true, model.OutboxSkipped: true, model.OutboxExpired: true, model.OutboxFailed: true,
		model.OutboxQueued: false, model.OutboxSending: false, model.OutboxAccepted: false, model.OutboxUnknown: false,
	}
	for state, passes := range want {
		if state.PassesOn() != passes {
			t.Errorf("%s: %v", state, !passes)
		}
	}
}
