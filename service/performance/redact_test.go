package performance_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/evidence/evidencetest"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
)

// Nothing can be taken out of a PDF for certain: the court prints it, blacks out and
// takes the picture in, which one creditor sees and nobody else.
func TestAPDFIsBlackedOutOnPaper(t *testing.T) {
	t.Parallel()
	p := newPeople(t, nursery(3, model.Yuan(3_000)))
	ctx, svc := context.Background(), p.Svc.Performance
	parent, other := p.Citizen(), p.Citizen()
	p.Bind(parent, p.clerk, p.f.ID, p.PartyNamed(p.judge, p.f.ID, "家长2"))
	p.Bind(other, p.clerk, p.f.ID, p.PartyNamed(p.judge, p.f.ID, "家长3"))
	upload := func(by servicetest.Person, name string, b []byte) int64 {
		f, _, err := svc.Upload(ctx, by.Actor, performance.Upload{CaseID: p.f.ID, Key: servicetest.FreshKey(), Name: name, Size: int64(len(b)), Body: bytes.NewReader(b)})
		if err != nil {
			t.Fatal(err)
		}
		return f.ID
	}
	claim := servicetest.Claim(p.f, model.Yuan(1_500), upload(p.debtor, "回单.pdf", evidencetest.PDF("")))
	claim.ProofKind, claim.PayeeName = model.ProofCourtAccount, ""
	r, err := svc.Submit(ctx, p.debtor.Actor, claim)
	if err != nil {
		t.Fatal(err)
	}
	pdf, party := p.receipt(p.judge, r.ID).Files[0].ID, p.receipt(parent, r.ID).Responses[0].PartyID
	_, err = svc.Redact(ctx, p.judge.Actor, performance.Redacting{
		ReceiptID: r.ID, FileID: pdf, PartyID: party, Rects: []model.Rect{{W: 100, H: 50}}, IdemKey: servicetest.FreshKey(),
	})
	p.RefusedAt(err, "redaction.pdf", "file_id")
	in := performance.CopyGiven{ReceiptID: r.ID, FileID: pdf, CopyID: p.Uploaded(p.clerk, p.f.ID, 92), PartyID: party, IdemKey: servicetest.FreshKey()}
	for name, c := range map[string]struct {
		change func(*performance.CopyGiven)
		want   string
	}{
		"a PDF again":        {func(in *performance.CopyGiven) { in.CopyID = upload(p.clerk, "遮盖.pdf", evidencetest.PDF("")) }, "redaction.copy"},
		"another's upload":   {func(in *performance.CopyGiven) { in.CopyID = p.Uploaded(p.debtor, p.f.ID, 93) }, "redaction.copy"},
		"of another receipt": {func(in *performance.CopyGiven) { in.FileID = in.CopyID }, "redaction.file"},
		"to the debtor":      {func(in *performance.CopyGiven) { in.PartyID = p.f.Debtor }, "redaction.party"},
	} {
		bad := in
		bad.IdemKey = servicetest.FreshKey()
		c.change(&bad)
		if _, err := svc.GiveCopy(ctx, p.clerk.Actor, bad); model.ReasonOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := svc.GiveCopy(ctx, p.debtor.Actor, in); model.KindOf(err) != model.Forbidden {
		t.Error("the debtor gives it away:", err)
	}
	sees := p.Staff("lu.fg", model.RoleOfficer) // of another case's enforcement
	if p.receipt(sees, r.ID) == nil {
		t.Fatal("he does not see it")
	}
	theirs := in
	theirs.CopyID = p.Uploaded(sees, p.f.ID, 94)
	_, err = svc.GiveCopy(ctx, sees.Actor, theirs)
	p.Refused(err, "receipt.not_found")
	given := servicetest.TwiceAtOnce(t, func() (int64, error) {
		x, err := svc.GiveCopy(ctx, p.clerk.Actor, in)
		if err != nil {
			return 0, err
		}
		return x.ID, nil
	})
	if list := p.receipt(p.judge, r.ID).Redactions; len(list) != 1 || list[0].ID != given || p.Audited(model.AuditReceiptRedact) != 1 {
		t.Errorf("%+v", list)
	}
	if d := p.receipt(parent, r.ID); len(d.Files) != 1 || d.Files[0].ID != in.CopyID {
		t.Errorf("the creditor does not see his copy: %+v", d.Files)
	}
	told := 0
	for _, n := range inbox(p, parent) {
		if n.Kind == model.NoticeReceiptRedacted && strings.Contains(n.Body, "查阅件") {
			told++
		}
	}
	if told != 1 {
		t.Errorf("he was told %d times", told)
	}
	for name, c := range map[string]struct {
		by   servicetest.Person
		file int64
		sees bool
	}{
		"his copy": {parent, in.CopyID, true}, "the PDF": {parent, pdf, false}, "another parent": {other, in.CopyID, false}, "the debtor": {p.debtor, in.CopyID, false},
		"the judge": {p.judge, in.CopyID, true},
	} {
		o, _, _, err := svc.OpenFile(ctx, c.by.Actor, c.file, performance.VariantView)
		if err == nil {
			_ = o.Close()
		}
		if (err == nil) != c.sees {
			t.Errorf("%s: %v", name, err)
		}
	}
}
