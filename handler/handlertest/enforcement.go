package handlertest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"microcourt/model"
	"microcourt/service/enforcement"
	"microcourt/service/filing"
	"microcourt/service/servicetest"
)

// Act is something that staff do on the desk. A story does it by the service,
// with the input in the words of JSON, and sees the thing as a phone reads it
// afterwards.
type Act func(ctx context.Context, c *Client, id int64, in Obj) (Obj, error)

// Does does an act on a thing.
func (c *Client) Does(act Act, id int64, in Obj) Obj {
	c.W.T.Helper()
	out, err := act(context.Background(), c, id, in)
	if err != nil {
		c.W.T.Fatal(err)
	}
	return out
}

// Rejected expects that an act is refused for a reason.
func (c *Client) Rejected(reason string, act Act, id int64, in Obj) {
	c.W.T.Helper()
	_, err := act(context.Background(), c, id, in)
	if model.ReasonOf(err) != reason {
		c.W.T.Errorf("got %v, want %s", err, reason)
	}
}

// into reads an input in the words of JSON.
func (in Obj) into(out any) error {
	b, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, out)
}

// key is the input's own key, or a fresh one.
func (in Obj) key() string {
	if k, ok := in["key"].(string); ok {
		return k
	}
	return FreshKey()
}

// read is a thing as the client reads it, unless the act failed.
func (c *Client) read(err error, path string, args ...any) (Obj, error) {
	if err != nil {
		return nil, err
	}
	return c.Must(http.StatusOK, Get, fmt.Sprintf(path, args...), nil), nil
}

// readOne is one of a list that the client reads.
func (c *Client) readOne(id int64, list, path string, args ...any) (Obj, error) {
	all, err := c.read(nil, path, args...)
	if err != nil {
		return nil, err
	}
	for _, v := range all.List(list) {
		if v.ID("id") == id {
			return v, nil
		}
	}
	return nil, fmt.Errorf("%d is not among the %s", id, list)
}

// ProposeMeasure proposes a measure in an enforcement case.
func ProposeMeasure(ctx context.Context, c *Client, id int64, in Obj) (Obj, error) {
	var p struct {
		PartyID       int64           `json:"party_id"`
		Kind          string          `json:"kind"`
		Relation      string          `json:"relation"`
		SubjectName   string          `json:"subject_name"`
		SubjectIDKind string          `json:"subject_id_kind"`
		SubjectID     string          `json:"subject_id"`
		Resistance    string          `json:"resistance"`
		Ground        string          `json:"ground"`
		ActOn         model.Date      `json:"act_on"`
		ActText       string          `json:"act_text"`
		OtherAct      string          `json:"other_act"`
		Facts         string          `json:"facts"`
		ByCreditor    bool            `json:"by_creditor"`
		AskedOn       model.Date      `json:"creditor_asked_on"`
		Days          int             `json:"days"`
		AmountFen     model.Fen       `json:"amount_fen"`
		PayBy         model.Date      `json:"pay_by"`
		ExtraYears    int             `json:"extra_years"`
		ExtraReason   string          `json:"extra_reason"`
		GraceMonths   int             `json:"grace_months"`
		Until         model.Date      `json:"until"`
		Answers       map[string]bool `json:"answers"`
	}
	if err := in.into(&p); err != nil {
		return nil, err
	}
	if p.Answers == nil {
		p.Answers = model.MeasureKind(p.Kind).Allowing()
	}
	m, err := c.W.Svc.Enforcement.ProposeMeasure(ctx, c.Actor(), enforcement.Proposal{
		EnforcementCaseID: id, PartyID: p.PartyID, Kind: model.MeasureKind(p.Kind), Relation: model.MeasureRelation(p.Relation), SubjectName: p.SubjectName,
		SubjectIDKind: p.SubjectIDKind, SubjectID: p.SubjectID, Resistance: model.Resistance(p.Resistance), Ground: model.MeasureGround(p.Ground), ActOn: p.ActOn,
		ActText: p.ActText, OtherAct: p.OtherAct, Facts: p.Facts, ByCreditor: p.ByCreditor, CreditorAskedOn: p.AskedOn, Days: p.Days, AmountFen: p.AmountFen, PayBy: p.PayBy,
		ExtraYears: p.ExtraYears, ExtraReason: model.ListingExtra(p.ExtraReason), GraceMonths: p.GraceMonths, Until: p.Until, Answers: p.Answers, IdemKey: in.key(),
	})
	if err != nil {
		return nil, err
	}
	return c.read(nil, "/measures/%d", m.ID)
}

