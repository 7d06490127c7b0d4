package model

import "slices"

// Actor is who does something: an argument of every use case, because an
// audit trail has to say it and a rule has to ask it.
type Actor struct {
	UserID    int64  // 0 for the public, for API keys and for the system itself
	APIKeyID  int64  // the case system's key, 0 for people
	CourtID   int64  // the court of a staff member or key; 0 for WeChat users
	AgencyID  int64  // the agency that the account or key belongs to, 0 for everyone else
	Name      string // for contact logs and documents, never for program logs
	Roles     []Role
	OpenID    string // of a WeChat session
	IP        string // where the request came from
	Device    string // the browser that asks, as it calls itself, for the list of log-ins
	Session   string // the digest of the session that he came with, "" for keys; it opens nothing
	Browser   string // a secret by which a browser is known again at a log-in, "" for none
	RequestID string
	Asked     Asked // what he asks, when his request has a key
	system    bool
}

// System is the actor of what the server does by itself (workers, sweepers).
//
// The command line acts as the system too: whoever may run it holds the
// database anyway.
func System() Actor { return Actor{Name: "系统", system: true} }

// IsSystem tells whether nobody but the program itself acts.
func (a Actor) IsSystem() bool { return a.system }

// May tells whether any of the actor's roles may do the act.
func (a Actor) May(act Act) bool {
	if act == ActPublic {
		return true
	}
	return slices.ContainsFunc(a.Roles, func(r Role) bool { return r.May(act) && !a.homeless(r) })
}

// homeless tells whether the role is an agency's and the actor has none, or one
// that is no member any more: he may do nothing.
func (a Actor) homeless(r Role) bool { return r == RoleAgency && a.AgencyID == 0 }

// Has tells whether the actor holds the role.
func (a Actor) Has(r Role) bool { return slices.Contains(a.Roles, r) }

// RoleFor is the role under which the actor does the act, for the audit
// trail: the first of his roles that may.
func (a Actor) RoleFor(act Act) Role {
	for _, r := range a.Roles {
		if r.May(act) && !a.homeless(r) {
			return r
		}
	}
	return RolePublic
}

// Require refuses an act that none of the actor's roles may do.
func (a Actor) Require(act Act) error {
	if a.system || a.May(act) {
		return nil
	}
	if len(a.Roles) == 0 {
		return E(Unauthenticated, "session.required", "请先登录")
	}
	if a.Has(RoleAgency) && a.AgencyID == 0 {
		return E(Forbidden, "role.forbidden", "您的账号没有归属有效的责任单位，请联系法院系统管理员")
	}
	return E(Forbidden, "role.forbidden", "您的身份不能进行此操作")
}

// IsParty tells whether the actor came through WeChat, so that bindings decide
// what he sees.
func (a Actor) IsParty() bool { return a.Has(RoleParty) }

// Owner narrows a list to what is one staff member's duty: the cases of which
// he is the judge, or in whose enforcement he is the officer. The zero Owner is
// the whole court.
type Owner struct{ JudgeID, OfficerID int64 }

// Owner is what is the actor's own duty; clerks and leaders look after the
// whole court's.
func (a Actor) Owner() Owner {
	var o Owner
	if a.Has(RoleClerk) || a.Has(RoleLeader) {
		return o
	}
	if a.Has(RoleOfficer) {
		o.OfficerID = a.UserID
	}
	if a.Has(RoleJudge) || o.OfficerID == 0 {
		o.JudgeID = a.UserID
	}
	return o
}

// SupervisorOnly is the actor himself when the cases that he sees are those whose
// supervision is his, because he is a judge and nothing that sees the court's; 0
// otherwise.
func (a Actor) SupervisorOnly() int64 {
	if !a.Has(RoleJudge) || a.Has(RoleClerk) || a.Has(RoleOfficer) || a.Has(RoleLeader) {
		return 0
	}
	return a.UserID
}

// TaskOwner is whose tasks the actor looks after: a judge or an officer his
// own, clerks and leaders (0) the court's.
func (a Actor) TaskOwner() int64 {
	if a.Has(RoleClerk) || a.Has(RoleLeader) {
		return 0
	}
	return a.UserID
}
