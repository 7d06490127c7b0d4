// Package service joins the areas of the court's work. The areas do not know
// each other; this package alone builds them and hands each what it needs of
// the outside world.
package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"microcourt/model"
	"microcourt/service/absence"
	"microcourt/service/administration"
	"microcourt/service/agency"
	"microcourt/service/assetquery"
	"microcourt/service/calendar"
	"microcourt/service/certificate"
	"microcourt/service/conversation"
	"microcourt/service/document"
	"microcourt/service/enforcement"
	"microcourt/service/expiry"
	"microcourt/service/filing"
	"microcourt/service/identity"
	"microcourt/service/liaison"
	"microcourt/service/nonlitigation"
	"microcourt/service/notice"
	"microcourt/service/paper"
	"microcourt/service/penalty"
	"microcourt/service/performance"
	"microcourt/service/petition"
	"microcourt/service/recovery"
	"microcourt/service/relative"
	"microcourt/service/schedule"
	"microcourt/service/sms"
	"microcourt/service/statistics"
	"microcourt/service/subscription"
	"microcourt/service/wechat"
	"microcourt/storage"
	"microcourt/storage/object"
)

// Deps is the outside world of the services.
type Deps struct {
	DB      *storage.DB
	Objects object.Store
	WeChat  *wechat.Client
	AppID   string
	// RealName turns WeChat's face verification on, which WeChat grants to
	// government accounts on application.
	RealName bool
	Cards    Cards
	SMS      *sms.Client // nil when the court has no gateway
	// Push opens what WeChat pushes; nil when the court did not set it up.
	Push      *wechat.Push
	Followers ServiceAccount // without a client when the court has no service account
	Printer   *document.Printer
	// QueryDoor puts queries to agencies; nil when the court asks on paper.
	QueryDoor assetquery.Door
	// Content checks what people outside write to the court; nil for no check.
	// With ContentPictures it also gets the pictures that they send.
	Content         conversation.ContentCheck
	ContentPictures bool
	PublicURL       string
	TempDir         string
	// PasswordMemory is what hashing a password takes, in KiB; 0 is 64 MB.
	PasswordMemory uint32
	// KeepStrays is for how many years objects are kept that may be evidence and
	// that no row names; 0 for ever.
	KeepStrays int
	Logger     *slog.Logger
	// Ends is what may end: certificates, templates. The Logger is filled in.
	Ends expiry.Config
	// Delivered, when set, is told what became of every outside message, Measured
	// how long its stages took.
	Delivered func(kind model.NoticeKind, channel model.ChannelName, outcome model.OutboxState)
	Measured  func(channel model.ChannelName, stage notice.Stage, took time.Duration)
	// JournalDir keeps what channels answered while the database was away over a
	// restart; "" keeps it in memory only.
	JournalDir string
	Now        func() time.Time
}

// Services are all areas, ready to use.
type Services struct {
	Identity    *identity.Service
	Filing      *filing.Service
	Performance *performance.Service
	Certificate *certificate.Service
	Notice      *notice.Service
	Schedule    *schedule.Service
	// Subscription keeps what people allow WeChat to show them.
	Subscription *subscription.Service
	Push         *wechat.Push // nil when it is off
	FollowerPush *wechat.Push // of the service account, nil when it is off
	Calendar     *calendar.Service
	Paper        *paper.Service
	// Administration is the court's particulars and its audit trail, Statistics
	// its state today.
	Administration *administration.Service
	Statistics     *statistics.Service
	Conversation   *conversation.Service
	// Absence says who answers for an officer who is away.
	Absence *absence.Service
	// Relative connects families with officers.
	Relative *relative.Service
	// Petition is what debtors and families ask the officer for in writing.
	Petition *petition.Service
	// Penalty is about criminal cases' items of property, NonLitigation about
	// agencies' decisions that the court is asked to enforce.
	Penalty       *penalty.Service
	NonLitigation *nonlitigation.Service
	// Enforcement is the officers' work.
	Enforcement *enforcement.Service
	// Agency is the units that work with the court, and what they owe.
	Agency *agency.Service
	// AssetQuery asks agencies about debtors, Liaison the people in the villages.
	AssetQuery *assetquery.Service
	Liaison    *liaison.Service
	// Recovery is what a database that is older than the world outside needs.
	Recovery *recovery.Service
	// Expiry lists what ends: certificates, holidays, templates.
	Expiry *expiry.Service

	db      *storage.DB
	objects object.Store
	printer *document.Printer
	log     *slog.Logger
	jobs    []*job
	appID   string
	started time.Time
}

