package model

import "testing"

// Whose cases and tasks somebody looks after follows from all that he is.
func TestWhoseDutyIsWhat(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		roles                  []Role
		owner                  Owner
		supervisor, tasksOwner int64
	}{
		"a judge":              {[]Role{RoleJudge}, Owner{JudgeID: 5}, 5, 5},
		"an officer":           {[]Role{RoleOfficer}, Owner{OfficerID: 5}, 0, 5},
		"judge and officer":    {[]Role{RoleJudge, RoleOfficer}, Owner{JudgeID: 5, OfficerID: 5}, 0, 5},
		"a clerk":              {[]Role{RoleClerk}, Owner{}, 0, 0},
		"a leader who judges":  {[]Role{RoleJudge, RoleLeader}, Owner{}, 0, 0},
		"nobody of the court":  {[]Role{RoleParty}, Owner{JudgeID: 5}, 0, 5}, // finds nothing of his
		"an officer and clerk": {[]Role{RoleOfficer, RoleClerk}, Owner{}, 0, 0},
	} {
		a := Actor{UserID: 5, Roles: c.roles}
		if a.Owner() != c.owner || a.SupervisorOnly() != c.supervisor || a.TaskOwner() != c.tasksOwner {
			t.Errorf("%s: %+v, %d, %d", name, a.Owner(), a.SupervisorOnly(), a.TaskOwner())
		}
	}
}

// An act is refused with what helps: log in, or ask for the role. The clerk
// prepares and cannot confirm (domain §2); the program itself may what it does.
func TestWhoMayDoAnAct(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a    Actor
		act  Act
		kind Kind
		ok   bool
		role Role
	}{
		"the judge confirms":             {Actor{UserID: 1, Roles: []Role{RoleJudge}}, ActReceiptDecide, 0, true, RoleJudge},
		"under the role that may":        {Actor{UserID: 1, Roles: []Role{RoleClerk, RoleJudge}}, ActReceiptDecide, 0, true, RoleJudge},
		"the clerk does not":             {Actor{UserID: 1, Roles: []Role{RoleClerk}}, ActReceiptDecide, Forbidden, false, RolePublic},
		"the party does not":             {Actor{UserID: 1, Roles: []Role{RoleParty}}, ActReceiptDecide, Forbidden, false, RolePublic},
		"nobody is logged in":            {Actor{}, ActReceiptDecide, Unauthenticated, false, RolePublic},
		"what is public":                 {Actor{}, ActPublic, 0, true, RolePublic},
		"the program":                    {System(), ActReceiptDecide, 0, true, RolePublic},
		"an agency":                      {Actor{UserID: 1, AgencyID: 3, Roles: []Role{RoleAgency}}, ActAgencyDesk, 0, true, RoleAgency},
		"an agency that is none no more": {Actor{UserID: 1, Roles: []Role{RoleAgency}}, ActAgencyDesk, Forbidden, false, RolePublic},
	} {
		err := c.a.Require(c.act)
		if (err == nil) != c.ok || err != nil && KindOf(err) != c.kind || c.a.RoleFor(c.act) != c.role {
			t.Errorf("%s: %v, as %s", name, err, c.a.RoleFor(c.act))
		}
		if c.a.IsSystem() != (name == "the program") {
			t.Errorf("%s is the program: %v", name, c.a.IsSystem())
		}
	}
	if (Actor{Roles: []Role{RoleJudge}}).IsParty() || !(Actor{Roles: []Role{RoleParty}}).IsParty() {
		t.Error("who came by WeChat is told apart by his role")
	}
}
