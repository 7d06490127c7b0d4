package api

import (
	"microcourt/model"
	"microcourt/service/filing"
)

type importForm struct {
	DryRun  string     `query:"dry_run" json:"-" enum:",1" description:"只检查，不写入"`
	Notices string     `query:"notices" json:"-" enum:",now,from,held" description:"何时通知当事人：now 立即，from 自 from_on 起，held 暂不通知。不填：文件中有逾期或已履行的义务时为 held，否则为 now"`
	FromOn  model.Date `query:"from_on" json:"-" description:"开始通知的日期"`
	File    filePart   `formData:"file" required:"true"`
}

type importView struct {
	Rows        int                    `json:"rows" required:"true"`
	Cases       int                    `json:"cases" required:"true"`
	Created     int                    `json:"created" required:"true"`
	Unchanged   int                    `json:"unchanged" required:"true"`
	Imported    bool                   `json:"imported" required:"true"`
	ImportID    int64                  `json:"import_id" required:"true" description:"本次导入的编号，没有写入时为 0"`
	Payments    int                    `json:"payments" required:"true" description:"已履行记录，须由承办法官确认"`
	PaymentsFen model.Fen              `json:"payments_fen" required:"true"`
	Problems    []filing.ImportProblem `json:"problems" required:"true" description:"不为空时没有写入任何内容"`
	Notes       []string               `json:"notes" required:"true" description:"没有读取的列和工作表、隐藏的行等，请核对"`
	Outgoing    outgoingView           `json:"outgoing" required:"true" description:"将发出的通知"`
	Preview     []importLineView       `json:"preview" required:"true" description:"前 200 件案件，日期和金额为系统的理解"`
}

type outgoingView struct {
	Choice string             `json:"choice" required:"true" enum:",now,from,held"`
	Why    string             `json:"why" required:"true" description:"没有选择通知方式时，系统这样处理的理由"`
	FromOn model.Date         `json:"from_on"`
	Lines  []outgoingLineView `json:"lines" required:"true"`
	Papers int                `json:"papers" required:"true" description:"编号文书的份数"`
	Texts  int                `json:"texts" required:"true" description:"短信条数"`
	Prints int                `json:"prints" required:"true" description:"需打印邮寄的份数"`
}

type outgoingLineView struct {
	Kind   string     `json:"kind" required:"true"`
	Name   string     `json:"name" required:"true"`
	N      int        `json:"n" required:"true"`
	First  model.Date `json:"first" description:"如果今天通知，最早一份的日期"`
	AtOnce int        `json:"at_once" required:"true" description:"其中当天发出的"`
}

type importLineView struct {
	Row         int              `json:"row" required:"true"`
	CaseNo      string           `json:"case_no" required:"true"`
	Cause       string           `json:"cause" required:"true"`
	FiledOn     model.Date       `json:"filed_on"`
	EffectiveOn model.Date       `json:"effective_on"`
	Judge       string           `json:"judge" required:"true"`
	Obligees    string           `json:"obligees" required:"true"`
	Obligors    string           `json:"obligors" required:"true"`
	AmountFen   model.Fen        `json:"amount_fen" required:"true"`
	PaidFen     model.Fen        `json:"paid_fen" required:"true"`
	Duties      []importDutyView `json:"duties" required:"true"`
	State       string           `json:"state" required:"true" enum:"new,there,wrong"`
}

type importDutyView struct {
	Row       int        `json:"row" required:"true"`
	Obligor   string     `json:"obligor" required:"true"`
	Obligee   string     `json:"obligee" required:"true" description:"空为法院账户"`
	AmountFen model.Fen  `json:"amount_fen" required:"true"`
	Conduct   string     `json:"conduct" required:"true"`
	DueOn     model.Date `json:"due_on"`
	DueInDays int        `json:"due_in_days" required:"true"`
	PaidFen   model.Fen  `json:"paid_fen" required:"true"`
	PaidOn    model.Date `json:"paid_on"`
	Payer     string     `json:"payer" required:"true"`
}

func viewImport(rep *filing.ImportReport, dry bool) importView {
	return importView{
		Rows: rep.Rows, Cases: rep.Cases, Created: rep.Created, Unchanged: rep.Unchanged, Imported: !dry && len(rep.Problems) == 0,
		ImportID: rep.ImportID, Payments: rep.Payments, PaymentsFen: rep.PaymentsFen,
		Problems: append([]filing.ImportProblem{}, rep.Problems...), Notes: append([]string{}, rep.Notes...), Preview: each(rep.Preview, viewImportLine),
		Outgoing: outgoingView{
			Choice: string(rep.Outgoing.Choice), Why: rep.Outgoing.Why, FromOn: rep.Outgoing.FromOn,
			Lines: each(rep.Outgoing.Lines, func(l filing.OutgoingLine) outgoingLineView {
				return outgoingLineView{string(l.Kind), l.Kind.Chinese(), l.N, l.First, l.AtOnce}
			}),
			Papers: rep.Outgoing.Papers, Texts: rep.Outgoing.Texts, Prints: rep.Outgoing.Prints,
		},
	}
}

func viewImportLine(l filing.ImportLine) importLineView {
	v := importLineView{
		Row: l.Row, CaseNo: l.CaseNo, Cause: l.Cause, FiledOn: l.FiledOn, EffectiveOn: l.EffectiveOn, Judge: l.Judge, Obligees: l.Obligees,
		Obligors: l.Obligors, AmountFen: l.AmountFen, PaidFen: l.PaidFen, State: "new",
		Duties: each(l.Duties, func(d filing.ImportDuty) importDutyView { return importDutyView(d) }),
	}
	if l.There {
		v.State = "there"
	}
	if l.Impossible {
		v.State = "wrong"
	}
	return v
}
