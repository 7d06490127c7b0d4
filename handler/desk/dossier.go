package desk

import (
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
		get("/dossier", model.ActDossierRead, d.unfiledPage),
		post("/dossier", model.ActDossierManage, d.fileAgain),
		get("/cases/:id/dossier", model.ActDossierRead, d.dossierPage),
		{Method: http.MethodGet, Path: "/cases/:id/dossier/zip", Act: model.ActDossierRead, Timeout: 10 * time.Minute, handle: d.dossierZIP},
	}
}

type unfiledData struct {
	Items       []dossier.Unfiled
	All, Failed int64
	Connected   bool
	FailedOnly  bool
	Next        string
}

func (d *Desk) unfiledData(c *gin.Context) (data unfiledData, err error) {
	ctx, by := c.Request.Context(), web.Actor(c)
	from, err := after(c, "after")
	if err != nil {
		return data, err
	}
	data.Connected, data.FailedOnly = d.svc.Dossier.Connected(), c.Query("failed") == "1"
	if data.All, data.Failed, err = d.svc.Dossier.Count(ctx, by); err != nil {
		return data, err
	}
	data.Items, err = d.svc.Dossier.Unfiled(ctx, by, data.FailedOnly, from, casePage+1)
	if len(data.Items) > casePage {
		data.Items = data.Items[:casePage]
		data.Next = with(c, "after", data.Items[casePage-1].ID)
	}
	return data, err
}

// unfiledPage is what is not in the electronic files.
func (d *Desk) unfiledPage(c *gin.Context) error {
	data, err := d.unfiledData(c)
	if err != nil {
		return err
	}
	return d.show(c, "dossier", "未入卷的材料", data)
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
		return d.again(c, "dossier", "未入卷的材料", data, err)
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