// New joins the areas.
func New(d Deps) (*Services, error) {
	if d.DB == nil || d.Objects == nil || d.WeChat == nil || d.Printer == nil || d.Logger == nil || d.Now == nil {
		return nil, errors.New("service: a dependency is missing")
	}
	if err := d.Cards.Check(); err != nil {
		return nil, fmt.Errorf("service: %w", err)
	}
	if err := d.Followers.check(); err != nil {
		return nil, fmt.Errorf("service: %w", err)
	}
	id := identity.Config{AppID: d.AppID, WeChat: wechatIdentity{d.WeChat}, Now: d.Now, PasswordMemory: d.PasswordMemory}
	if d.RealName {
		id.RealName = wechatIdentity{d.WeChat}
	}
	channels := map[model.ChannelName]notice.Channel{model.ChannelWeChat: wechatCards{d.WeChat, d.Cards, d.Push != nil}}
	if d.SMS != nil {
		channels[model.ChannelSMS] = textMessages{d.SMS, d.WeChat}
	}
	var union func(ctx context.Context, openID string) (string, bool, error)
	if d.Followers.Client != nil {
		channels[model.ChannelService] = followerMessages{d.Followers, d.AppID}
		union = d.Followers.Client.Follower
	}
	for name, cards := range map[model.ChannelName]Cards{model.ChannelWeChat: d.Cards, model.ChannelService: d.Followers.Cards} {
		for _, w := range cards.Warnings() {
			d.Logger.Warn("cards", "channel", name, "warning", w)
		}
	}
	notices := notice.New(d.DB, notice.Config{
		AppID: d.AppID, Channels: channels, Logger: d.Logger, Now: d.Now, Observe: d.Delivered, Measure: d.Measured, JournalDir: d.JournalDir,
	})
	families, petitions := relative.New(d.DB), petition.New(d.DB)
	var receipts *performance.Service
	decode := func(ctx context.Context, by model.Actor, ids []int64) error {
		return receipts.DecodeUploads(ctx, by, ids)
	}
	agencies := agency.New(d.DB, agency.Config{Wake: notices.Wake, Decode: decode})
	officers := enforcement.New(d.DB, enforcement.Config{FamilyScene: families.Scene, Released: petitions.Released, Sanctions: agencies})
	petitions.Release = officers.AskRelease
	var s *Services
	recoveries := recovery.New(d.DB, recovery.Config{
		Objects: d.Objects, Logger: d.Logger, ReadPaper: readPaper, CatchUp: func(ctx context.Context) error { return s.catchUp(ctx) },
	})
	receipts = performance.New(d.DB, performance.Config{
		Objects: d.Objects, TempDir: d.TempDir, Logger: d.Logger, Settled: officers.Settled, MaySweep: recoveries.MaySweep, KeepStrays: d.KeepStrays,
	})
	content := conversation.Config{Content: d.Content, Logger: d.Logger}
	if d.ContentPictures {
		content.PictureAddress = func(token string) string { return d.PublicURL + "/api/v1/wechat/pictures/" + token }
	}
	talk := conversation.New(d.DB, content)
	families.Ended = talk.EndCalls
	s = &Services{
		Recovery: recoveries,
		Identity: identity.New(d.DB, id),
		Relative: families, Petition: petitions, Absence: absence.New(d.DB),
		Enforcement: officers,
		AssetQuery:  assetquery.New(d.DB, assetquery.Config{Door: d.QueryDoor, Decode: decode}), Liaison: liaison.New(d.DB),
		Filing:      filing.New(d.DB, filing.Config{Enforced: officers.Filed, Imported: receipts.ClaimImported}),
		Performance: receipts,
		Certificate: certificate.New(d.DB, certificate.Config{
			Objects: d.Objects, Printer: d.Printer, PublicURL: d.PublicURL, Logger: d.Logger,
		}),
		Notice:   notices,
		Schedule: schedule.New(d.DB, schedule.Config{Wake: notices.Wake}),
		Subscription: subscription.New(d.DB, subscription.Config{
			AppID: d.AppID, Templates: d.Cards.templates(), Events: pushedEvents, Resend: d.Push != nil, Picture: talk.PictureVerdict, Follower: union, Wake: notices.Wake, Logger: d.Logger,
			Reported: notices.Reported,
		}),
		Push: d.Push, FollowerPush: d.Followers.Push, Calendar: calendar.New(d.DB),
		Paper:          paper.New(d.DB, paper.Config{Objects: d.Objects, Printer: papers{d.Printer}}),
		Administration: administration.New(d.DB), Statistics: statistics.New(d.DB), Conversation: talk,
		Penalty: penalty.New(d.DB), NonLitigation: nonlitigation.New(d.DB, nonlitigation.Config{Settled: officers.Settled}),
		Agency: agencies,
		db:     d.DB, objects: d.Objects, printer: d.Printer, log: d.Logger,
		appID: d.AppID, started: d.Now(),
	}
	d.Ends.Logger = d.Logger
	s.Expiry = expiry.New(d.DB, d.Ends)
	s.jobs = s.makeJobs()
	return s, nil
}

// Run runs the workers of all areas until ctx ends.
func (s *Services) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, run := range []func(context.Context) error{s.Performance.Run, s.Certificate.Run, s.Notice.Run, s.Subscription.Run, s.Recovery.Run, s.runJobs} {
		g.Go(func() error { return run(ctx) })
	}
	return g.Wait()
}

// Ready tells whether requests can be served: the database has this program's
// schema and the object store answers.
func (s *Services) Ready(ctx context.Context) error {
	v, err := s.db.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	if v.Behind() {
		return fmt.Errorf("the schema is at %d, this program needs %d", v.Database, v.Program)
	}
	return s.objects.Ready(ctx)
}
