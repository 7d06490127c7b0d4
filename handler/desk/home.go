package desk

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/notice"
	"microcourt/service/performance"
	"microcourt/service/statistics"
)

func (d *Desk) homeRoutes() []Route {
	return []Route{
		live("", model.ActSelfStaff, d.home),
		{Method: http.MethodGet, Path: "/events", Act: model.ActSelfStaff, Timeout: streamLife + 10*time.Second, silent: true, handle: d.events},
		post("/notices/:id/read", model.ActSelfStaff, d.readNotice),
		post("/inbox/read", model.ActSelfStaff, d.readNotices),
		listed("/overview", model.ActOverview, d.overview),
		get("/guide/:role", model.ActSelfStaff, d.guide),
	}
}

type homeData struct {
	*statistics.Desk
	Own      bool // his own cases
	Ends     []model.EndingLine
	Receipts []performance.QueueLine
	Inbox    []notice.Item
	Unread   int64
	Next     string // of the inbox
	Newest   int64  // the newest message that the page shows
	Findings []model.Defect
}

// homeReceipts and homeNotices are how much of each the first page shows.
const (
	homeReceipts = 6
	homeNotices  = 12
)

// home is what waits for the actor today.
func (d *Desk) home(c *gin.Context) error {
	ctx, by := c.Request.Context(), web.Actor(c)
	before, err := after(c, "before")
	if err != nil {
		return err
	}
	data := homeData{Own: by.Owner() != (model.Owner{})}
	if data.Desk, err = d.svc.Statistics.Desk(ctx, by); err != nil {
		return err
	}
	if data.Ends, err = d.svc.Expiry.Warnings(ctx, by); err != nil {
		return err
	}
	if by.May(model.ActReceiptDecide) {
		list, flags, err := d.svc.Performance.Queue(ctx, by, model.QueueFilter{State: model.ReceiptSubmitted, Limit: homeReceipts})
		if err != nil {
			return err
		}
		for _, r := range list {
			data.Receipts = append(data.Receipts, performance.QueueLine{Receipt: r, Flags: flags[r.ID]})
		}
	}
	if data.Inbox, data.Unread, err = d.svc.Notice.Inbox(ctx, by, 0, before, homeNotices); err != nil {
		return err
	}
	if len(data.Inbox) > 0 {
		data.Newest = data.Inbox[0].ID
	}
	if len(data.Inbox) == homeNotices {
		data.Next = with(c, "before", data.Inbox[homeNotices-1].ID)
	}
	if data.Findings, err = d.svc.Operations.Findings(ctx, by); err != nil {
		return err
	}
	if c.GetHeader("HX-Target") == "today" {
		d.write(c, http.StatusOK, "home", "today", d.frame(c, "home", "今日", data))
		return nil
	}
	return d.show(c, "home", "今日", data)
}

