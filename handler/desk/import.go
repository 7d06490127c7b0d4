package desk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/filing"
)

// importPageData is the page of imports: what a check or an import found, and
// the imports so far.
type importPageData struct {
	List    *listView
	Result  *importData // nil until a file was sent
	Imports []model.Import
}

func (d *Desk) importPageData(c *gin.Context) (data importPageData, err error) {
	data.List, data.Imports, err = viewOf(d, c, d.importTable(c))
	return data, err
}

func (d *Desk) importPage(c *gin.Context) error {
	if as := c.Query("as"); as != "" {
		return export(d, c, d.importTable(c), as)
	}
	data, err := d.importPageData(c)
	if err != nil {
		return err
	}
	return d.show(c, "import", "批量导入", data)
}

func (d *Desk) importTemplate(c *gin.Context) error {
	var b bytes.Buffer
	if err := filing.TemplateXLSX(&b); err != nil {
		return err
	}
	c.Header("Content-Disposition", "attachment; filename*=UTF-8''"+escapeName("案件导入模板")+".xlsx")
	c.Data(http.StatusOK, web.MediaSheet, b.Bytes())
	return nil
}

// importData is what a file was found to hold.
type importData struct {
	*filing.ImportReport
	markedSheet
	Wrote  bool
	Judges map[string]string // by log-in name
}

func (d *Desk) importCases(c *gin.Context) error {
	f := d.form(c)
	from := f.date("from_on")
	if f.err != nil {
		return f.err
	}
	data, err := d.importPageData(c)
	if err != nil {
		return err
	}
	return d.importSheet(c, "import", "批量导入", func(v *importData) any {
		data.Result = v
		return data
	}, func(ctx context.Context, by model.Actor, r io.Reader, source string, dry bool, tell filing.Progress) (*filing.ImportReport, error) {
		return d.svc.Filing.Import(ctx, by, r, filing.Importing{
			DryRun: dry, Source: source, Notices: model.NoticeChoice(c.PostForm("notices")), FromOn: from, Tell: tell,
		})
	})
}

// importSheet checks a spreadsheet and, when asked to, writes it, telling how
// far it is. Without scripts the result stands on the page: shown makes the
// page's data of it, of nil when there is none.
func (d *Desk) importSheet(c *gin.Context, page, title string, shown func(*importData) any,
	read func(ctx context.Context, by model.Actor, r io.Reader, source string, dry bool, tell filing.Progress) (*filing.ImportReport, error),
) error {
	file, err := c.FormFile("file")
	if err != nil {
		if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
			return model.InvalidField("file", "file.missing", "请先选择要导入的表格")
		}
		return err
	}
	f, err := file.Open()
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read only
	data, err := d.filingData(c)
	if err != nil {
		return err
	}
	judges := map[string]string{}
	for _, j := range data.Judges {
		judges[model.NormalizeLogin(j.Login)] = j.Name
	}
	write := c.PostForm("write") == "1"
	if c.GetHeader("HX-Request") == "" {
		rep, err := read(c.Request.Context(), web.Actor(c), f, file.Filename, !write, func(string, int, int) {})
		if err != nil {
			return d.again(c, page, title, shown(nil), err)
		}
		return d.show(c, page, title, shown(&importData{rep, markedSheet{rep.Marked, rep.MarkedEnd, file.Filename}, write, judges}))
	}
	send := stream(c)
	rep, err := read(c.Request.Context(), web.Actor(c), f, file.Filename, !write, func(step string, n, all int) {
		send("progress", map[string]any{"step": step, "walked": n, "all": all}) // a few short lines: no client makes them wait
	})
	var b bytes.Buffer
	if err != nil {
		failure := web.Describe(err)
		c.Set(web.ReasonKey, failure.Reason)
		if failure.Kind == model.Internal {
			d.cfg.Logger.ErrorContext(c.Request.Context(), "import", "request_id", c.GetString(web.RequestIDKey), "error", err.Error())
		}
		err = d.pages["failure"].ExecuteTemplate(&b, "part-failure", failure)
	} else {
		err = d.pages["failure"].ExecuteTemplate(&b, "part-import", importData{rep, markedSheet{rep.Marked, rep.MarkedEnd, file.Filename}, write, judges})
	}
	if err != nil {
		return err
	}
	send("finished", b.String())
	return nil
}

type importStateData struct {
	*filing.ImportState
	Unseen int            // samples that nobody has looked at
	Sample *filing.Sample // that is being looked at
	Opens  bool           // the sample's case is one that the actor may see
}

func (d *Desk) importState(c *gin.Context, sample *filing.Sample) (data importStateData, err error) {
	id, err := number(c)
	if err != nil {
		return data, err
	}
	if data.Sample = sample; sample != nil {
		seen, err := d.svc.Filing.Faces(c.Request.Context(), web.Actor(c), []int64{sample.CaseID})
		if err != nil {
			return data, err
		}
		_, data.Opens = seen[sample.CaseID]
	}
	data.ImportState, err = d.svc.Filing.Imported(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return data, err
	}
	for _, x := range data.Samples {
		if x.LookedAt == nil {
			data.Unseen++
		}
	}
	return data, nil
}

// importOne is one import; with a kind of notice it shows the sample of that
// kind, which counts as looked at then.
func (d *Desk) importOne(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	var sample *filing.Sample
	if kind := c.Query("sample"); kind != "" {
		if sample, err = d.svc.Filing.Sample(c.Request.Context(), web.Actor(c), id, model.NoticeKind(kind)); err != nil {
			return err
		}
	}
	data, err := d.importState(c, sample)
	if err != nil {
		return err
	}
	return d.show(c, "import_one", "导入的案件", data)
}

func (d *Desk) releaseImport(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	if _, err := d.svc.Filing.Release(c.Request.Context(), web.Actor(c), id); err != nil {
		data, again := d.importState(c, nil)
		if again != nil {
			return again
		}
		return d.again(c, "import_one", "导入的案件", data, err)
	}
	return done(c, fmt.Sprintf("/desk/import/%d", id), "released_notices")
}
