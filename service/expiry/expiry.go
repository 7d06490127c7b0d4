// Package expiry keeps the one list of things that end: certificates, years of
// holidays, templates at WeChat. The court is warned 60, 30 and 7 days before.
package expiry

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// Config is what may end.
type Config struct {
	// Signing is the certificate that signs papers.
	Signing *x509.Certificate
	// Endpoints are the TLS servers that the court or its phones talk to, host:port
	// by name. The program serves no TLS itself: the proxy before it does.
	Endpoints map[string]string
	// Templates tells what is wrong with the templates at WeChat, by template, in
	// Chinese; nil where there are none.
	Templates func(ctx context.Context) (map[string]string, error)
	Logger    *slog.Logger
}

// Service is the area.
type Service struct {
	cfg Config
	db  *storage.DB
}

// New makes the service.
func New(db *storage.DB, cfg Config) *Service { return &Service{cfg, db} }

// Pass looks at everything, keeps the list, and logs what is near its end.
func (s *Service) Pass(ctx context.Context) error {
	now := s.db.Now()
	var list []model.Ending
	if c := s.cfg.Signing; c != nil {
		e := model.Ending{
			Kind: model.EndingSigning, Name: c.Subject.CommonName, EndsAt: utc(c.NotAfter),
			Remedy: "请申请新的签名证书，更换 signing.cert_file 和 signing.key_file 后重新启动；原证书仍用于查验以前的文书",
		}
		if now.Before(c.NotBefore) {
			e.Problem = "尚未生效，文书暂不能制作"
		}
		list = append(list, e)
	}
	calendar, err := s.db.Calendar(ctx)
	if err != nil {
		return err
	}
	list = append(list, model.HolidaysEnd(calendar, now))
	for _, name := range slices.Sorted(maps.Keys(s.cfg.Endpoints)) {
		list = append(list, s.endpoint(ctx, name, s.cfg.Endpoints[name]))
	}
	list = append(list, s.templates(ctx)...)
	for i := range list {
		list[i].CheckedAt = now
		s.tell(ctx, list[i], now)
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error { return tx.ReplaceEndings(ctx, list) })
}

func utc(t time.Time) *time.Time {
	t = t.UTC()
	return &t
}

// endpoint reads the certificate that a server shows, also one that has ended.
// A server that cannot be reached from here is no fault: closed networks are.
func (s *Service) endpoint(ctx context.Context, name, address string) model.Ending {
	e := model.Ending{Kind: model.EndingTLS, Name: name + "（" + address + "）"}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		e.Problem = "地址不能识别"
		return e
	}
	// The certificate is read, not trusted, and nothing is sent.
	d := tls.Dialer{Config: &tls.Config{ServerName: host, InsecureSkipVerify: true, MinVersion: tls.VersionTLS12}} //nolint:gosec // see above
	c, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		e.Problem = "无法从本机读取证书"
		return e
	}
	defer func() { _ = c.Close() }()
	t, ok := c.(*tls.Conn)
	if !ok || len(t.ConnectionState().PeerCertificates) == 0 {
		e.Problem = "无法从本机读取证书"
		return e
	}
	for _, cert := range t.ConnectionState().PeerCertificates { // what ends first counts, also in the chain
		if e.EndsAt == nil || cert.NotAfter.Before(*e.EndsAt) {
			e.EndsAt = utc(cert.NotAfter)
		}
	}
	e.Remedy = "请更换该网站的 TLS 证书（由前置代理或对应服务器提供），否则手机和浏览器将拒绝连接"
	return e
}

func (s *Service) templates(ctx context.Context) (out []model.Ending) {
	if s.cfg.Templates == nil {
		return nil
	}
	faults, err := s.cfg.Templates(ctx)
	if err != nil {
		s.cfg.Logger.WarnContext(ctx, "templates at WeChat could not be read", "error", err.Error())
		return []model.Ending{{Kind: model.EndingTemplate, Name: "全部模板", Problem: "暂时无法从微信读取"}}
	}
	for _, name := range slices.Sorted(maps.Keys(faults)) {
		out = append(out, model.Ending{
			Kind: model.EndingTemplate, Name: name, Problem: faults[name],
			Remedy: "请在微信公众平台核对该模板，并改正配置中的 cards；改正前该类消息走下一渠道。可运行 microcourt wechat check 查看",
		})
	}
	if len(out) == 0 {
		out = []model.Ending{{Kind: model.EndingTemplate, Name: "全部模板"}}
	}
	return out
}

func (s *Service) tell(ctx context.Context, e model.Ending, now time.Time) {
	level := slog.LevelWarn
	switch e.Level(now) {
	case model.EndingFar:
		return
	case model.EndingUrgent, model.EndingOver:
		level = slog.LevelError
	case model.EndingSoon, model.EndingNear:
	}
	args := []any{"kind", e.Kind, "name", e.Name, "problem", e.Problem, "remedy", e.Remedy}
	if e.EndsAt != nil {
		args = append(args, "ends", e.EndsAt, "days", e.Days(now))
	}
	s.cfg.Logger.Log(ctx, level, "something ends", args...)
}

// Warnings is the part of the list that somebody must do something about, for
// those who run the court's system or lead it; nobody else has any.
func (s *Service) Warnings(ctx context.Context, by model.Actor) (out []model.EndingLine, err error) {
	if !by.May(model.ActOperations) && !by.May(model.ActOverview) {
		return nil, nil
	}
	all, err := s.entries(ctx)
	for _, e := range all {
		if e.Level > model.EndingFar {
			out = append(out, e)
		}
	}
	return out, err
}

// List is everything that may end, what ends first at the top.
func (s *Service) List(ctx context.Context, by model.Actor) ([]model.EndingLine, error) {
	if err := by.Require(model.ActOperations); err != nil {
		return nil, err
	}
	return s.entries(ctx)
}

func (s *Service) entries(ctx context.Context) ([]model.EndingLine, error) {
	list, err := s.db.Endings(ctx)
	if err != nil {
		return nil, fmt.Errorf("endings: %w", err)
	}
	now := s.db.Now()
	out := make([]model.EndingLine, len(list))
	for i, e := range list {
		out[i] = model.EndingLine{Ending: e, Level: e.Level(now), Left: e.Left(now)}
	}
	return out, nil
}
