package desk

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/relative"
)

// relativeRoutes are who of a debtor's family asks to be connected, who is, and
// what they ask for.
func (d *Desk) relativeRoutes() []Route {
	return []Route{
		listed("/relatives", model.ActRelativeRead, d.relatives),
		get("/relatives/:id", model.ActRelativeRead, d.relative),
		post("/relatives/:id", model.ActRelativeDecide, d.decideRelative),
		get("/enforcement/:id/family", model.ActRelativeRead, d.family),
		post("/enforcement/:id/family/code", model.ActRelativeCode, d.printRelativeCode),
		post("/enforcement/:id/family/slip", model.ActRelativeCode, d.relativeSlip),
		post("/enforcement/:id/family/void", model.ActRelativeCode, d.voidRelativeCodes),
		{Method: http.MethodPost, Path: "/enforcement/:id/petitions", Act: model.ActPetitionMake, MaxBody: 12 << 20, Timeout: time.Minute, handle: d.takeDownPetition},
		post("/enforcement/:id/petitions/decide", model.ActPetitionDecide, d.decidePetition),
	}
}

type relativesData struct {
	State  model.RelativeState // "" for all
	States []model.RelativeState
	List   *listView
}

func (d *Desk) relatives(c *gin.Context) error {
	by := web.Actor(c)
	data := relativesData{State: model.RelativeState(c.DefaultQuery("state", string(model.RelativeAsked))), States: model.RelativeStates}
	if data.State == "all" {
		data.State = ""
	} else if data.State.Chinese() == "" {
		return model.InvalidField("state", "filter.unknown", "筛选条件不正确")
	}
	t := table[model.RelativeLine]{
		title: relativesTitle, columns: relativeColumns(d.cfg.Now()), cursor: "after", limit: casePage,
		read: byID("after", func(ctx context.Context, from int64, limit int) ([]model.RelativeLine, error) {
			return d.svc.Relative.Requests(ctx, by, data.State, 0, from, limit)
		}, func(l model.RelativeLine) int64 { return l.ID }),
		conditions: []condition{{"状态", data.State.Chinese()}}, empty: "没有符合条件的联系申请。",
	}
	if data.State == model.RelativeAsked {
		t.empty = "没有待处理的联系申请。家属凭联系码、被执行人邀请或者自行查找执行法官提出申请时，会出现在这里。"
	}
	return answer(d, c, t, func(v *listView) error {
		v.firstKey("o")
		data.List = v
		return d.show(c, "relatives", relativesTitle, data)
	})
}

const relativesTitle = "家属联系"

type relativeData struct {
	*relative.Detail
	// CaseNo is the enforcement case in which the officer looks for the debtor, when
	// the name that somebody gave is not the right one.
	CaseNo  string
	Missing bool // there is no such case
}

func (d *Desk) relativeData(c *gin.Context) (*relativeData, error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	ctx, by := c.Request.Context(), web.Actor(c)
	data := &relativeData{CaseNo: strings.TrimSpace(c.Query("case_no"))}
	if v := strings.TrimSpace(c.PostForm("case_no")); v != "" {
		data.CaseNo = v
	}
	if data.Detail, err = d.svc.Relative.Request(ctx, by, id); err != nil || data.CaseNo == "" || data.PartyID != 0 || !by.May(model.ActRelativeDecide) {
		return data, err
	}
	no, err := model.ParseCaseNo(data.CaseNo)
	if err != nil {
		data.Missing = true
		return data, nil //nolint:nilerr // the page says that there is no such case
	}
	list, err := d.svc.Enforcement.Cases(ctx, by, model.EnforcementFilter{Text: string(no), Limit: 1})
	if err != nil {
		return nil, err
	}
	if data.Missing = len(list) == 0; data.Missing {
		return data, nil
	}
	e, err := d.svc.Enforcement.Case(ctx, by, list[0].ID)
	if err != nil {
		return nil, err
	}
	for _, p := range e.File.Parties {
		k := model.DebtorCandidate{EnforcementCaseID: e.File.ID, CaseID: e.Case.ID, PartyID: p.PartyID, CaseNo: e.File.CaseNo, Debtor: e.Party(p.PartyID)}
		if p.Role == model.EnforcementDebtor && !slices.Contains(data.Candidates, k) {
			data.Candidates = append(data.Candidates, k)
		}
	}
	return data, nil
}

func (d *Desk) relative(c *gin.Context) error {
	data, err := d.relativeData(c)
	if err != nil {
		return err
	}
	return d.show(c, "relative", relativesTitle, data)
}

func (d *Desk) decideRelative(c *gin.Context) error {
	return onForm(d, c, "relative", relativesTitle, "/desk/relatives/%d", "relative", d.relativeData, func(id int64) error {
		f := d.form(c)
		in := relative.Decision{State: model.RelativeState(c.PostForm("state")), Reason: c.PostForm("reason"), Version: f.version()}
		var err error
		in.EnforcementCaseID, in.PartyID, err = formDebtor(c.PostForm("debtor"))
		f.wrong("debtor", err)
		return f.do(func() error {
			_, err := d.svc.Relative.Decide(c.Request.Context(), web.Actor(c), id, in)
			return err
		})
	})
}

// formDebtor reads a debtor of an enforcement case, zeros when none is chosen.
func formDebtor(v string) (enforcement, party int64, err error) {
	if v == "" {
		return 0, 0, nil
	}
	a, b, _ := strings.Cut(v, "-")
	enforcement, wrong := strconv.ParseInt(a, 10, 64)
	if wrong == nil {
		party, wrong = strconv.ParseInt(b, 10, 64)
	}
	if wrong != nil {
		return 0, 0, model.InvalidField("party_id", "relative.debtor", "请选择其要联系的被执行人")
	}
	return enforcement, party, nil
}