// BringIntoForce publishes or begins a measure after its days of grace.
func BringIntoForce(ctx context.Context, c *Client, id int64, in Obj) (Obj, error) {
	_, err := c.W.Svc.Enforcement.BringIntoForce(ctx, c.Actor(), id, in.number("version"))
	return c.read(err, "/measures/%d", id)
}

// LiftMeasure lifts a measure, or asks a leader to.
func LiftMeasure(ctx context.Context, c *Client, id int64, in Obj) (Obj, error) {
	_, err := c.W.Svc.Enforcement.LiftMeasure(ctx, c.Actor(), id, in.number("version"), model.Lifting{
		Ground: model.LiftGround(in.text("ground")), Reason: in.text("reason"), Proof: in.text("proof"), FileID: in.number("file_id"), Place: "宁波市公安局镇海分局",
	})
	return c.read(err, "/measures/%d", id)
}

// ConcludeReview enters the result of an application against a measure.
func ConcludeReview(ctx context.Context, c *Client, id int64, in Obj) (Obj, error) {
	var o struct {
		DecidedOn model.Date `json:"decided_on"`
	}
	if err := in.into(&o); err != nil {
		return nil, err
	}
	r, err := c.W.Svc.Enforcement.ConcludeReview(ctx, c.Actor(), id, model.ReviewOutcome{
		Result: model.ReviewResult(in.text("result")), Text: in.text("text"), ByCourt: in.text("by_court"), Number: in.text("number"), DecidedOn: o.DecidedOn,
		Days: int(in.number("days")), AmountFen: model.Fen(in.number("amount_fen")),
	})
	if err != nil {
		return nil, err
	}
	return c.readOne(id, "reviews", "/measures/%d", r.MeasureID)
}

// ProposeProlongation proposes to prolong a listing.
func ProposeProlongation(ctx context.Context, c *Client, id int64, in Obj) (Obj, error) {
	p, err := c.W.Svc.Enforcement.ProposeProlongation(ctx, c.Actor(), id, model.Prolongation{
		Years: int(in.number("years")), Reason: model.ListingExtra(in.text("reason")), Facts: in.text("facts"), IdemKey: in.key(),
	})
	if err != nil {
		return nil, err
	}
	return c.readOne(p.ID, "prolongations", "/measures/%d/prolongations", id)
}

// CheckRepair ticks a criterion of an application for credit repair.
func CheckRepair(ctx context.Context, c *Client, id int64, in Obj) (Obj, error) {
	v, err := c.W.Svc.Enforcement.CheckRepair(ctx, c.Actor(), id, model.RepairCheck{Code: in.text("code"), Met: in["met"] == true, Note: in.text("note"), IdemKey: in.key()})
	if err != nil {
		return nil, err
	}
	return c.readOne(id, "applications", "/cases/%d/repair-applications", v.CaseID)
}

// RevokeRepair ends a credit repair that was granted.
func RevokeRepair(ctx context.Context, c *Client, id int64, in Obj) (Obj, error) {
	v, err := c.W.Svc.Enforcement.RevokeRepair(ctx, c.Actor(), id, in.text("reason"))
	if err != nil {
		return nil, err
	}
	return c.readOne(id, "applications", "/cases/%d/repair-applications", v.CaseID)
}

// RecordSettlement records an agreement in an enforcement case.
func RecordSettlement(ctx context.Context, c *Client, id int64, in Obj) (Obj, error) {
	var p struct {
		SignedOn model.Date             `json:"signed_on"`
		PartyIDs []int64                `json:"party_ids"`
		Parts    []model.SettlementPart `json:"parts"`
	}
	if err := in.into(&p); err != nil {
		return nil, err
	}
	st, err := c.W.Svc.Enforcement.RecordSettlement(ctx, c.Actor(), enforcement.SettlementInput{
		EnforcementID: id, Replaces: in.number("replaces"), Form: model.SettlementForm(in.text("form")), SignedOn: p.SignedOn, Text: in.text("text"), PartyIDs: p.PartyIDs,
		Parts: p.Parts, IdemKey: in.key(), SureFen: model.Settlement{Parts: p.Parts}.PromisedFen(),
	})
	if err != nil {
		return nil, err
	}
	return c.readOne(st.ID, "settlements", "/cases/%d/settlements", st.CaseID)
}

// ProposeRelease proposes to release measures after an agreement.
func ProposeRelease(ctx context.Context, c *Client, id int64, in Obj) (Obj, error) {
	var p struct {
		MeasureIDs      []int64    `json:"measure_ids"`
		CreditorAskedOn model.Date `json:"creditor_asked_on"`
	}
	if err := in.into(&p); err != nil {
		return nil, err
	}
	r, err := c.W.Svc.Enforcement.ProposeRelease(ctx, c.Actor(), enforcement.ReleaseInput{
		SettlementID: id, Subject: in.text("subject"), MeasureIDs: p.MeasureIDs, Reason: in.text("reason"), CreditorAskedOn: p.CreditorAskedOn, IdemKey: in.key(),
	})
	if err != nil {
		return nil, err
	}
	return c.readOne(r.ID, "reviews", "/release-reviews")
}

