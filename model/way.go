package model

import "context"

// Way is where a notice goes next outside of the inbox, and who gets it there.
type Way struct {
	// Channel is "" when no channel is left: the inbox has the notice.
	Channel ChannelName
	// Users get a message each, by their accounts at WeChat. Text messages and paper
	// go to the party itself and have none.
	Users []int64
}

// Accounts knows which accounts people have at WeChat now.
type Accounts interface {
	// Bound are the users who are bound to a party.
	Bound(ctx context.Context, partyID int64) ([]int64, error)
	// Linked are the users who linked a staff account with theirs at WeChat.
	Linked(ctx context.Context, staffID int64) ([]int64, error)
	// Following are those of users who follow the court's service account.
	Following(ctx context.Context, users []int64) ([]int64, error)
}

// NextWay is the rule which channel a notice goes to, and to whom: the court's
// order, after the channel that could not reach anybody ("" for the first); a
// channel that none of the addressees has is passed over. Parties can be
// reached on every channel. Everybody else, staff, relatives and liaisons, has
// WeChat or nothing but the inbox.
func (n Notice) NextWay(ctx context.Context, s CourtSettings, after ChannelName, a Accounts) (Way, error) {
	users, err := n.addressees(ctx, a)
	if err != nil {
		return Way{}, err
	}
	if n.PartyID == 0 {
		if after != "" || len(users) == 0 {
			return Way{}, nil
		}
		return Way{ChannelWeChat, users}, nil
	}
	for c := s.NextChannel(after, n.Kind); c != ""; c = s.NextChannel(c, n.Kind) {
		there := users
		switch c {
		case ChannelWeChat:
		case ChannelService:
			if len(users) > 0 {
				if there, err = a.Following(ctx, users); err != nil {
					return Way{}, err
				}
			}
		default: // it goes to the party's address, whoever is bound
			return Way{Channel: c}, nil
		}
		if len(there) > 0 {
			return Way{c, there}, nil
		}
	}
	return Way{}, nil
}

// addressees are the users whom a card about the notice is for. A judge gets one
// digest a day and not a card for every receipt.
func (n Notice) addressees(ctx context.Context, a Accounts) ([]int64, error) {
	switch {
	case n.PartyID != 0 && n.Kind != NoticeAssistance:
		return a.Bound(ctx, n.PartyID)
	case n.Kind.ForRelatives() || n.Kind == NoticeAssistance: // relatives and liaisons are WeChat users themselves
		return []int64{n.UserID}, nil
	case n.Kind.Carded():
		return a.Linked(ctx, n.UserID)
	}
	return nil, nil
}

// PassesOn tells whether a message in the state surely reached nobody, so that
// the next channel follows. One that may have arrived is never sent on another
// way as well.
func (s OutboxState) PassesOn() bool {
	switch s {
	case OutboxNoConsent, OutboxUnreachable, OutboxInvalid, OutboxSkipped, OutboxExpired, OutboxFailed:
		return true
	case OutboxQueued, OutboxSending, OutboxAccepted, OutboxUnknown:
	}
	return false
}
