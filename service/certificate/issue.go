package certificate

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"microcourt/model"
	"microcourt/storage"
)

// Issue gives an obligor his certificate, on application or by the judge's own
// motion. It is Conflict when a requirement is not met. A repeat is the
// certificate that is there.
func (s *Service) Issue(ctx context.Context, by model.Actor, caseID, instrumentID, partyID int64) (cert *model.Certificate, created bool, err error) {
	return s.issuePaper(ctx, by, Paper{CaseID: caseID, InstrumentID: instrumentID, PartyID: partyID})
}

// IssueSeen is Issue of the paper that the judge looked at: Conflict
// certificate.changed when it would say something else by now, certificate.unseen
// without the stamp of what he saw.
func (s *Service) IssueSeen(ctx context.Context, by model.Actor, of Paper) (cert *model.Certificate, created bool, err error) {
	if of.Stamp == "" {
		return nil, false, model.E(model.Conflict, "certificate.unseen", "没有查看过这份证明书，请先查看")
	}
	return s.issuePaper(ctx, by, of)
}

func (s *Service) issuePaper(ctx context.Context, by model.Actor, of Paper) (cert *model.Certificate, created bool, err error) {
	if err := by.Require(model.ActCertIssue); err != nil {
		return nil, false, err
	}
	caseID, instrumentID, partyID := of.CaseID, of.InstrumentID, of.PartyID
	err = s.db.Once(ctx, by, func(tx *storage.DB) error {
		created = false
		cs, err := tx.LockOwnCase(ctx, by, caseID)
		if err != nil {
			return err
		}
		key := activeKey(instrumentID, partyID)
		if cert, err = tx.ActiveCertificate(ctx, key); err != nil || cert != nil {
			if cert != nil && cert.CaseID != caseID {
				return model.E(model.NotFound, "case.not_found", "没有找到，或您无权查看")
			}
			return err
		}
		if err := tx.NothingUndoable(ctx, cs.ID); err != nil {
			return err
		}
		list, err := eligibility(ctx, tx, cs)
		if err != nil {
			return err
		}
		e, err := find(list, instrumentID, partyID)
		if err != nil {
			return err
		}
		if len(e.Continues) > 0 {
			cert, err = tx.ActiveCertificate(ctx, e.key(model.DateOf(tx.Now())))
			if err != nil || cert != nil {
				return err
			}
		}
		if !e.Eligible {
			return notEligible(e.Requirements)
		}
		if cert, err = s.issue(ctx, tx, by, cs, e, key, of.Stamp); err != nil {
			return err
		}
		created = true
		tx.OnCommit(func() { s.queuePDF(cert.ID) })
		return tx.Audit(by, model.RoleJudge, model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditCertificateIssue, CaseID: caseID, Subject: model.ThingCertificate.Of(cert.ID), After: cert,
		})
	})
	if err != nil {
		return nil, false, fmt.Errorf("issue certificate for case %d: %w", caseID, err)
	}
	return cert, created, nil
}

func (s *Service) issue(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, e *Eligibility, key, stamp string) (*model.Certificate, error) {
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return nil, err
	}
	judge, err := tx.User(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	today := model.DateOf(tx.Now())
	active := e.key(today)
	cert, facts := s.drawUp(*court, *cs, e, judge.Name, today)
	if stamp != "" && stamp != stampOf(facts) {
		return nil, model.E(model.Conflict, "certificate.changed", "查看以后案件又有变动，证明书的内容会有不同，请重新查看后出具")
	}
	n, err := tx.NextSerial(ctx, cs.CourtID, "certificate", today.Year)
	if err != nil {
		return nil, err
	}
	cert.Year, cert.Serial, cert.Number = today.Year, n, model.DocumentNumber(court.Settings.CertificatePattern, court.ShortName, today.Year, n)
	cert.CheckCode, cert.State, cert.IssuedBy, cert.IssuedAt, cert.Version, cert.ActiveKey = s.cfg.NewSecret()[:10], model.CertificateValid, by.UserID, tx.Now(), 1, &active
	facts.Number, facts.CheckCode = cert.Number, cert.CheckCode
	facts.VerifyURL = s.cfg.PublicURL + "/verify?number=" + url.QueryEscape(cert.Number) + "&code=" + cert.CheckCode
	if cert.Facts, err = json.Marshal(facts); err != nil {
		return nil, err
	}
	if err := tx.CreateCertificate(ctx, cert); err != nil {
		return nil, err
	}
	if err := tx.DecideApplications(ctx, key, model.ApplicationGranted, "", by.UserID); err != nil {
		return nil, err
	}
	return cert, tx.AddNotice(ctx, model.CertificateIssuedNotice(*court, *cs, *cert))
}

