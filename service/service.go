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
	"microcourt/service/casemoney"
	"microcourt/service/certificate"
	"microcourt/service/channel"
	"microcourt/service/conversation"
	"microcourt/service/deposit"
	"microcourt/service/deskact"
	"microcourt/service/document"
	"microcourt/service/dossier"
	"microcourt/service/enforcement"
	"microcourt/service/expiry"
	"microcourt/service/filing"
	"microcourt/service/identity"
	"microcourt/service/liaison"
	"microcourt/service/lists"
	"microcourt/service/mycase"
	"microcourt/service/nonlitigation"
	"microcourt/service/notice"
	"microcourt/service/operations"
	"microcourt/service/paper"
	"microcourt/service/payment"
	"microcourt/service/penalty"
	"microcourt/service/performance"
	"microcourt/service/person"
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
	Cards    channel.Cards
	SMS      *sms.Client // nil when the court has no gateway
	// Push opens what WeChat pushes; nil when the court did not set it up.
	Push      *wechat.Push
	Followers channel.Account // without a client when the court has no service account
	Printer   *document.Printer
	// QueryDoor puts queries to agencies; nil when the court asks on paper.
	QueryDoor assetquery.Door
	// Files is the case system that keeps the electronic files; nil when the court has
	// not connected one.
	Files dossier.System
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
	// UndoFor is how long what was decided of a receipt or answered at the desk can be
	// taken back before anything follows from it; 0 turns that off.
	UndoFor time.Duration
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
	// DeskAct is what was done at the desk and can be taken back for a while.
	DeskAct *deskact.Service
	// Absence says who answers for an officer who is away.
	Absence *absence.Service
	// Relative connects families with officers.
	Relative *relative.Service
	// Petition is what debtors and families ask the officer for in writing.
	Petition *petition.Service
	// MyCase is a person's cases on his phone.
	MyCase *mycase.Service
	// Payment is how people pay, and where creditors want to be paid.
	Payment *payment.Service
	// Penalty is about criminal cases' items of property, NonLitigation about
	// agencies' decisions that the court is asked to enforce.
	Penalty       *penalty.Service
	NonLitigation *nonlitigation.Service
	// CaseMoney is money that the court holds for enforcement cases.
	CaseMoney *casemoney.Service
	// Deposit is money that an accused pays before the judgment.
	Deposit *deposit.Service
	// Enforcement is the officers' work.
	Enforcement *enforcement.Service
	// Agency is the units that work with the court, and what they owe.
	Agency *agency.Service
	// AssetQuery asks agencies about debtors, Liaison the people in the villages.
	AssetQuery *assetquery.Service
	Liaison    *liaison.Service
	Person     *person.Service
	// Dossier is the electronic files of cases.
	Dossier *dossier.Service
	// Lists is what the lists of the desk share.
	Lists *lists.Service
	// Recovery is what a database that is older than the world outside needs.
	Recovery *recovery.Service
	// Expiry lists what ends: certificates, holidays, templates.
	Expiry *expiry.Service
	// Operations does the jobs and tells whether everything runs.
	Operations *operations.Service

	db      *storage.DB
	objects object.Store
}