func (d *Desk) readNotice(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	if err := d.svc.Notice.MarkRead(c.Request.Context(), web.Actor(c), id); err != nil {
		return err
	}
	n, err := d.svc.Notice.Notice(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	to, err := d.noticeAddress(c, n.Notice)
	if err != nil {
		return err
	}
	if to == "" {
		to = "/desk"
	}
	c.Redirect(http.StatusSeeOther, to)
	return nil
}

// readNotices marks all notices that the page showed, and older ones, as read.
func (d *Desk) readNotices(c *gin.Context) error {
	f := d.form(c)
	upTo := f.number("up_to")
	if err := f.do(func() error { return d.svc.Notice.MarkAllRead(c.Request.Context(), web.Actor(c), upTo) }); err != nil {
		return err
	}
	return done(c, "/desk", "all_read")
}

// How often a stream of events looks, and how long it lives before the browser
// opens the next one.
const (
	streamEvery = 3 * time.Second
	streamLife  = 5 * time.Minute
	lookAgain   = 5 // looks after which the session is checked again
)

// events tells a page what is new, as server-sent events. Each stream asks the
// database itself, along two indexes, so that it does not matter which process
// a receipt came in through.
func (d *Desk) events(c *gin.Context) error {
	by := web.Actor(c)
	leave, ok := d.open.enter(d.streamKey(c, "events"), maxEventStreams)
	if !ok {
		c.Status(http.StatusNoContent) // which tells the browser not to come back
		return nil
	}
	defer leave()
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // a proxy must not collect events
	rc := http.NewResponseController(c.Writer)
	ctx := c.Request.Context()
	tick := time.NewTicker(streamEvery)
	defer tick.Stop()
	end := time.NewTimer(streamLife)
	defer end.Stop()
	last := ""
	for looks := 1; ; looks++ {
		st, err := d.svc.Statistics.State(ctx, by)
		if err != nil {
			if last == "" {
				return err
			}
			return nil // the browser comes back
		}
		b, err := json.Marshal(map[string]any{"receipts": st.Receipts, "messages": st.Messages, "relatives": st.Relatives, "decisions": st.Decisions, "releases": st.Releases, "mark": st.Mark})
		if err != nil {
			return err
		}
		line := ": still here\n\n"
		if s := string(b); s != last {
			line, last = "event: state\ndata: "+s+"\n\n", s
		}
		_ = rc.SetWriteDeadline(time.Now().Add(streamEvery + 30*time.Second)) // not every test server supports it
		if _, err := c.Writer.WriteString(line); err != nil {
			return nil // the browser went away
		}
		c.Writer.Flush()
		select {
		case <-ctx.Done():
			return nil
		case <-d.cfg.Stopping:
			return nil
		case <-end.C:
			return nil
		case <-tick.C:
		}
		if looks%lookAgain == 0 {
			if a, err := d.identify(c, true); err != nil || a.UserID != by.UserID {
				return nil // logged out, or the session ran out
			}
		}
	}
}

// chart is what the page's script hands to the chart library.
type chart map[string]any

type overviewData struct {
	List *listView
	*statistics.Overview
	Loads                    []model.JudgeLoad // in the order of the list
	Stages, Judges, Receipts chart             // nil when there is nothing to draw
}

// The colours of charts are the desk's own: each stands out from the paper by
// more than 3:1, and from its neighbours by name as well.
const (
	colourText = "#1d2530"
	colourBad  = "#8f1d1d"
)

var colourOf = map[model.Performance]string{
	model.PerformancePending: "#1f4f86", model.PerformancePartial: "#a06a00", model.PerformanceFulfilled: "#17603a", model.PerformanceNone: "#525c69",
}

// barsShown is how many judges a chart shows; the table below has them all.
const barsShown = 12

// bars draws what lies with each judge, the most first; each bar opens its
// list.
func bars(judges []model.JudgeLoad, n func(model.JudgeLoad) int64, list, only string) chart {
	sorted := slices.SortedStableFunc(slices.Values(judges), func(a, b model.JudgeLoad) int { return cmp.Compare(n(b), n(a)) })
	var names []string
	var values []chart
	for _, j := range sorted {
		if len(names) == barsShown || n(j) == 0 {
			break
		}
		names = append(names, cut(j.Judge, 6))
		values = append(values, chart{"value": n(j), "href": address(list, "judge", j.JudgeID, only, true)})
	}
	if len(names) == 0 {
		return nil
	}
	axis := chart{"color": colourText, "fontSize": 14}
	return chart{
		"tooltip": chart{}, "aria": chart{"enabled": true}, "animation": false, "grid": chart{"left": 100, "right": 40, "top": 10, "bottom": 30},
		"xAxis": chart{"type": "value", "minInterval": 1, "axisLabel": axis}, "yAxis": chart{"type": "category", "inverse": true, "data": names, "axisLabel": axis},
		"series": []chart{{
			"type": "bar", "data": values, "barMaxWidth": 28, "color": colourBad,
			"label": chart{"show": true, "position": "right", "color": colourText, "fontSize": 14},
		}},
	}
}

// overview is the court's state today for its leaders. Every figure opens to
// its list.
func (d *Desk) overview(c *gin.Context) error {
	o, err := d.svc.Statistics.Overview(c.Request.Context(), web.Actor(c))
	if err != nil {
		return err
	}
	if as := c.Query("as"); as != "" {
		return export(d, c, overviewTable(o.Judges), as)
	}
	data := overviewData{Overview: o}
	if data.List, data.Loads, err = viewOf(d, c, overviewTable(o.Judges)); err != nil {
		return err
	}
	var stages []chart
	for _, p := range []model.Performance{model.PerformancePending, model.PerformancePartial, model.PerformanceFulfilled, model.PerformanceNone} {
		if o.Stages[p] > 0 {
			stages = append(stages, chart{
				"name": p.Chinese(), "value": o.Stages[p], "href": address("/desk/cases", "performance", p), "itemStyle": chart{"color": colourOf[p]},
			})
		}
	}
	data.Stages = chart{
		"tooltip": chart{"trigger": "item"}, "aria": chart{"enabled": true}, "animation": false,
		"series": []chart{{
			"type": "pie", "radius": []string{"40%", "70%"}, "data": stages, "itemStyle": chart{"borderColor": "#fff", "borderWidth": 2},
			"label": chart{"formatter": "{b} {c} 件", "color": colourText, "fontSize": 14},
		}},
	}
	data.Judges = bars(o.Judges, func(j model.JudgeLoad) int64 { return j.Overdue }, "/desk/cases", "overdue")
	data.Receipts = bars(o.Judges, func(j model.JudgeLoad) int64 { return j.Late }, "/desk/receipts", "late")
	return d.show(c, "overview", "全院情况", data)
}
