package handler

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
)

// proxies watches whether the proxies before this server are the ones that the
// configuration names. Where they are not, the whole court counts as one
// address, or anybody can invent his.
type proxies struct {
	header  string
	names   []string // of headers that claim to know the client's address
	trusted []netip.Prefix
	log     *slog.Logger
	now     func() time.Time
	seen    *prometheus.CounterVec

	mu   sync.Mutex
	told map[string]time.Time // when each problem was last written down
}

// tellEvery bounds how often one problem is written into the log.
const tellEvery = 10 * time.Minute

func newProxies(cfg Config) (*proxies, error) {
	p := &proxies{
		header: http.CanonicalHeaderKey(cfg.AddressHeader), log: cfg.Logger, now: cfg.Now, told: map[string]time.Time{},
		seen: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "microcourt_proxy_problems_total",
			Help: "Requests with a client address from somewhere that is not trusted (untrusted), and without one from a trusted proxy (missing).",
		}, []string{"problem"}),
	}
	if p.header == "" {
		p.header = "X-Forwarded-For"
	}
	p.names = append([]string{p.header}, forwarded...)
	cfg.Metrics.MustRegister(p.seen)
	for _, s := range cfg.TrustedProxies {
		prefix, err := netip.ParsePrefix(s)
		if err != nil {
			a, err := netip.ParseAddr(s)
			if err != nil {
				return nil, fmt.Errorf("trusted_proxies: %q is neither an address nor a network like 10.0.0.0/24", s)
			}
			prefix = netip.PrefixFrom(a, a.BitLen())
		}
		if prefix.Bits() == 0 {
			cfg.Logger.Warn("trusted_proxies believes everybody: any client can invent an address and escape the rate limits", "network", s)
		}
		p.trusted = append(p.trusted, prefix)
	}
	if u, err := url.Parse(cfg.PublicURL); len(p.trusted) == 0 && err == nil && u.Scheme == "https" {
		// TLS ends at a proxy, so there is one.
		cfg.Logger.Warn("trusted_proxies is empty: everybody who comes through the proxy counts as one address; name the proxy's address and let it set " + p.header)
	}
	return p, nil
}

func (p *proxies) trusts(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return false
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	for _, t := range p.trusted {
		if t.Contains(a.Unmap()) {
			return true
		}
	}
	return false
}

// forwarded are the headers in which proxies name the client, known or not to
// this server's configuration.
var forwarded = []string{"X-Forwarded-For", "X-Real-Ip", "Forwarded"}

func (p *proxies) watch() gin.HandlerFunc {
	return func(c *gin.Context) {
		if path := c.FullPath(); path == healthPath || path == readyPath { // asked by what stands beside the server
			return
		}
		h := c.Request.Header
		if trusted := p.trusts(c.Request.RemoteAddr); trusted && strings.TrimSpace(h.Get(p.header)) == "" {
			p.tell("missing", "a trusted proxy does not name the client's address: let it set "+p.header+", else everybody behind it counts as one address", c)
		} else if !trusted {
			for _, name := range p.names {
				if h.Get(name) != "" {
					p.tell("untrusted", "a client address came from a host that trusted_proxies does not name, and was not believed", c)
					break
				}
			}
		}
	}
}

func (p *proxies) tell(problem, text string, c *gin.Context) {
	p.seen.WithLabelValues(problem).Inc()
	p.mu.Lock()
	now := p.now()
	last, ok := p.told[problem]
	silent := ok && now.Sub(last) < tellEvery
	if !silent {
		p.told[problem] = now
	}
	p.mu.Unlock()
	if !silent {
		p.log.WarnContext(c.Request.Context(), text, "peer", c.Request.RemoteAddr)
	}
}
