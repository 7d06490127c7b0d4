package desk

import (
	"bytes"
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/service/liaison"
)

// rosterSheetResult is what came of a sheet of villages and liaisons.
type rosterSheetResult struct {
	*liaison.RosterReport
	markedSheet
}

// rosterTemplate is the empty sheet of villages and liaisons.
func (d *Desk) rosterTemplate(c *gin.Context) error {
	var b bytes.Buffer
	if err := liaison.RosterTemplate(&b); err != nil {
		return err
	}
	c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+escapeName("执行联络员登记表")+".xlsx")
	c.Data(http.StatusOK, web.MediaSheet, b.Bytes())
	return nil
}

// rosterSheet takes the villages and liaisons of a filled-in sheet, all or none.
func (d *Desk) rosterSheet(c *gin.Context) error {
	f, name, err := formSheet(c)
	if err != nil {
		return d.refuseLiaisons(c, err)
	}
	defer func() { _ = f.Close() }() // read only
	rep, err := d.svc.Liaison.AddAll(c.Request.Context(), web.Actor(c), f)
	if err != nil {
		return d.refuseLiaisons(c, err)
	}
	data, err := d.liaisonsData(c) // after it: the list shows who came in
	if err != nil {
		return err
	}
	data.Sheet = &rosterSheetResult{rep, markedSheet{rep.Marked, rep.MarkedEnd, name}}
	return d.show(c, "liaisons", "执行联络员", data)
}