// familyData is the tab of an enforcement case.
type familyData struct {
	*enforcementHead
	Debtors []model.Party
	Lines   []model.RelativeLine
	Next    string
	Duty    bool              // the actor is the officer, or stands in for him today
	Fresh   *model.FamilyCode // shown once
	For     string            // whose family it is for
	// Petitions are what the debtors and their families ask for, the newest first.
	Petitions     []model.PetitionLine
	NextPetitions string
}

func (d *Desk) familyData(c *gin.Context) (*familyData, error) {
	h, err := d.head(c, "/family")
	if err != nil {
		return nil, err
	}
	from, err := after(c, "after")
	if err != nil {
		return nil, err
	}
	data := &familyData{enforcementHead: h}
	if data.Duty, err = d.svc.Absence.StandsIn(c.Request.Context(), web.Actor(c), h.File.OfficerID); err != nil {
		return nil, err
	}
	for _, p := range h.File.Parties {
		if p.Role == model.EnforcementDebtor {
			data.Debtors = append(data.Debtors, h.Debts.Party(p.PartyID))
		}
	}
	if data.Lines, err = d.svc.Relative.Requests(c.Request.Context(), web.Actor(c), "", h.File.ID, from, casePage); err != nil {
		return nil, err
	}
	if len(data.Lines) == casePage {
		data.Next = with(c, "after", data.Lines[casePage-1].ID)
	}
	f := model.PetitionFilter{EnforcementID: h.File.ID, Limit: casePage}
	if f.Before, err = after(c, "before"); err != nil {
		return nil, err
	}
	if data.Petitions, err = d.svc.Petition.Petitions(c.Request.Context(), web.Actor(c), f); err != nil {
		return nil, err
	}
	if len(data.Petitions) == casePage {
		data.NextPetitions = with(c, "before", data.Petitions[casePage-1].ID)
	}
	return data, nil
}

func (d *Desk) family(c *gin.Context) error {
	data, err := d.familyData(c)
	if err != nil {
		return err
	}
	return d.show(c, "enforcement_family", data.File.CaseNo, data)
}

// onFamily does a form of the tab and shows it again.
func (d *Desk) onFamily(c *gin.Context, what string, do func(id int64) error) error {
	return onForm(d, c, "enforcement_family", relativesTitle, "/desk/enforcement/%d/family", what, d.familyData, do)
}

// newRelativeCode makes a code for the family of the party that a form names.
func (d *Desk) newRelativeCode(c *gin.Context) (code *model.FamilyCode, party int64, err error) {
	id, err := number(c)
	if err != nil {
		return nil, 0, err
	}
	f := d.form(c)
	party = f.number("party")
	err = f.do(func() (err error) {
		code, err = d.svc.Relative.Print(c.Request.Context(), web.Actor(c), id, party)
		return err
	})
	return code, party, err
}

// printRelativeCode shows a code, once: the answer to the form itself.
func (d *Desk) printRelativeCode(c *gin.Context) error {
	code, party, err := d.newRelativeCode(c)
	data, gone := d.familyData(c)
	switch {
	case err != nil && gone != nil:
		return err
	case gone != nil:
		return gone
	case err != nil:
		return d.again(c, "enforcement_family", data.File.CaseNo, data, err)
	}
	data.Fresh, data.For = code, data.Party(party)
	return d.show(c, "enforcement_family", data.File.CaseNo, data)
}

// relativeSlip prints a code: the paper is the only place where it is readable.
func (d *Desk) relativeSlip(c *gin.Context) error {
	code, _, err := d.newRelativeCode(c)
	if err != nil {
		data, gone := d.familyData(c)
		if gone != nil {
			return err
		}
		return d.again(c, "enforcement_family", data.File.CaseNo, data, err)
	}
	b, err := d.svc.Paper.PrintRelativeSlip(c.Request.Context(), web.Actor(c), code)
	if err != nil {
		return err
	}
	sendPDF(c, "家属联系码单", b)
	return nil
}

func (d *Desk) voidRelativeCodes(c *gin.Context) error {
	return d.onFamily(c, "codes_void", func(id int64) error {
		f := d.form(c)
		party := f.number("party")
		return f.do(func() error { return d.svc.Relative.Void(c.Request.Context(), web.Actor(c), id, party) })
	})
}

// takeDownPetition is what a debtor, who may be detained, says or hands over to
func (d *Desk) takeDownPetition(c *gin.Context) error {
	data, err := d.familyData(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	in := model.Petition{
		EnforcementCaseID: data.File.ID, IdemKey: f.key(), PartyID: f.number("party"), Kind: model.PetitionKind(c.PostForm("kind")), Body: c.PostForm("text"),
	}
	in.FileID = f.file(data.Case.ID, in.IdemKey)
	if err := f.do(func() error {
		_, err := d.svc.Petition.Make(c.Request.Context(), web.Actor(c), in)
		return err
	}); err != nil {
		return d.again(c, "enforcement_family", data.File.CaseNo, data, err)
	}
	return done(c, fmt.Sprintf("/desk/enforcement/%d/family", data.File.ID), "petition_made")
}

func (d *Desk) decidePetition(c *gin.Context) error {
	return d.onFamily(c, "petition", func(int64) error {
		f := d.form(c)
		id, seen := f.number("petition"), f.version()
		return f.do(func() error {
			_, err := d.svc.Petition.Decide(c.Request.Context(), web.Actor(c), id, seen, model.PetitionState(c.PostForm("state")), c.PostForm("answer"))
			return err
		})
	})
}