// FinishCleanUpStep carries out a step of a clean-up.
func FinishCleanUpStep(ctx context.Context, c *Client, id int64, in Obj) (Obj, error) {
	t, err := c.W.Svc.Enforcement.FinishCleanUpStep(ctx, c.Actor(), enforcement.Step{TaskID: id, Version: in.number("version"), Proof: in.text("proof"), Place: "宁波市公安局镇海分局", At: c.W.Clock.Now(), FileID: in.number("file_id")})
	if err != nil {
		return nil, err
	}
	return c.read(nil, "/cases/%d/clean-up", t.CaseID)
}

// CloseCase closes an enforcement case.
func CloseCase(ctx context.Context, c *Client, id int64, in Obj) (Obj, error) {
	var p struct {
		ClosedOn       model.Date `json:"closed_on"`
		FiledByMistake bool       `json:"filed_by_mistake"`
	}
	if err := in.into(&p); err != nil {
		return nil, err
	}
	_, err := c.W.Svc.Enforcement.CloseCase(ctx, c.Actor(), id, in.number("version"), model.Closing{
		Type: model.CloseType(in.text("close_type")), On: p.ClosedOn, Reason: in.text("reason"), FiledByMistake: p.FiledByMistake,
	})
	return c.read(err, "/enforcement-cases/%d", id)
}

// HandOver moves an enforcement case to another officer.
func HandOver(ctx context.Context, c *Client, id int64, in Obj) (Obj, error) {
	return Obj{}, c.W.Svc.Enforcement.HandOver(ctx, c.Actor(), id, in.number("version"), in.text("to_officer"), in.text("reason"))
}

// number and text are a field of an input that a test wrote down.
func (in Obj) number(name string) int64 {
	switch v := in[name].(type) {
	case int:
		return int64(v)
	case int64:
		return v
	case float64:
		return int64(v)
	}
	return 0
}

func (in Obj) text(name string) string { s, _ := in[name].(string); return s }

// Measures are an enforcement case's, the newest first.
func (c *Client) Measures(enforcementID int64) (out []Obj) {
	c.W.T.Helper()
	list, err := c.W.Svc.Enforcement.MeasuresOf(context.Background(), c.Actor(), enforcementID)
	if err != nil {
		c.W.T.Fatal(err)
	}
	for _, m := range list {
		out = append(out, c.Must(http.StatusOK, Get, fmt.Sprintf("/measures/%d", m.ID), nil))
	}
	return out
}

// Enforce files an enforcement case for all that a filed case holds.
func (w *World) Enforce(by *Client, f Filed, officer string) (id int64, no string) {
	w.T.Helper()
	return w.EnforceOn(by, f, officer, model.NewDate(2026, 3, 1))
}

// EnforceOn is Enforce on a day.
func (w *World) EnforceOn(by *Client, f Filed, officer string, on model.Date) (id int64, no string) {
	w.T.Helper()
	no = fmt.Sprintf("（%d）浙0211执%d号", on.Year, servicetest.NextCase())
	e, _, err := w.Svc.Filing.FileEnforcement(context.Background(), by.Actor(), filing.EnforcementInput{
		CaseNo: no, FiledOn: on, Officer: officer, AmountFen: 100000, BasisNo: f.No,
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return e.ID, no
}

// FilesEnforcement files an enforcement case from the desk's form.
func (c *Client) FilesEnforcement(in Obj) *model.EnforcementFile {
	c.W.T.Helper()
	var input filing.EnforcementInput
	if err := in.into(&input); err != nil {
		c.W.T.Fatal(err)
	}
	e, _, err := c.W.Svc.Filing.FileEnforcement(context.Background(), c.Actor(), input)
	if err != nil {
		c.W.T.Fatal(err)
	}
	return e
}

// PaperTasks are the papers that the clerks have to send.
func (c *Client) PaperTasks() []model.PaperTask {
	c.W.T.Helper()
	list, err := c.W.Svc.Notice.PaperTasks(context.Background(), c.Actor(), 0, 100)
	if err != nil {
		c.W.T.Fatal(err)
	}
	return list
}

// FinishPaper records that a paper was sent.
func FinishPaper(ctx context.Context, c *Client, id int64, in Obj) (Obj, error) {
	return Obj{}, c.W.Svc.Notice.FinishPaper(ctx, c.Actor(), id, in.text("method"), in.text("tracking_no"), in.text("note"))
}
