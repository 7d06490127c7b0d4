package main

import (
	"cmp"
	"context"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"microcourt/service/channel"
	"microcourt/service/expiry"
	"microcourt/service/wechat"
	"microcourt/storage"
)

// ends is what this installation depends on and what may end.
func (a *app) ends() expiry.Config {
	c := expiry.Config{Signing: a.signer.Certificate(), Endpoints: map[string]string{}}
	for name, address := range map[string]string{"对外网址": a.cfg.PublicURL, "统一身份认证": a.cfg.SignOn.Issuer} {
		if u, err := url.Parse(address); err == nil && u.Scheme == "https" {
			c.Endpoints[name] = u.Hostname() + ":" + cmp.Or(u.Port(), "443")
		}
	}
	for name, o := range map[string]struct {
		host   string
		secure bool
	}{"文件存储": {a.cfg.Objects.Endpoint, a.cfg.Objects.Secure}, "文件上传地址": {a.cfg.Objects.PublicEndpoint, a.cfg.Objects.PublicSecure}} {
		if u, err := url.Parse("https://" + o.host); err == nil && o.secure && o.host != "" {
			c.Endpoints[name] = u.Hostname() + ":" + cmp.Or(u.Port(), "443")
		}
	}
	if len(a.cards) > 0 && a.fake == nil {
		c.Templates = a.templateFaults
	}
	return c
}

// templateFaults compares the mapping with the templates of the mini-program
// and of the service account. What is wrong in detail `microcourt wechat check`
// tells.
func (a *app) templateFaults(ctx context.Context) (map[string]string, error) {
	out := map[string]string{}
	look := func(owner, chinese string, list []wechat.Template, cards channel.Cards) {
		for kind, card := range cards {
			if cardFault(list, owner, card) != "" {
				out[chinese+" "+string(kind)] = "模板已被删除，或者与配置不一致"
			}
		}
	}
	list, err := a.wechat.Templates(ctx)
	if err != nil {
		return nil, err
	}
	look("mini-program", "小程序", list, a.cards)
	if a.followers.Client != nil {
		if list, err = a.followers.Client.AccountTemplates(ctx); err != nil {
			return nil, err
		}
		look("service account", "服务号", list, a.followers.Cards)
	}
	return out, nil
}

// endingMetric tells how many days are left of everything that ends.
type endingMetric struct{ db *storage.DB }

var daysLeftDesc = prometheus.NewDesc("microcourt_days_left", "Days until a certificate or a year of holidays ends; negative when it has.", []string{"kind", "name"}, nil)

var endingProblemDesc = prometheus.NewDesc("microcourt_ending_problem", "1 where something on which the court depends is wrong already, e.g. a template that WeChat has no more.", []string{"kind", "name"}, nil)

// Describe implements prometheus.Collector.
func (endingMetric) Describe(ch chan<- *prometheus.Desc) {
	ch <- daysLeftDesc
	ch <- endingProblemDesc
}

// Collect implements prometheus.Collector.
func (m endingMetric) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	list, err := m.db.Endings(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(daysLeftDesc, err)
		return
	}
	for _, e := range list {
		if e.EndsAt != nil {
			ch <- prometheus.MustNewConstMetric(daysLeftDesc, prometheus.GaugeValue, float64(e.Days(m.db.Now())), string(e.Kind), e.Name)
		}
		problem := 0.0
		if e.Problem != "" && e.Remedy != "" {
			problem = 1
		}
		ch <- prometheus.MustNewConstMetric(endingProblemDesc, prometheus.GaugeValue, problem, string(e.Kind), e.Name)
	}
}