// New joins the areas.
func New(d Deps) (*Services, error) {
	if d.DB == nil || d.Objects == nil || d.WeChat == nil || d.Printer == nil || d.Logger == nil || d.Now == nil {
		return nil, errors.New("service: a dependency is missing")
	}
	if err := d.Cards.Check(); err != nil {
		return nil, fmt.Errorf("service: %w", err)
	}
	if err := d.Followers.Check(); err != nil {
		return nil, fmt.Errorf("service: %w", err)
	}
	id := identity.Config{AppID: d.AppID, WeChat: wechatIdentity{d.WeChat}, Now: d.Now, PasswordMemory: d.PasswordMemory}
	if d.RealName {
		id.RealName = wechatIdentity{d.WeChat}
	}
	ledger := subscription.Config{
		AppID: d.AppID, Templates: d.Cards.Templates(), Pushes: channel.Pushes{}, Resend: d.Push != nil, Logger: d.Logger,
	}
	channels := map[model.ChannelName]notice.Channel{model.ChannelWeChat: channel.NewWeChat(d.WeChat, d.Cards, d.Push != nil)}
	if d.SMS != nil {
		channels[model.ChannelSMS] = channel.NewTexts(d.SMS, d.WeChat)
	}
	if d.Followers.Client != nil {
		channels[model.ChannelService] = channel.NewFollowers(d.Followers, d.AppID)
		ledger.Followers = d.Followers.Client
	}
	for _, c := range []struct {
		name  model.ChannelName
		cards channel.Cards
	}{{model.ChannelWeChat, d.Cards}, {model.ChannelService, d.Followers.Cards}} {
		for _, w := range c.cards.Warnings() {
			d.Logger.Warn("cards", "channel", c.name, "warning", w)
		}
	}
	content := conversation.Config{Content: d.Content, Logger: d.Logger, UndoFor: d.UndoFor}
	if d.ContentPictures {
		content.PictureAddress = func(token string) string { return d.PublicURL + "/api/v1/wechat/pictures/" + token }
	}
	ends := d.Ends
	ends.Logger = d.Logger

	s := &Services{db: d.DB, objects: d.Objects, Push: d.Push, FollowerPush: d.Followers.Push}
	// Those that need no other area, or only those above.
	s.Identity = identity.New(d.DB, id)
	s.Absence = absence.New(d.DB)
	s.Liaison = liaison.New(d.DB)
	s.Person = person.New(d.DB)
	s.Calendar = calendar.New(d.DB)
	s.Administration = administration.New(d.DB)
	s.Statistics = statistics.New(d.DB)
	s.Lists = lists.New(d.DB)
	s.Penalty = penalty.New(d.DB)
	s.Payment = payment.New(d.DB, d.Printer)
	s.MyCase = mycase.New(d.DB)
	s.Expiry = expiry.New(d.DB, ends)
	s.Certificate = certificate.New(d.DB, certificate.Config{
		Objects: d.Objects, Printer: d.Printer, PublicURL: d.PublicURL, Logger: d.Logger,
	})
	s.Notice = notice.New(d.DB, notice.Config{
		AppID: d.AppID, Channels: channels, Logger: d.Logger, Now: d.Now, Observe: d.Delivered, Measure: d.Measured, JournalDir: d.JournalDir,
	})
	s.Paper = paper.New(d.DB, paper.Config{Objects: d.Objects, Printer: papers{d.Printer}, Proofs: s.Notice})
	s.Dossier = dossier.New(d.DB, dossier.Config{System: d.Files, Objects: d.Objects, Documents: s.Paper, Certificates: s.Certificate, Logger: d.Logger})
	s.Schedule = schedule.New(d.DB, schedule.Config{Outbox: s.Notice})
	s.Conversation = conversation.New(d.DB, content)
	s.Relative = relative.New(d.DB, s.Conversation)
	ledger.Outbox, ledger.Pictures = s.Notice, s.Conversation
	s.Subscription = subscription.New(d.DB, ledger)
	// These form rings: whoever comes first knows the last through s.
	s.Petition = petition.New(d.DB, measures{s})
	s.Agency = agency.New(d.DB, agency.Config{Outbox: s.Notice, Uploads: uploads{s}})
	s.Recovery = recovery.New(d.DB, recovery.Config{Objects: d.Objects, Logger: d.Logger, Papers: papers{d.Printer}, Jobs: jobs{s}})
	s.Enforcement = enforcement.New(d.DB, enforcement.Config{Families: s.Relative, Petitions: s.Petition, Sanctions: s.Agency, Ledger: arrivals{s}, Queries: queries{s}, Assistance: assistance{s}})
	s.Performance = performance.New(d.DB, performance.Config{
		Objects: d.Objects, TempDir: d.TempDir, Logger: d.Logger, Enforcement: s.Enforcement, Certificates: s.Certificate, Recovery: s.Recovery, KeepStrays: d.KeepStrays, UndoFor: d.UndoFor,
	})
	s.DeskAct = deskact.New(d.DB, s.Performance, s.Conversation)
	s.Filing = filing.New(d.DB, filing.Config{Enforcement: s.Enforcement, Ledger: s.Performance})
	s.Deposit = deposit.New(d.DB, s.Performance)
	s.CaseMoney = casemoney.New(d.DB)
	s.NonLitigation = nonlitigation.New(d.DB, nonlitigation.Config{Enforcement: s.Enforcement})
	s.AssetQuery = assetquery.New(d.DB, assetquery.Config{Door: d.QueryDoor, Uploads: s.Performance})
	s.Operations = operations.New(d.DB, operations.Config{
		Objects: d.Objects, Outbox: s.Notice, Endings: s.Expiry, Recovery: s.Recovery, Jobs: s.jobs(), Rehearsal: d.AppID == wechat.DemoAppID, Logger: d.Logger,
	})
	return s, nil
}

