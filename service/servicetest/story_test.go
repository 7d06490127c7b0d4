package servicetest_test

import (
	"context"
	"testing"

	"microcourt/model"
	"microcourt/service/servicetest"
)

// The acts tell the court's main story: filed, paid, confirmed, certified, and
// another case enforced.
func TestTheActsTellTheMainStory(t *testing.T) {
	t.Parallel()
	w := servicetest.New(t)
	judge, clerk, officer := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk), w.Staff("lu.jun", model.RoleOfficer)
	f, cert := w.Certified(judge, clerk, w.Citizen())
	if len(f.Installments) != 2 || cert.Number == "" || cert.PartyID != f.Debtor {
		t.Errorf("%+v %+v", f, cert)
	}
	if e := w.EnforcedBy(officer, w.File(clerk)); e.OfficerID != officer.UserID {
		t.Errorf("%+v", e)
	}
	_, err := w.Svc.Certificate.Revoke(context.Background(), clerk.Actor, cert.ID, cert.Version, "", "")
	w.Refused(err, "role.forbidden")
	if n := w.Audited(model.AuditCertificateIssue); n != 1 {
		t.Errorf("%d certificates in the audit trail", n)
	}
}
