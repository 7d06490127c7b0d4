package service

import (
	"context"
	"time"

	"microcourt/model"
	"microcourt/service/notice"
)

// ChannelHealth is how an outside channel does.
type ChannelHealth struct {
	Name    model.ChannelName
	Chinese string
	On      bool // set up in this installation
	Used    bool // in the court's order
	// Oldest is how long the oldest message that is due has waited.
	Oldest time.Duration
}

// Operations is whether everything runs, for the court's administrators.
type Operations struct {
	Database string // product
	Schema   int64
	Objects  bool // the store answers
	Channels []ChannelHealth
	Queued   int64 // outside messages that wait, of all courts
	Sending  int64
	Failed   int64 // of this court, up to the ceiling of counts
	Stale    int64 // schedules that are to be made anew
	Unread   int64 // pushed messages of WeChat that are not applied yet
	Printing int64 // certificates and papers that are to be printed
}

// Operations tells whether everything runs.
func (s *Services) Operations(ctx context.Context, by model.Actor) (*Operations, error) {
	if err := by.Require(model.ActOperations); err != nil {
		return nil, err
	}
	o := &Operations{Database: string(s.db.Dialect())}
	v, err := s.db.SchemaVersion(ctx)
	if err != nil {
		return nil, err
	}
	o.Schema = v.Database
	o.Objects = s.objects.Ready(ctx) == nil
	ages, err := s.db.OutboxWaiting(ctx)
	if err != nil {
		return nil, err
	}
	court, err := s.db.Court(ctx, by.CourtID)
	if err != nil {
		return nil, err
	}
	for _, name := range []model.ChannelName{model.ChannelWeChat, model.ChannelService, model.ChannelSMS, model.ChannelPaper} {
		h := ChannelHealth{Name: name, Chinese: notice.ChannelNames[name], On: name == model.ChannelPaper || s.Notice.Has(name), Oldest: ages[name]}
		for _, used := range court.Settings.ChannelOrder() {
			h.Used = h.Used || used == name
		}
		o.Channels = append(o.Channels, h)
	}
	counts, err := s.db.OutboxCounts(ctx)
	if err != nil {
		return nil, err
	}
	o.Queued, o.Sending = counts[model.OutboxQueued], counts[model.OutboxSending]
	if o.Failed, err = s.db.FailedCount(ctx, by.CourtID); err != nil {
		return nil, err
	}
	b, err := s.db.Backlog(ctx)
	if err != nil {
		return nil, err
	}
	o.Stale, o.Unread, o.Printing = b.Stale, b.Pushes, b.Papers
	return o, nil
}
