package api

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/agency"
	"microcourt/service/sheet"
)

// agencySheetRoutes are the sheet by which an agency reports on many tasks at once, out
// and in: the desk's, for a program.
func (s *API) agencySheetRoutes() []Route {
	return []Route{
		{
			Method: http.MethodGet, Path: "/agency/report-sheet", For: Agency, Act: model.ActAgencyDesk, Produces: web.MediaSheet, Do: do(s.reportSheet),
			Summary: "本单位待报送事项的表格（xlsx）：每行一名对象的一项事项，含对象姓名（查看留痕）；填好后交回",
		},
		{
			Method: http.MethodPost, Path: "/agency/report-sheet", For: Agency, Act: model.ActAgencyDesk, Limit: web.LimitUpload, MaxBody: 32 << 20, Timeout: 2 * time.Minute,
			Summary: "交回填好的表格（form-data，字段 file）：全部报送；有一处不正确的全部不报送，逐行列出错误。同一份表格重复提交不会重复报送", Do: do(s.reportBySheet),
			Reasons: []Reason{
				{model.Invalid, "import.file"}, {model.Invalid, "import.empty"}, {model.Invalid, "import.columns"}, {model.Invalid, "import.too_many"}, {model.Unavailable, "import.busy"},
			},
		},
	}
}

type sheetForm struct {
	File filePart `formData:"file" required:"true"`
}

type sheetFault struct {
	Row     int    `json:"row" required:"true" description:"表格的第几行"`
	Column  string `json:"column" required:"true" description:"哪一列"`
	Message string `json:"message" required:"true" description:"错在哪里、怎样改正"`
}

type sheetResult struct {
	Accepted   bool         `json:"accepted" required:"true" description:"整份表格已报送；有错误的为 false，没有报送任何事项"`
	Rows       int          `json:"rows" required:"true" description:"表格的行数"`
	Reported   int          `json:"reported" required:"true" description:"本次报送的事项数"`
	Unchanged  int          `json:"unchanged" required:"true" description:"此前已经报送、内容相同的事项数"`
	Empty      int          `json:"empty" required:"true" description:"没有填写、本次不报送的行数"`
	Faults     []sheetFault `json:"faults" required:"true" description:"逐行的错误；没有的为空"`
	Marked     []byte       `json:"marked_file,omitempty" description:"标出错误的表格（base64），文件过大的为逐行列出错误的清单；没有错误或者文件无法读取时没有"`
	MarkedType string       `json:"marked_type,omitempty" description:"该表格文件名的结尾（含扩展名）"`
}

func viewSheetResult(r *agency.SheetReport) sheetResult {
	return sheetResult{
		Accepted: len(r.Problems) == 0, Rows: r.Rows, Reported: r.Reported, Unchanged: r.Unchanged, Empty: r.Empty, Marked: r.Marked, MarkedType: r.MarkedEnd,
		Faults: each(r.Problems, func(p sheet.Fault) sheetFault { return sheetFault{p.Row, p.Column, p.Message} }),
	}
}

func (s *API) reportSheet(ctx context.Context, by model.Actor, _ nothing) (content, error) {
	var b bytes.Buffer
	if err := s.svc.Agency.ReportSheet(ctx, by, &b); err != nil {
		return content{}, err
	}
	return content{mediaType: web.MediaSheet, body: b.Bytes(), name: "report-sheet.xlsx"}, nil
}

func (s *API) reportBySheet(ctx context.Context, by model.Actor, in sheetForm) (sheetResult, error) {
	r, err := s.svc.Agency.ReportAll(ctx, by, in.File)
	if err != nil {
		return sheetResult{}, err
	}
	return viewSheetResult(r), nil
}
