package desk

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/certificate"
)

// readyRoutes are the certificates that could be issued: listed, looked at, issued
// alone or together.
func (d *Desk) readyRoutes() []Route {
	return []Route{
		listed("/certificates/ready", model.ActReceiptQueue, d.readyCertificates),
		get("/cases/:id/certificate-preview", model.ActCertIssue, d.previewCertificate),
		post("/certificates/look", model.ActCertIssue, d.lookAtCertificates),
		final(post("/certificates/batch", model.ActCertIssue, d.issueBatch)),
	}
}

type readyData struct {
	List  *listView
	Lines []model.ReadyCertificate
	Count int64
	Max   int
}

// readyTable is the list as a sheet and on paper.
func (d *Desk) readyTable(by model.Actor) table[model.ReadyCertificate] {
	type row = model.ReadyCertificate
	return table[row]{
		title: readyTitle, path: "/certificates/ready", unit: "份", cursor: "after", limit: certificate.MaxBatch, empty: "没有履行完毕而尚未出具证明书的义务人。",
		columns: []column[row]{
			{name: "义务人", class: "name", cell: func(r row) cell { return say(r.Party) }},
			{name: "案号", class: "nowrap", cell: func(r row) cell { return say(r.CaseNo).to(caseLink(r.CaseID, "certificate")) }},
			{name: "法律文书", cell: func(r row) cell { return say(r.Instrument.Chinese()) }},
			{name: "金额（元）", class: "num", cell: func(r row) cell { return money(r.AmountFen) }},
			{name: "最后履行", class: "nowrap", cell: func(r row) cell { return onDay(r.PerformedOn) }},
			{name: "申请", class: "nowrap", cell: func(r row) cell {
				if r.Applied {
					return say("已申请")
				}
				return say("未申请")
			}},
		},
		read: func(ctx context.Context, from string, limit int) ([]row, string, error) {
			mark := certificate.Paper{}
			if from != "" {
				var ok bool
				if mark, ok = readItem(from); !ok {
					return nil, "", model.InvalidField("after", "field.format", "分页参数不正确")
				}
			}
			rows, err := d.svc.Certificate.Ready(ctx, by, mark, limit)
			if err != nil || len(rows) < limit {
				return rows, "", err
			}
			return rows, rows[limit-1].Key(), nil
		},
	}
}

const readyTitle = "履行完毕、尚未出具"

func (d *Desk) readyData(c *gin.Context) (*readyData, error) {
	ctx, by := c.Request.Context(), web.Actor(c)
	data := &readyData{Max: certificate.MaxBatch}
	var err error
	if data.List, data.Lines, err = viewOf(d, c, d.readyTable(by)); err != nil {
		return nil, err
	}
	data.Count, err = d.svc.Certificate.CountReady(ctx, by)
	return data, err
}

// readyCertificates lists who performed everything and has no certificate.
func (d *Desk) readyCertificates(c *gin.Context) error {
	if as := c.Query("as"); as != "" {
		return export(d, c, d.readyTable(web.Actor(c)), as)
	}
	data, err := d.readyData(c)
	if err != nil {
		return err
	}
	return d.show(c, "ready", readyTitle, data)
}

// previewCertificate is the very paper, unnumbered, with 预览 across it.
func (d *Desk) previewCertificate(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	of := certificate.Paper{CaseID: id, InstrumentID: f.number("instrument"), PartyID: f.number("party")}
	if f.err != nil {
		return f.err
	}
	b, _, err := d.svc.Certificate.Preview(c.Request.Context(), web.Actor(c), of)
	if err != nil {
		return err
	}
	framed(c)
	sendPDF(c, "证明书预览", b)
	return nil
}

// previewAt is where the preview of a paper is.
func previewAt(of certificate.Paper) string {
	return address(fmt.Sprintf("/desk/cases/%d/certificate-preview", of.CaseID), "instrument", of.InstrumentID, "party", of.PartyID)
}

// draftLine is a paper of a batch with its preview.
type draftLine struct {
	certificate.Draft
	Preview string // its address
	Item    string // how the form names it, with what was seen of it
	Why     string // it cannot be issued, "" when it can
	Waits   bool   // for a decision that can still be taken back
}

// issuedLine is what became of a paper of a batch.
type issuedLine struct {
	certificate.Issued
	CaseNo, Party string
	Why           string
}

type batchData struct {
	Drafts []draftLine
	Can    int
	Issued []issuedLine
	Done   int // how many of them were issued
	Left   int // and how many were not
	// Waits tells that one of them waits for a decision that can still be taken back.
	Waits bool
}

// waits tells whether something is refused because a decision about a receipt of the
// case can still be taken back.
func waits(err error) bool { return model.ReasonOf(err) == "receipt.undoable" }

// readItem reads how a form names a paper: case-instrument-party, and after a point
// what was seen of it.
func readItem(text string) (of certificate.Paper, ok bool) {
	name, stamp, _ := strings.Cut(text, ".")
	part := strings.Split(name, "-")
	if len(part) != 3 || len(stamp) > 64 {
		return of, false
	}
	for i, to := range []*int64{&of.CaseID, &of.InstrumentID, &of.PartyID} {
		n, err := strconv.ParseInt(part[i], 10, 64)
		if err != nil || n <= 0 {
			return of, false
		}
		*to = n
	}
	of.Stamp = stamp
	return of, true
}

