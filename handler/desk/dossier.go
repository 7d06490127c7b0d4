package desk

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/dossier"
)

func (d *Desk) dossierRoutes() []Route {
	return []Route{
		listed("/dossier", model.ActDossierRead, d.unfiledPage),
		post("/dossier", model.ActDossierManage, d.fileAgain),
		get("/cases/:id/dossier", model.ActDossierRead, d.dossierPage),
		{Method: http.MethodGet, Path: "/cases/:id/dossier/zip", Act: model.ActDossierRead, Timeout: 10 * time.Minute, handle: d.dossierZIP},
	}
}

const unfiledTitle = "未入卷的材料"

type unfiledData struct {
	List        *listView
	Items       []dossier.Unfiled
	All, Failed int64
	Connected   bool
	FailedOnly  bool
}

// unfiledTable is the list as a sheet and on paper.
func (d *Desk) unfiledTable(c *gin.Context) table[dossier.Unfiled] {
	type row = dossier.Unfiled
	by, failed := web.Actor(c), c.Query("failed") == "1"
	only := ""
	if failed {
		only = "入卷失败的"
	}
	return table[row]{
		title: unfiledTitle, cursor: "after", limit: casePage, empty: "没有未入卷的材料。", conditions: []condition{{"情况", only}},
		columns: []column[row]{
			{name: "案号", class: "nowrap", cell: func(r row) cell { return say(r.CaseNo).to(fmt.Sprintf("/desk/cases/%d/dossier", r.CaseID)) }},
			{name: "材料", cell: func(r row) cell { return say(r.Title()) }},
			{name: "形成时间", class: "nowrap", cell: func(r row) cell { return moment(r.MadeAt) }},
			{name: "情况", class: "nowrap", cell: func(r row) cell { return say(r.State()) }},
			{name: "原因", cell: func(r row) cell { return say(r.Failure) }},
			{name: "已试次数", class: "num", cell: func(r row) cell { return amount(int64(r.Attempts)) }},
		},
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]row, error) {
			return d.svc.Dossier.Unfiled(ctx, by, failed, from, limit)
		}, func(r row) int64 { return r.ID }),
	}
}

func (d *Desk) unfiledData(c *gin.Context) (data unfiledData, err error) {
	data.Connected, data.FailedOnly = d.svc.Dossier.Connected(), c.Query("failed") == "1"
	if data.All, data.Failed, err = d.svc.Dossier.Count(c.Request.Context(), web.Actor(c)); err != nil {
		return data, err
	}
	data.List, data.Items, err = viewOf(d, c, d.unfiledTable(c))
	return data, err
}

// unfiledPage is what is not in the electronic files.
func (d *Desk) unfiledPage(c *gin.Context) error {
	if as := c.Query("as"); as != "" {
		return export(d, c, d.unfiledTable(c), as)
	}
	data, err := d.unfiledData(c)
	if err != nil {
		return err
	}
	return d.show(c, "dossier", unfiledTitle, data)
}

var errNoItem = model.InvalidField("item", "dossier.items", "请选择要重新入卷的材料")

// fileAgain lets items be handed over again at once.
func (d *Desk) fileAgain(c *gin.Context) error {
	f := d.form(c)
	ids := f.several("item", errNoItem)
	if err := f.do(func() error {
		_, err := d.svc.Dossier.Again(c.Request.Context(), web.Actor(c), ids)
		return model.AtField(err, "item")
	}); err != nil {
		data, again := d.unfiledData(c)
		if again != nil {
			return again
		}
		return d.again(c, "dossier", unfiledTitle, data, err)
	}
	return done(c, "/desk/dossier", "dossier_again")
}

type dossierData struct {
	*dossier.Catalogue
	Connected bool
}

// dossierPage is the catalogue of a case's file.
func (d *Desk) dossierPage(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	list, err := d.svc.Dossier.Catalogue(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return d.show(c, "case_dossier", list.Case.CaseNo+" 卷宗", dossierData{list, d.svc.Dossier.Connected()})
}

// dossierZIP is the whole file of a case. It is written as it is read; where that
// fails half-way the connection is cut, so that nobody takes a part for the whole.
func (d *Desk) dossierZIP(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	e, err := d.svc.Dossier.Export(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	h := c.Writer.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+escapeName(e.CaseNo+" 卷宗")+".zip")
	h.Set("Cache-Control", "no-store")
	if err := e.Write(c.Request.Context(), c.Writer); err != nil {
		d.cfg.Logger.ErrorContext(c.Request.Context(), "dossier", "request_id", c.GetString(web.RequestIDKey), "error", fmt.Sprint(err))
		panic(http.ErrAbortHandler)
	}
	return nil
}
