package desk

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/enforcement"
)

func (d *Desk) settlementRoutes() []Route {
	return []Route{
		get("/enforcement/:id/settlement", model.ActSettlementRead, d.settlement),
		post("/enforcement/:id/settlement", model.ActSettlementRecord, d.recordSettlement),
		final(post("/enforcement/:id/resume", model.ActSettlementRecord, d.resumeEnforcement)),
		post("/enforcement/:id/release", model.ActReleasePropose, d.proposeRelease),
		listed("/releases", model.ActReleaseRead, d.releases),
		final(post("/releases/:id", model.ActReleaseDecide, d.decideRelease)),
	}
}

type settlementData struct {
	*enforcementHead
	Records bool                         // the actor records settlements of this case
	List    []enforcement.SettlementView // the newest first
	Current *enforcement.SettlementView  // in force, nil when none
	// Release are the measures that a release review may name, Named those that the
	// form which came back had named.
	Release []enforcement.MeasureDetail
	Named   map[int64]bool
}

const settlementTitle = "执行和解"

func (d *Desk) settlementData(c *gin.Context) (*settlementData, error) {
	h, err := d.head(c, "/settlement")
	if err != nil {
		return nil, err
	}
	ctx, by, id := c.Request.Context(), web.Actor(c), h.File.ID
	data := &settlementData{enforcementHead: h, Named: map[int64]bool{}, Records: h.Own && by.May(model.ActSettlementRecord)}
	if data.List, err = d.svc.Enforcement.Settlements(ctx, by, 0, id); err != nil {
		return nil, err
	}
	slices.Reverse(data.List)
	if len(data.List) > 0 && data.List[0].State.InForce() {
		data.Current = &data.List[0]
	}
	if data.Current == nil || !data.Records {
		return data, nil
	}
	all, err := d.svc.Enforcement.MeasuresOf(ctx, by, id)
	for _, m := range all {
		if model.Releasable(m.Measure, h.Today) {
			data.Release = append(data.Release, m)
		}
	}
	for _, v := range c.PostFormArray("measure_ids") {
		n, _ := strconv.ParseInt(v, 10, 64)
		data.Named[n] = true
	}
	return data, err
}

func (d *Desk) settlement(c *gin.Context) error {
	data, err := d.settlementData(c)
	if err != nil {
		return err
	}
	return d.show(c, "settlement", settlementTitle, data)
}

// onSettlement does a form of the page and shows the page again.
func (d *Desk) onSettlement(c *gin.Context, what string, do func(id int64) error) error {
	return onForm(d, c, "settlement", settlementTitle, "/desk/enforcement/%d/settlement", what, d.settlementData, do)
}

// onForm does a form of a page that shows one thing: done, it goes to the
// page's address; refused, it shows the page with what was typed.
func onForm[T any](d *Desk, c *gin.Context, page, title, address, what string, read func(*gin.Context) (T, error), do func(id int64) error) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	if err := do(id); err != nil {
		data, gone := read(c)
		if gone != nil {
			return err
		}
		return d.again(c, page, title, data, err)
	}
	return done(c, fmt.Sprintf(address, id), what)
}

func (d *Desk) recordSettlement(c *gin.Context) error {
	return d.onSettlement(c, "agreed", func(id int64) error {
		f := d.form(c)
		in := enforcement.SettlementInput{
			EnforcementID: id, IdemKey: f.key(), Replaces: f.number("replaces"), Form: model.SettlementForm(c.PostForm("form")), SignedOn: f.date("signed_on"),
			Parts: f.parts("parts"), Text: c.PostForm("text"), SureFen: f.yuan("differs", "differs"),
		}
		err := f.do(func() error {
			_, err := d.svc.Enforcement.RecordSettlement(c.Request.Context(), web.Actor(c), in)
			return err
		})
		asked(c, err, model.Settlement{Parts: in.Parts}.PromisedFen().String())
		return err
	})
}