// papers are those that a form names, once each and in its order.
func (f *form) papers(name string) (out []certificate.Paper) {
	seen := map[certificate.Paper]bool{}
	for _, v := range f.c.PostFormArray(name) {
		of, ok := readItem(v)
		if !ok {
			f.wrong(name, model.InvalidField(name, "certificate.none_chosen", "所选的证明书不存在，请返回列表重新选择"))
			return nil
		}
		if !seen[of] {
			seen[of] = true
			out = append(out, of)
		}
	}
	return out
}

// lookAtCertificates shows the previews of those that were chosen. What is seen is
// frozen in the form below.
func (d *Desk) lookAtCertificates(c *gin.Context) error {
	f := d.form(c)
	list := f.papers("pick")
	if f.err == nil && len(list) == 0 {
		f.wrong("pick", model.InvalidField("pick", "certificate.none_chosen", "请至少选择一份"))
	}
	var drafts []certificate.Draft
	if err := f.do(func() (err error) {
		drafts, err = d.svc.Certificate.Drafts(c.Request.Context(), web.Actor(c), list)
		return err
	}); err != nil {
		return d.refuseReady(c, err)
	}
	var data batchData
	for _, x := range drafts {
		line := draftLine{Draft: x, Preview: previewAt(x.Paper), Item: fmt.Sprintf("%d-%d-%d.%s", x.CaseID, x.InstrumentID, x.PartyID, x.Stamp)}
		if x.Err != nil {
			line.Why = web.Describe(x.Err).Message
			data.Waits = data.Waits || waits(x.Err)
		} else {
			data.Can++
		}
		data.Drafts = append(data.Drafts, line)
	}
	return d.show(c, "ready-batch", "查看并出具证明书", data)
}

// refuseReady shows the list again with what was wrong.
func (d *Desk) refuseReady(c *gin.Context, err error) error {
	data, again := d.readyData(c)
	if again != nil {
		return err
	}
	return d.again(c, "ready", readyTitle, data, err)
}

// issueBatch issues what was looked at, and tells of each what became of it.
func (d *Desk) issueBatch(c *gin.Context) error {
	f := d.form(c)
	list := f.papers("item")
	var issued []certificate.Issued
	if err := f.do(func() (err error) {
		issued, err = d.svc.Certificate.IssueBatch(c.Request.Context(), web.Actor(c), list)
		return err
	}); err != nil {
		return d.refuseReady(c, err)
	}
	labels, err := labelsOf(c.Request.Context(), d, web.Actor(c), issued, func(x certificate.Issued) (int64, int64) { return x.CaseID, x.PartyID })
	if err != nil {
		return err
	}
	var data batchData
	for _, x := range issued {
		line := issuedLine{Issued: x, CaseNo: labels.Cases[x.CaseID], Party: labels.Parties[x.PartyID]}
		if x.Err != nil {
			told := web.Describe(x.Err)
			if told.Status == http.StatusInternalServerError {
				d.cfg.Logger.ErrorContext(c.Request.Context(), "certificate of a batch", "case", x.CaseID, "request_id", web.RequestID(c), "error", x.Err.Error())
			}
			line.Why, data.Left = told.Message, data.Left+1
			data.Waits = data.Waits || waits(x.Err)
		} else {
			data.Done++
		}
		data.Issued = append(data.Issued, line)
	}
	return d.show(c, "ready-batch", "出具结果", data)
}

// draftKey is by what a case's drafts are found.
type draftKey struct{ Instrument, Party int64 }

// drafts are what the judge could issue in his case now.
func (d *Desk) drafts(c *gin.Context, data *caseData) error {
	if !data.Own || !web.Actor(c).May(model.ActCertIssue) {
		return nil
	}
	data.Drafts = map[draftKey]draftLine{}
	for _, e := range data.Eligibility {
		if !e.Eligible {
			continue
		}
		x, err := d.svc.Certificate.Draft(c.Request.Context(), web.Actor(c), certificate.Paper{CaseID: data.Case.ID, InstrumentID: e.Instrument.ID, PartyID: e.Party.ID})
		if err != nil {
			if waits(err) {
				data.Drafts[draftKey{e.Instrument.ID, e.Party.ID}] = draftLine{Why: web.Describe(err).Message, Waits: true}
				continue
			}
			if model.KindOf(err) == model.Conflict {
				continue // it changed while the page was made
			}
			return err
		}
		data.Drafts[draftKey{e.Instrument.ID, e.Party.ID}] = draftLine{Draft: *x, Preview: previewAt(x.Paper)}
	}
	return nil
}

// DraftOf is the draft of an obligor's certificate, the zero one when there is none.
func (d *caseData) DraftOf(e certificate.Eligibility) draftLine {
	return d.Drafts[draftKey{e.Instrument.ID, e.Party.ID}]
}
