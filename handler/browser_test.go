package handler_test

import (
	"context"
	_ "embed"
	"net/url"
	"testing"

	"microcourt/handler/handlertest"

	"microcourt/service/demo"
)

// demoWorld is an installation with the demonstration court in it.
func demoWorld(t *testing.T) (*handlertest.World, map[string]*handlertest.Client) {
	t.Helper()
	w := handlertest.NewWith(t, func(w *handlertest.World) { w.NoCourt = true })
	guide, err := demo.Seed(context.Background(), demo.Installation{DB: w.DB, Services: w.Svc, WeChat: w.Fake, Now: w.Clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	court, err := w.DB.CourtByCode(context.Background(), "浙0211")
	if err != nil {
		t.Fatal(err)
	}
	w.Court = *court
	out := map[string]*handlertest.Client{}
	for _, login := range []string{"zhang.min", "ji.wei", "wan.tt", "lu.ning", "chen.zj", "shen.ji", "xu.he", "lin.mei", "zhou.qi", "chu.ning"} {
		out[login] = &handlertest.Client{W: w, Name: login, Auth: "Bearer " + guide.Token(login)}
	}
	return w, out
}

func escaped(s string) string { return url.QueryEscape(s) }
