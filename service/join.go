package service

import (
	"context"

	"microcourt/model"
	"microcourt/service/document"
	"microcourt/service/wechat"
	"microcourt/storage"
)

// Some areas need each other. Whoever is made first knows the other through the
// services, which are complete when the first act comes.

// measures are the officers' measures as petitions know them.
type measures struct{ s *Services }

// AskRelease implements petition.Measures.
func (m measures) AskRelease(ctx context.Context, tx *storage.DB, by model.Actor, enforcementID, partyID int64, reason string) error {
	return m.s.Enforcement.AskRelease(ctx, tx, by, enforcementID, partyID, reason)
}

// arrivals is the ledger of performance as enforcement knows it.
type arrivals struct{ s *Services }

// Arrive implements enforcement.Ledger.
func (l arrivals) Arrive(ctx context.Context, tx *storage.DB, by model.Actor, cs *model.Case, r *model.Receipt) error {
	return l.s.Performance.Arrive(ctx, tx, by, cs, r)
}

// queries are what was asked of agencies as enforcement knows it.
type queries struct{ s *Services }

// Ended implements enforcement.Asked.
func (q queries) Ended(ctx context.Context, tx *storage.DB, by model.Actor, e model.EnforcementFile, why string) error {
	return q.s.AssetQuery.Ended(ctx, tx, by, e, why)
}

// assistance is what was asked of liaisons as enforcement knows it.
type assistance struct{ s *Services }

// Ended implements enforcement.Asked.
func (a assistance) Ended(ctx context.Context, tx *storage.DB, by model.Actor, e model.EnforcementFile, why string) error {
	return a.s.Liaison.Ended(ctx, tx, by, e, why)
}

// uploads are people's files as agencies' reports know them.
type uploads struct{ s *Services }

// DecodeUploads implements agency.Uploads.
func (u uploads) DecodeUploads(ctx context.Context, by model.Actor, ids []int64) error {
	return u.s.Performance.DecodeUploads(ctx, by, ids)
}

// jobs are what the program does again and again as a recovery knows it.
type jobs struct{ s *Services }

// CatchUp implements recovery.Jobs.
func (j jobs) CatchUp(ctx context.Context) error { return j.s.Operations.CatchUp(ctx) }

// papers is the printer as the areas know it.
type papers struct{ *document.Printer }

// BuiltIn implements paper.Printer.
func (papers) BuiltIn(kind model.DocumentKind) (string, error) { return document.BuiltIn(kind) }

// CheckTemplate implements paper.Printer.
func (papers) CheckTemplate(kind model.DocumentKind, body string) error {
	return document.CheckTemplate(kind, body)
}

// ReadPaper implements recovery.Papers.
func (papers) ReadPaper(pdf []byte) (number, checkCode string, err error) {
	v, err := document.Verify(pdf)
	if err != nil {
		return "", "", err
	}
	return v.Number, v.CheckCode, nil
}

// wechatIdentity adapts the gateway to what identity asks for.
type wechatIdentity struct{ *wechat.Client }

// ExchangeCode implements identity.WeChat.
func (w wechatIdentity) ExchangeCode(ctx context.Context, code string) (openID, unionID string, err error) {
	id, err := w.Client.ExchangeCode(ctx, code)
	return id.OpenID, id.UnionID, err
}

// FinishRealName implements identity.RealName.
func (w wechatIdentity) FinishRealName(ctx context.Context, openID, name, idNumber, verifyID, outSeqNo string) (bool, error) {
	return w.Client.FinishRealName(ctx, wechat.RealName{
		OpenID: openID, VerifyID: verifyID, OutSeqNo: outSeqNo, Name: name, IDNumber: idNumber,
	})
}
