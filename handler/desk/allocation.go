package desk

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/performance"
)

// allocation is what confirming the typed amount would do, as the page shows it.
type allocation struct {
	*performance.Preview
	Problem string
	Asks    []string
	// Table is what each creditor gets, with a column for each way in which common
	// money could be shared.
	Table []creditorRow
	Ways  []model.Spreading
}

// creditorRow is one creditor's line.
type creditorRow struct {
	Name    string
	Fen     model.Fen // as the form stands
	LeftFen model.Fen
	ByWay   []model.Fen
}

// fewCreditors is how many the page shows without being asked.
const fewCreditors = 3

// Few tells whether the page shows all creditors at once.
func (a *allocation) Few() bool { return len(a.Table) <= fewCreditors && len(a.Ways) == 0 }

// Sum is what pays something.
func (a *allocation) Sum() model.Fen { return a.AmountFen - a.RestFen }

// allocationOf computes what the page shows: of the amount that was typed, or of
// what the payer claims where nothing is typed yet.
func (d *Desk) allocationOf(c *gin.Context, r model.Receipt) (*allocation, error) {
	by := web.Actor(c)
	if !by.May(model.ActReceiptQueue) || r.State != model.ReceiptSubmitted {
		return nil, nil //nolint:nilnil // there is nothing to show
	}
	dec := performance.Decision{ReceiptID: r.ID, AmountFen: r.ClaimedFen}
	if _, typed := c.GetPostForm("amount"); typed {
		f := d.form(c)
		dec = performance.Decision{
			ReceiptID: r.ID, AmountFen: f.yuan("amount", "amount"), OverReason: f.text("over_reason"), Allocations: f.shares(), Spreading: f.spreading(),
			OrderReason: f.text("order_reason"), Reason: f.text("reason"),
		}
		if f.err != nil {
			return &allocation{Preview: &performance.Preview{}, Problem: web.Describe(f.err).Message}, nil //nolint:nilerr // the page says it
		}
	}
	return d.allocated(c, by, dec)
}

// allocated is what a decision would do.
func (d *Desk) allocated(c *gin.Context, by model.Actor, dec performance.Decision) (*allocation, error) {
	out := &allocation{}
	var err error
	if out.Preview, err = d.svc.Performance.Preview(c.Request.Context(), by, dec); err != nil {
		return nil, err
	}
	if out.Preview.Problem != nil {
		out.Problem = web.Describe(out.Preview.Problem).Message
		return out, nil //nolint:nilerr // the page says it
	}
	for _, err := range out.Preview.Asks {
		out.Asks = append(out.Asks, web.Describe(err).Message)
	}
	for _, ch := range out.Choices {
		out.Ways = append(out.Ways, ch.Spreading)
	}
	for _, cr := range out.Creditors {
		row := creditorRow{Name: out.Names(cr.Parties), Fen: cr.AmountFen, LeftFen: cr.LeftFen}
		for _, ch := range out.Choices {
			var fen model.Fen
			for _, o := range ch.Creditors {
				if slices.Equal(o.Parties, cr.Parties) { // two creditors may have one name
					fen += o.AmountFen
				}
			}
			row.ByWay = append(row.ByWay, fen)
		}
		out.Table = append(out.Table, row)
	}
	return out, nil
}

// spreading is how the judge wants common money to be shared. Amounts by hand are a
// choice by themselves, so that nobody has to say it twice.
func (f *form) spreading() model.Spreading {
	s := model.Spreading(f.text("spreading"))
	if s == model.SpreadDue && len(f.shares()) > 0 {
		return model.SpreadChosen
	}
	return s
}

// preview computes what the form would do and does nothing: with a script it answers
// with the part of the page that shows it, without one with the page as it was typed.
func (d *Desk) preview(c *gin.Context) error { return d.tried(c, "allocation") }

// tried shows a receipt with what was typed, or the part of it that says what would
// come of that.
func (d *Desk) tried(c *gin.Context, part string) error {
	data, err := d.review(c)
	if err != nil {
		return err
	}
	fr := d.frame(c, "receipt", "回执审核", data)
	fr.Form = map[string]string{}
	for k, v := range c.Request.PostForm {
		if len(v) > 0 {
			fr.Form[k] = v[0]
		}
	}
	name := "layout"
	if c.GetHeader("HX-Target") == part {
		name = part
	}
	d.write(c, http.StatusOK, "receipt", name, fr)
	return nil
}

// correction is what correcting to the typed amount would do, as the page shows it.
type correction struct {
	*performance.CorrectionPreview
	Problem string
}

// correctionOf computes it where an amount was typed into the form for it.
func (d *Desk) correctionOf(c *gin.Context, data *reviewData) (*correction, error) {
	if _, typed := c.GetPostForm("amount"); !typed || !data.Decide || !data.Correct {
		return nil, nil //nolint:nilnil // there is nothing to show
	}
	f := d.form(c)
	dec := performance.Decision{ReceiptID: data.Receipt.ID, AmountFen: f.yuan("amount", "amount")}
	if f.err != nil {
		return &correction{&performance.CorrectionPreview{}, web.Describe(f.err).Message}, nil //nolint:nilerr // the page says it
	}
	p, err := d.svc.Performance.PreviewCorrection(c.Request.Context(), web.Actor(c), dec)
	if err != nil {
		return nil, err
	}
	out := &correction{CorrectionPreview: p}
	if p.Problem != nil {
		out.Problem = web.Describe(p.Problem).Message
	}
	return out, nil
}

// previewCorrection shows what correcting would do and does nothing.
func (d *Desk) previewCorrection(c *gin.Context) error { return d.tried(c, "correction") }
