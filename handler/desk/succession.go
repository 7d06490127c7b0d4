package desk

import (
	"fmt"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/filing"
)

func (d *Desk) successionRoutes() []Route {
	return []Route{
		post("/cases/:id/successions", model.ActPartySucceed, d.succeed),
	}
}

// heirRows is how many successors the form has room for.
const heirRows = 4

// HeirRows number the rows of the form.
func (d *caseData) HeirRows() (out []string) {
	for n := range heirRows {
		out = append(out, fmt.Sprintf("h%d", n+1))
	}
	return out
}

// Grounds are those that the form offers.
func (d *caseData) Grounds() []model.SuccessionGround { return model.SuccessionGrounds }

// SentenceOf says what an entry changed.
func (d *caseData) SentenceOf(s model.Succession) string { return s.Sentence(d.Debts()) }

// Standing tells whether nobody took the entry back, and it takes none back.
func (d *caseData) Standing(s model.Succession) bool {
	for _, o := range model.StandingSuccessions(d.Successions) {
		if o.ID == s.ID {
			return true
		}
	}
	return false
}

// LimitsOf says up to what a debtor owes.
func (d *caseData) LimitsOf(p model.Party) string { return d.Debts().LimitOf(p.ID) }

// ChangesOf says whose place was taken in an obligation.
func (d *caseData) ChangesOf(l obligationLine) []string {
	return d.Debts().Changes([]model.Obligation{l.Obligation})
}

func (d *Desk) succeed(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	ch := filing.Change{
		CaseID: id,
		Entry: model.Succession{
			Ground: model.SuccessionGround(f.text("ground")), PartyID: f.number("party"), OnDay: f.date("on_day"), NoticedOn: f.date("noticed_on"),
			Paper: f.text("paper"), Reason: f.text("reason"), UndoesID: f.number("undoes"), IdemKey: f.key(),
		},
		Obligations: f.several("obligations", model.InvalidField("obligations", "obligation.unknown", "该案没有这项义务，请刷新后重新选择")),
	}
	for n := range heirRows {
		if h, ok := f.heir(fmt.Sprintf("h%d", n+1)); ok {
			ch.Heirs = append(ch.Heirs, h)
		}
	}
	if err := f.do(func() error {
		_, err := d.svc.Filing.Succeed(c.Request.Context(), web.Actor(c), ch)
		return err
	}); err != nil {
		return d.refuseOnCase(c, "parties", err)
	}
	return done(c, caseAddress(id, "parties"), "succession")
}

// heir is one row of successors, ok is false for one that is empty.
func (f *form) heir(row string) (h filing.Heir, ok bool) {
	h.PartyID, h.Share, h.LimitFen, h.Renounced = f.number(row+"_party"), f.text(row+"_share"), f.given(row+"_limit"), f.is(row+"_renounced")
	h.Limited = h.LimitFen > 0
	name := f.text(row + "_name")
	if h.PartyID == 0 && name != "" {
		h.New = &filing.PartyInput{
			Name: name, Kind: model.SubjectKind(f.text(row + "_kind")), IDNumber: f.text(row + "_id"), Phone: f.text(row + "_phone"),
		}
		h.New.IDKind = model.IDKindOf(model.NormalizeID(h.New.IDNumber))
	}
	return h, h.PartyID != 0 || h.New != nil
}
