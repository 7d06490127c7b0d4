package api

import (
	"context"
	"time"

	"microcourt/model"
	"microcourt/service/filing"
)

type samplePath struct {
	ID   int64  `path:"id" json:"-"`
	Kind string `path:"kind" json:"-" description:"通知的种类，如 case.filed"`
}

// importRecordView is an import in the list.
type importRecordView struct {
	ID         int64      `json:"id" required:"true"`
	Source     string     `json:"source" required:"true" description:"文件名"`
	Cases      int        `json:"cases" required:"true"`
	Payments   int        `json:"payments" required:"true"`
	Choice     string     `json:"choice" required:"true" enum:"now,from,held"`
	FromOn     model.Date `json:"from_on"`
	State      string     `json:"state" required:"true" enum:"held,releasing,done" description:"held 尚未通知，releasing 正在逐案通知，done 已全部通知"`
	ReleasedAt *time.Time `json:"released_at"`
	CreatedAt  time.Time  `json:"created_at" required:"true"`
}

type importListView struct {
	Imports []importRecordView `json:"imports" required:"true"`
	Next    int64              `json:"next" required:"true" description:"下一页的 after，0 为没有"`
}

type importStateView struct {
	importRecordView
	Held    int64              `json:"held" required:"true" description:"当事人尚未得到通知的案件"`
	Pending int64              `json:"pending" required:"true" description:"待承办法官确认的已履行记录；确认前不发出写明余额的文书"`
	Samples []sampleRecordView `json:"samples" required:"true"`
}

type sampleRecordView struct {
	Kind   string `json:"kind" required:"true" enum:"performance_notice,reminder,creditor_sheet,binding_slip,liaison_slip,relative_slip,contact_record,service_proof,penalty_statement,conversation_record,enforcement_notice,enforcement_warning,listing_decision,consumption_order,tracing_decision,exit_ban_decision,detention_decision,fine_decision,family_notice,lift_decision,prolong_decision,spending_permit"`
	Name   string `json:"name" required:"true"`
	N      int    `json:"n" required:"true" description:"这种通知的份数（导入时的预计）"`
	Looked bool   `json:"looked" required:"true" description:"已有人查看样张"`
}

type sampleView struct {
	CaseID int64  `json:"case_id" required:"true"`
	CaseNo string `json:"case_no" required:"true"`
	Party  string `json:"party" required:"true"`
	Title  string `json:"title" required:"true"`
	Body   string `json:"body" required:"true"`
}

func viewImportRecord(m model.Import) importRecordView {
	v := importRecordView{
		ID: m.ID, Source: m.Source, Cases: m.Cases, Payments: m.Payments, Choice: string(m.Choice), FromOn: m.FromOn, State: "releasing",
		ReleasedAt: m.ReleasedAt, CreatedAt: m.CreatedAt,
	}
	switch {
	case m.DoneAt != nil:
		v.State = "done"
	case m.Waits():
		v.State = "held"
	}
	return v
}

func viewImportState(m filing.ImportState) importStateView {
	return importStateView{
		importRecordView: viewImportRecord(m.Import), Held: m.Held, Pending: m.Pending,
		Samples: each(m.Samples, func(x model.ImportSample) sampleRecordView {
			return sampleRecordView{string(x.Kind), x.Kind.Chinese(), x.N, x.LookedAt != nil}
		}),
	}
}

func (s *API) listImports(ctx context.Context, by model.Actor, in pageQuery) (importListView, error) {
	list, err := s.svc.Filing.Imports(ctx, by, in.After, in.Limit)
	return importListView{
		Imports: each(list, viewImportRecord), Next: next(list, in.Limit, func(m model.Import) int64 { return m.ID }),
	}, err
}

func (s *API) readImport(ctx context.Context, by model.Actor, in idPath) (importStateView, error) {
	return importAfter(s.svc.Filing.Imported(ctx, by, in.ID))
}

// importAfter is an import as it is after an act, unless err says why the act was
// not done.
func importAfter(m *filing.ImportState, err error) (importStateView, error) {
	if err != nil {
		return importStateView{}, err
	}
	return viewImportState(*m), nil
}

func (s *API) importSample(ctx context.Context, by model.Actor, in samplePath) (sampleView, error) {
	x, err := s.svc.Filing.Sample(ctx, by, in.ID, model.NoticeKind(in.Kind))
	if err != nil {
		return sampleView{}, err
	}
	return sampleView{x.CaseID, x.CaseNo, x.Party.Name, x.Notice.Title, x.Notice.Body}, nil
}

func (s *API) releaseImport(ctx context.Context, by model.Actor, in idPath) (importStateView, error) {
	return importAfter(s.svc.Filing.Release(ctx, by, in.ID))
}
