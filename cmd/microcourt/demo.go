package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"microcourt/service/demo"
)

// runDemo serves the embedded default with a small court in it. It refuses
// anything that could touch a real court.
func runDemo(c *call) error {
	listen := c.flags.String("listen", "127.0.0.1:8080", "address to listen on; the fake phone answers this machine only")
	data := c.flags.String("data", "", "folder that keeps the demonstration; a temporary one that is removed at the end when empty")
	if rest, err := c.parse(); err != nil || len(rest) > 0 {
		return errUsage
	}
	begin := time.Now()
	cfg, err := loadConfig("", nil) // nothing of a real configuration gets in
	if err != nil {
		return err
	}
	cfg.Listen, cfg.DataDir, cfg.LogLevel = *listen, *data, "warn"
	cfg.PublicURL = "http://" + *listen
	cfg.WeChat.ContentCheck = "text_and_pictures"
	if *data == "" {
		if cfg.DataDir, err = os.MkdirTemp("", "microcourt-demo-"); err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(cfg.DataDir) }() // temporary
	}
	c.band(cfg)
	a, err := openApp(c.ctx, cfg, c.logger(cfg))
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }() // errors of closing were logged by then
	guide, err := demo.Seed(c.ctx, demo.Installation{DB: a.db, Services: a.svc, WeChat: a.fake, Now: time.Now})
	if err != nil {
		return fmt.Errorf("demonstration: %w", err)
	}
	debug.FreeOSMemory() // making the court took more than keeping it
	return a.serve(c.ctx, true, func(addr string) {
		a.fake.PushTo("http://" + addr + "/api/v1/wechat/push")
		go a.fake.RunPushes(c.ctx)
		fmt.Fprint(c.stdout, guide.Text("http://"+addr))
		fmt.Fprintf(c.stdout, "\nready after %d ms; data in %s; stop with Ctrl-C\n", time.Since(begin).Milliseconds(), cfg.DataDir)
	})
}
