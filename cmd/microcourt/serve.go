package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"microcourt/handler"
	"microcourt/service/evidence"
)

// How long a stop may take: requests first, then what is due in the outbox.
const (
	drainRequests = 20 * time.Second
	drainOutbox   = 10 * time.Second
)

func serve(c *call) error {
	dev := c.flags.Bool("dev", false, "show the pages of the source in this folder, as they are being written")
	if rest, err := c.parse(); err != nil || len(rest) > 0 {
		return errors.Join(err, errUsageIf(len(rest) > 0))
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	if *dev {
		if cfg.production() {
			return errors.New("serve -dev is for writing pages; this configuration is a real court's")
		}
		if _, err := os.Stat("handler/desk/pages/layout.html"); err != nil {
			return fmt.Errorf("serve -dev: start it in the folder of the source: %w", err)
		}
	}
	c.band(cfg)
	a, err := openApp(c.ctx, cfg, c.logger(cfg))
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }() // errors of closing were logged by then
	if *dev {
		a.source = os.DirFS(".")
	}
	return a.serve(c.ctx, false, nil)
}

func errUsageIf(b bool) error {
	if b {
		return errUsage
	}
	return nil
}

// serve runs the HTTP server and the workers until ctx ends, then stops in
// order: no new requests, the open ones finish, the workers finish what they
// hold, the outbox is drained, the database closes. ready is told the address.
func (a *app) serve(ctx context.Context, phone bool, ready func(addr string)) error {
	if err := a.signer.Valid(a.cfg.clock()); err != nil {
		return err
	}
	if err := evidence.Shared().Check(ctx); err != nil {
		return err
	}
	if !evidence.Confined() {
		a.log.Warn("files are examined in a process of their own, but this system has no filter of system calls that we know")
	}
	if _, err := a.svc.Recovery.CheckObjects(ctx); err != nil {
		return err
	}
	stopping := make(chan struct{})
	engine, err := a.engine(phone, stopping) //nolint:contextcheck // each request carries its own
	if err != nil {
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", a.cfg.Listen)
	if err != nil {
		return err
	}
	srv := &http.Server{
		Handler: engine, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 35 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	srv.RegisterOnShutdown(func() { close(stopping) })
	stopMetrics, err := a.serveMetrics(ctx)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	defer stopMetrics()
	// Requests outlive ctx: a stop lets them finish.
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	workers := make(chan error, 1)
	go func() { workers <- a.svc.Run(work) }()
	served := make(chan error, 1)
	go func() { served <- srv.Serve(l) }()
	a.log.Info("listening", "address", l.Addr().String(), "database", a.cfg.Database.Driver, "objects", a.cfg.Objects.Driver)
	if ready != nil {
		ready(l.Addr().String())
	}
	select {
	case <-ctx.Done():
	case err = <-served:
		stopWork()
		return errors.Join(err, <-workers)
	case <-a.db.Halted():
		stopWork()
		return errors.Join(errRestoring, srv.Close(), <-workers)
	case err = <-workers:
		return errors.Join(fmt.Errorf("a worker stopped: %w", err), srv.Close())
	}
	a.log.Info("stopping")
	after := context.WithoutCancel(ctx) // ctx has ended; stopping takes its own time
	stop, cancel := context.WithTimeout(after, drainRequests)
	defer cancel()
	err = srv.Shutdown(stop)
	stopWork()
	err = errors.Join(err, <-workers)
	drain, cancelDrain := context.WithTimeout(after, drainOutbox)
	defer cancelDrain()
	err = errors.Join(err, a.svc.Notice.Drain(drain))
	a.log.Info("stopped")
	return err
}

// serveMetrics serves what the program counts on an address of its own, so that
// the proxy before the other one cannot lead strangers to it.
func (a *app) serveMetrics(ctx context.Context) (stop func(), err error) {
	if a.cfg.MetricsListen == "" {
		return func() {}, nil
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", a.cfg.MetricsListen)
	if err != nil {
		return nil, fmt.Errorf("metrics_listen: %w", err)
	}
	srv := &http.Server{Handler: handler.Metrics(a.metrics), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 20 * time.Second, WriteTimeout: 30 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("metrics are no longer served", "error", err.Error())
		}
	}()
	a.log.Info("metrics", "address", l.Addr().String())
	return func() {
		_ = srv.Close() // a scrape that is under way comes again
		<-done
	}, nil
}
