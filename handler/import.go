package handler

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/filing"
)

func (s *server) importRoutes() []route {
	return []route{
		{
			method: http.MethodGet, path: "/imports/template", act: model.ActCaseFile, summary: "下载导入模板", input: templateQuery{},
			produces: "application/octet-stream", handle: s.importTemplate,
		},
		{
			method: http.MethodPost, path: "/imports", act: model.ActCaseFile, summary: "导入案件（.xlsx 或 .csv），全部通过检查才会写入",
			input: importForm{}, output: importView{}, maxBody: 20 << 20, timeout: 3 * time.Minute, handle: s.importCases,
			reasons: []reason{
				{model.Invalid, "import.columns"},
				{model.Invalid, "import.file"},
				{model.Invalid, "import.empty"},
				{model.Invalid, "import.too_many"},
				{model.Invalid, "file.missing"},
			},
		},
	}
}

type templateQuery struct {
	Format string `query:"format" enum:",xlsx,csv"`
}

type importForm struct {
	DryRun string         `query:"dry_run" enum:",1" description:"只检查，不写入"`
	File   multipart.File `formData:"file" required:"true"`
}

type importView struct {
	Rows      int                    `json:"rows" required:"true"`
	Cases     int                    `json:"cases" required:"true"`
	Created   int                    `json:"created" required:"true"`
	Unchanged int                    `json:"unchanged" required:"true"`
	Imported  bool                   `json:"imported" required:"true"`
	Problems  []filing.ImportProblem `json:"problems" required:"true" description:"不为空时没有写入任何内容"`
}

func (s *server) importTemplate(c *gin.Context) error {
	if c.Query("format") == "csv" {
		c.Header("Content-Disposition", `attachment; filename="cases.csv"`)
		c.Header("Content-Type", "text/csv; charset=utf-8")
		return filing.TemplateCSV(c.Writer)
	}
	c.Header("Content-Disposition", `attachment; filename="cases.xlsx"`)
	c.Header("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	return filing.TemplateXLSX(c.Writer)
}

func (s *server) importCases(c *gin.Context) error {
	part, err := firstFile(c)
	if err != nil {
		return err
	}
	dry := c.Query("dry_run") == "1"
	rep, err := s.svc.Filing.Import(c.Request.Context(), actor(c), part, dry)
	if err != nil {
		return err
	}
	c.JSON(http.StatusOK, viewImport(rep, dry))
	return nil
}

func viewImport(rep *filing.ImportReport, dry bool) importView {
	v := importView{
		Rows: rep.Rows, Cases: rep.Cases, Created: rep.Created, Unchanged: rep.Unchanged, Imported: !dry && len(rep.Problems) == 0,
		Problems: []filing.ImportProblem{},
	}
	v.Problems = append(v.Problems, rep.Problems...)
	return v
}

// firstFile finds the first file of a form without buffering anything.
func firstFile(c *gin.Context) (io.Reader, error) {
	mr, err := c.Request.MultipartReader()
	if err != nil {
		return nil, model.E(model.Invalid, "body.malformed", "请求应为 multipart/form-data 表单").WithCause(err)
	}
	for {
		part, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, model.InvalidField("file", "file.missing", "表单中没有文件")
		}
		if err != nil {
			return nil, web.BodyError(err)
		}
		if part.FileName() != "" {
			return part, nil
		}
	}
}
