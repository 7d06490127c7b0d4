package desk

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/agency"
)

// ownSheetResult is what came of a sheet of reports.
type ownSheetResult struct {
	*agency.SheetReport
	markedSheet
}

// ownSheet is the sheet of the agency's tasks to fill in.
func (d *Desk) ownSheet(c *gin.Context) error {
	var b bytes.Buffer
	if err := d.svc.Agency.ReportSheet(c.Request.Context(), web.Actor(c), &b); err != nil {
		return err
	}
	c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+escapeName("本单位待报送事项")+".xlsx")
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, web.MediaSheet, b.Bytes())
	return nil
}

// reportSheet takes the reports of a filled-in sheet, all of them or none.
func (d *Desk) reportSheet(c *gin.Context) error {
	rep, source, err := d.takeSheet(c)
	data, again := d.ownTasksData(c) // after it: the list shows what was reported
	if again != nil {
		return again
	}
	if err != nil {
		return d.again(c, "own-tasks", "本单位事项", data, err)
	}
	data.Sheet = &ownSheetResult{rep, markedSheet{rep.Marked, rep.MarkedEnd, source}}
	return d.show(c, "own-tasks", "本单位事项", data)
}

func (d *Desk) takeSheet(c *gin.Context) (*agency.SheetReport, string, error) {
	f, name, err := formSheet(c)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = f.Close() }() // read only
	rep, err := d.svc.Agency.ReportAll(c.Request.Context(), web.Actor(c), f)
	return rep, name, err
}

// formSheet is the filled-in sheet that a form sent, with its name.
func formSheet(c *gin.Context) (multipart.File, string, error) {
	file, err := c.FormFile("file")
	if err != nil {
		if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
			err = model.InvalidField("file", "file.missing", "请先选择填写好的表格")
		}
		return nil, "", err
	}
	f, err := file.Open()
	return f, file.Filename, err
}