// jobs are what the areas do again and again.
func (s *Services) jobs() []operations.Job {
	return []operations.Job{
		{Name: "schedule", Chinese: "排定并发出到期的提醒和催告", Every: 2 * time.Second, CatchUp: true, Run: s.Schedule.Pass},
		{Name: "decisions", Chinese: "使撤销时间已过的回执决定和回复生效", Every: 2 * time.Second, CatchUp: true, Run: s.DeskAct.Pass},
		{Name: "imports", Chinese: "通知已放行的导入案件的当事人", Every: 5 * time.Second, Run: s.Filing.Pass},
		{Name: "standing", Chinese: "核对已结案的案件是否仍有措施", Every: 24 * time.Hour, Later: true, Run: s.Enforcement.CheckEndings},
		{Name: "tasks", Chinese: "通知超期的办理事项，处理到期的措施和和解款项", Every: 30 * time.Second, CatchUp: true, Run: s.Enforcement.Pass},
		{Name: "plans", Chinese: "查看履行和解的款项是否逾期", Every: 30 * time.Second, CatchUp: true, Run: s.Performance.PlanPass},
		{Name: "messages", Chinese: "通知超过答复期限的留言，终止过时的回电预约，送检图片", Every: 20 * time.Second, CatchUp: true, Run: s.Conversation.Pass},
		{Name: "prison_letters", Chinese: "提醒即将到期的财产刑公函", Every: time.Hour, CatchUp: true, Run: s.Penalty.Pass},
		{Name: "deposits", Chinese: "判决生效后提示抵充暂存款", Every: 10 * time.Minute, CatchUp: true, Run: s.Deposit.Pass},
		{Name: "duties", Chinese: "为责任单位生成到期事项并提醒", Every: 10 * time.Minute, CatchUp: true, Run: s.Agency.Pass},
		{Name: "certificates", Chinese: "打印并保存自动履行证明书", Every: 30 * time.Second, Run: s.Certificate.Pass},
		{Name: "dossier", Chinese: "列出应入卷的材料，移送电子卷宗系统", Every: 30 * time.Second, CatchUp: true, Run: s.Dossier.Pass},
		{Name: "files", Chinese: "清理不属于任何案件的上传文件", Every: time.Hour, Later: true, Run: s.Performance.SweepPass},
		{Name: "endings", Chinese: "检查证书、放假安排和微信模板是否将到期", Every: 6 * time.Hour, Run: s.Expiry.Pass},
	}
}

// Run runs the workers of all areas until ctx ends.
func (s *Services) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, run := range []func(context.Context) error{s.Performance.Run, s.Certificate.Run, s.Notice.Run, s.Subscription.Run, s.Recovery.Run, s.Operations.Run} {
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
