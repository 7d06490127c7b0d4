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
	if err := by.Require(model.ActCertIssue); err != nil {
		return nil, false, err
	}
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
		list, err := eligibility(ctx, tx, cs)
		if err != nil {
			return err
		}
		e, err := find(list, instrumentID, partyID)
		if err != nil {
			return err
		}
		if !e.Eligible {
			return notEligible(e.Requirements)
		}
		if cert, err = s.issue(ctx, tx, by, cs, e, key); err != nil {
			return err
		}
		created = true
		tx.OnCommit(func() { s.queuePDF(cert.ID) })
		return tx.Audit(by, model.RoleJudge, model.AuditEvent{
			CourtID: cs.CourtID, Action: model.AuditCertificateIssue, CaseID: caseID, Subject: model.Subject("certificate", cert.ID), After: cert,
		})
	})
	if err != nil {
		return nil, false, fmt.Errorf("issue certificate for case %d: %w", caseID, err)
	}
	return cert, created, nil
}

func (s *Service) issue(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, e *Eligibility, key string) (*model.Certificate, error) {
	court, err := tx.Court(ctx, cs.CourtID)
	if err != nil {
		return nil, err
	}
	judge, err := tx.User(ctx, by.UserID)
	if err != nil {
		return nil, err
	}
	today := model.DateOf(tx.Now())
	n, err := tx.NextSerial(ctx, cs.CourtID, "certificate", today.Year)
	if err != nil {
		return nil, err
	}
	cert := &model.Certificate{
		CourtID: cs.CourtID, CaseID: cs.ID, InstrumentID: e.Instrument.ID, PartyID: e.Party.ID, Year: today.Year, Serial: n,
		Number:    model.DocumentNumber(court.Settings.CertificatePattern, court.ShortName, today.Year, n),
		CheckCode: s.cfg.NewSecret()[:10], State: model.CertificateValid, IssuedBy: by.UserID, IssuedAt: tx.Now(), Version: 1, ActiveKey: &key,
		Timeliness: model.TimelinessOf(e.installments, model.EnforcedFrom(e.obligations)),
	}
	for _, i := range e.installments {
		cert.TotalFen += i.AmountFen
		if i.PerformedOn.After(cert.LastPaidOn) || cert.LastPaidOn.IsZero() {
			cert.LastPaidOn = i.PerformedOn
		}
	}
	facts := model.CertificateFacts{
		Number: cert.Number, CheckCode: cert.CheckCode, CourtName: court.Name, ObligorName: e.Party.Name, ObligorKind: e.Party.Kind,
		ObligorID: e.Party.IDNumber, CaseNo: cs.CaseNo, Cause: cs.Cause, InstrumentKind: e.Instrument.Kind.Chinese(),
		InstrumentNo: e.Instrument.Number, EffectiveOn: e.Instrument.EffectiveOn, Adjudged: e.Instrument.Summary, TotalFen: cert.TotalFen,
		LastPaidOn: cert.LastPaidOn, Timeliness: cert.Timeliness, Judge: judge.Name, IssuedOn: today,
		VerifyURL: s.cfg.PublicURL + "/verify?number=" + url.QueryEscape(cert.Number) + "&code=" + cert.CheckCode,
	}
	if e.Party.Kind == model.Person {
		facts.ObligorID = model.MaskID(e.Party.IDNumber)
	}
	if facts.Performed, err = performed(ctx, tx, cs.ID, e); err != nil {
		return nil, err
	}
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

// performed lists the payments that stand, summed by receipt, and the conduct
// that was done.
func performed(ctx context.Context, tx *storage.DB, caseID int64, e *Eligibility) ([]model.PerformedItem, error) {
	allocations, err := tx.Allocations(ctx, caseID)
	if err != nil {
		return nil, err
	}
	receipts, err := tx.CaseReceipts(ctx, caseID)
	if err != nil {
		return nil, err
	}
	paid := map[int64]model.Fen{}
	for _, a := range allocations {
		if slices.ContainsFunc(e.obligations, func(o model.Obligation) bool { return o.ID == a.ObligationID }) {
			paid[a.ReceiptID] += a.AmountFen
		}
	}
	var out []model.PerformedItem
	for _, r := range receipts {
		if paid[r.ID] != 0 {
			out = append(out, model.PerformedItem{On: r.PaidOn, AmountFen: paid[r.ID], What: r.ProofKind.Chinese()})
		}
	}
	for _, ob := range e.obligations {
		if ob.Kind == model.ObligationMoney {
			continue
		}
		for _, i := range e.installments {
			if i.ObligationID == ob.ID {
				out = append(out, model.PerformedItem{On: i.PerformedOn, What: ob.Description})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b model.PerformedItem) int { return a.On.Compare(b.On) })
	return out, nil
}