// drawUp is the certificate that would be issued today, and what it would say,
// without a number.
func (s *Service) drawUp(court model.Court, cs model.Case, e *Eligibility, judge string, today model.Date) (*model.Certificate, model.CertificateFacts) {
	cert := &model.Certificate{
		CourtID: cs.CourtID, CaseID: cs.ID, InstrumentID: e.Instrument.ID, PartyID: e.Party.ID,
		PerformedBy: e.PerformedBy, Timeliness: model.TimelinessOf(e.installments, model.EnforcedFrom(e.obligations)),
	}
	for _, i := range e.installments {
		if i.PerformedOn.After(cert.LastPaidOn) || cert.LastPaidOn.IsZero() {
			cert.LastPaidOn = i.PerformedOn
		}
	}
	for _, it := range e.Performed { // what was forgiven is none of it, what was paid ahead is
		cert.TotalFen += it.AmountFen
	}
	if e.sum.ForgivenFen > 0 {
		cert.LastPaidOn = e.Performed[len(e.Performed)-1].On
	}
	facts := model.CertificateFacts{
		WaivedFen: e.sum.OrdinaryWaived + e.sum.DoubledWaived, ForgivenFen: e.sum.ForgivenFen, ForgivenOn: e.forgivenOn,
		CourtName: court.Name, ObligorName: e.Party.Name, ObligorKind: e.Party.Kind,
		ObligorID: e.Party.IDNumber, CaseNo: cs.CaseNo, Cause: cs.Cause, InstrumentKind: e.Instrument.Kind.Chinese(),
		InstrumentNo: e.Instrument.Number, EffectiveOn: e.Instrument.EffectiveOn, Adjudged: e.Instrument.Summary, TotalFen: cert.TotalFen,
		LastPaidOn: cert.LastPaidOn, Timeliness: cert.Timeliness, Judge: judge, IssuedOn: today,
		Performed: e.Performed, PerformedBy: e.PerformedBy, Understood: e.understood, EnforcedAfter: []model.LaterEnforcement{}, Changes: model.Debts{Parties: e.parties}.Changes(e.obligations), VerifyAt: s.cfg.PublicURL + "/verify",
	}
	if e.Party.Kind == model.Person {
		facts.ObligorID = model.MaskID(e.Party.IDNumber)
	}
	for _, ob := range e.obligations {
		if ob.Foreign != nil {
			facts.Foreign = append(facts.Foreign, ob.Foreign.Words())
		}
	}
	if facts.Continues = e.Continues; len(e.Continues) > 0 {
		facts.UntilOn = today
	}
	for _, f := range e.enforcements {
		facts.EnforcedAfter = append(facts.EnforcedAfter, model.LaterEnforcement{CaseNo: f.CaseNo, FiledOn: f.FiledOn})
	}
	return cert, facts
}

// performed lists the payments that stand, summed by receipt, and the conduct
// that was done, each with who performed it.
func (e *Eligibility) performed(allocations []model.Allocation, receipts []model.Receipt) []model.PerformedItem {
	paid, interest := map[int64]model.Fen{}, map[int64]model.Fen{}
	for _, a := range allocations {
		if a.Part == model.PartDoubled || !slices.ContainsFunc(e.obligations, func(o model.Obligation) bool { return o.ID == a.ObligationID }) {
			continue // the doubled part is not the instrument's
		}
		paid[a.ReceiptID] += a.AmountFen
		if a.Part == model.PartOrdinary {
			interest[a.ReceiptID] += a.AmountFen
		}
	}
	out := []model.PerformedItem{}
	for _, r := range receipts {
		if paid[r.ID] != 0 {
			by, who := model.PerformerOf(e.Party, e.party(r.PartyID), r)
			if f, ok := model.Predecessor(e.obligations, r.PartyID, e.Party.ID); ok {
				by, who = f.Performer(e.party(r.PartyID))
			}
			what := r.Means()
			if interest[r.ID] > 0 {
				what += "（其中一般债务利息 " + interest[r.ID].Yuan() + " 元）"
			}
			out = append(out, model.PerformedItem{On: r.PaidOn, AmountFen: paid[r.ID], What: what, By: by, Who: who})
		}
	}
	for _, ob := range e.obligations {
		if ob.Kind == model.ObligationMoney {
			continue
		}
		for _, i := range e.installments {
			if i.ObligationID == ob.ID && i.Done() {
				by, who := e.performerOfConduct(ob.ID, receipts)
				out = append(out, model.PerformedItem{On: i.PerformedOn, What: ob.Description, By: by, Who: who})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b model.PerformedItem) int { return a.On.Compare(b.On) })
	return out
}

func (e *Eligibility) party(id int64) model.Party {
	for _, p := range e.parties {
		if p.ID == id {
			return p
		}
	}
	return model.Party{}
}

// performerOfConduct is who did what is no payment: its only obligor, or of
// several the only one who proved that he did.
func (e *Eligibility) performerOfConduct(obligationID int64, receipts []model.Receipt) (model.Performer, string) {
	var owe, proved []int64
	for _, o := range e.obligors {
		if o.ObligationID == obligationID {
			owe = append(owe, o.PartyID)
		}
	}
	for _, r := range receipts {
		if r.ProofKind == model.ProofConduct && r.State == model.ReceiptConfirmed && slices.Contains(owe, r.PartyID) && !slices.Contains(proved, r.PartyID) {
			proved = append(proved, r.PartyID)
		}
	}
	if len(owe) > 1 {
		owe = proved
	}
	switch {
	case len(owe) != 1:
		return model.PerformerOneOf, "连带债务人之一"
	case owe[0] == e.Party.ID:
		return model.PerformerSelf, "本人"
	default:
		return model.PerformerJoint, "连带债务人" + e.party(owe[0]).Name
	}
}