func (d *Desk) resumeEnforcement(c *gin.Context) error {
	return d.onSettlement(c, "resumed_enforcement", func(int64) error {
		f := d.form(c)
		settlement := f.number("settlement")
		return f.do(func() error {
			_, err := d.svc.Enforcement.ResumeEnforcement(c.Request.Context(), web.Actor(c), settlement, model.ResumeGround(c.PostForm("ground")), c.PostForm("reason"))
			return err
		})
	})
}

func (d *Desk) proposeRelease(c *gin.Context) error {
	return d.onSettlement(c, "proposed", func(int64) error {
		f := d.form(c)
		in := enforcement.ReleaseInput{
			IdemKey: f.key(), SettlementID: f.number("settlement"), Subject: c.PostForm("subject"),
			MeasureIDs:      f.several("measure_ids", model.InvalidField("measure_ids", "release.measures", "所选措施不正确，请刷新后重新选择")),
			CreditorAskedOn: f.date("creditor_asked_on"), Reason: c.PostForm("reason"),
		}
		return f.do(func() error {
			_, err := d.svc.Enforcement.ProposeRelease(c.Request.Context(), web.Actor(c), in)
			return err
		})
	})
}

type releasesData struct {
	List    *listView
	Reviews []faced[model.ReviewLine]
	State   string
}

// releaseTable is the list of release reviews; data gets what the page's boxes show.
func (d *Desk) releaseTable(c *gin.Context, data *releasesData) table[faced[model.ReviewLine]] {
	by := web.Actor(c)
	data.State = c.DefaultQuery("state", string(model.ReleaseOpen))
	f := model.ReviewFilter{State: model.ReleaseState(data.State)}
	if data.State == "all" {
		f.State = ""
	}
	read := byID("after", func(ctx context.Context, from int64, limit int) (list []model.ReviewLine, err error) {
		f.After, f.Limit = from, limit
		list, err = d.svc.Enforcement.ReleaseReviews(ctx, by, f)
		return list, err
	}, func(l model.ReviewLine) int64 { return l.ID })
	return table[faced[model.ReviewLine]]{
		title: "解除审查", columns: releaseColumns(), cursor: "after", limit: casePage,
		read:       withFaces(d, c, read, func(l model.ReviewLine) int64 { return l.CaseID }),
		conditions: []condition{{"状态", f.State.Chinese()}}, empty: "没有解除审查。",
	}
}

func (d *Desk) releasesData(c *gin.Context) (*releasesData, error) {
	data := &releasesData{}
	var err error
	data.List, data.Reviews, err = viewOf(d, c, d.releaseTable(c, data))
	return data, err
}

func (d *Desk) releases(c *gin.Context) error {
	data := &releasesData{}
	return answerOwn(d, c, d.releaseTable(c, data), func(v *listView, rows []faced[model.ReviewLine]) error {
		data.List, data.Reviews = v, rows
		return d.show(c, "releases", "解除审查", data)
	})
}

func (d *Desk) decideRelease(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	_, err = d.svc.Enforcement.DecideRelease(c.Request.Context(), web.Actor(c), id, model.ReleaseState(c.PostForm("decision")), c.PostForm("reason"))
	if err != nil {
		data, gone := d.releasesData(c)
		if gone != nil {
			return err
		}
		return d.again(c, "releases", "解除审查", data, err)
	}
	return done(c, "/desk/releases", "decided")
}

// parts reads instalments, one a line: an amount in yuan and a day.
func (f *form) parts(field string) (out []model.SettlementPart) {
	for i, line := range strings.Split(f.text(field), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		on, fen, err := dayAndAmount(line)
		if err != nil {
			f.wrong(field, model.InvalidField(field, "settlement.parts", "第 "+strconv.Itoa(i+1)+" 行应为“金额 到期日”，如 30000.00 2026-05-31"))
			return nil
		}
		if err := model.CheckDay("due_on", on, model.DateOf(f.d.cfg.Now())); err != nil {
			f.wrong(field, model.AtField(err, field))
			return nil
		}
		out = append(out, model.SettlementPart{AmountFen: fen, DueOn: on})
	}
	return out
}
