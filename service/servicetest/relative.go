package servicetest

import (
	"context"

	"microcourt/model"
	"microcourt/service/relative"
)

// Kin is what somebody of the family of the debtor of a coerced case says, with
// some things changed.
func Kin(change ...func(*relative.Asking)) relative.Asking {
	a := relative.Asking{Relative: model.Relative{
		Name: "王秀英", Relation: model.RelationSpouse, Phone: "13700137000", DebtorName: "赵明", IdemKey: FreshKey(),
	}}
	for _, f := range change {
		f(&a)
	}
	return a
}

// WithCode asks by a code.
func WithCode(code string) func(*relative.Asking) {
	return func(a *relative.Asking) { a.Code = code }
}

// ToOfficer asks an officer.
func ToOfficer(p Person) func(*relative.Asking) {
	return func(a *relative.Asking) { a.OfficerID = p.UserID }
}

// FamilyCode is a code that the officer prints for the debtor's family.
func (c *Coerced) FamilyCode() string {
	c.T.Helper()
	k, err := c.Svc.Relative.Print(context.Background(), c.Officer.Actor, c.ID, c.F.Debtor)
	if err != nil {
		c.T.Fatal(err)
	}
	return k.Code
}

// AsksForFamily asks to be connected.
func (c *Coerced) AsksForFamily(p Person, change ...func(*relative.Asking)) *model.Relative {
	c.T.Helper()
	r, err := c.Svc.Relative.Ask(context.Background(), p.Actor, Kin(change...))
	if err != nil {
		c.T.Fatal(err)
	}
	return r
}

// Word is the officer's word about a link.
func (c *Coerced) Word(r *model.Relative, to model.RelativeState) *model.Relative {
	c.T.Helper()
	d := relative.Decision{State: to, Version: r.Version}
	if to != model.RelativeAdmitted {
		d.Reason = "经核实"
	}
	out, err := c.Svc.Relative.Decide(context.Background(), c.Officer.Actor, r.ID, d)
	if err != nil {
		c.T.Fatal(err)
	}
	return out
}

// Admitted is somebody of the debtor's family whom the officer let in.
func (c *Coerced) Admitted() (Person, *model.Relative) {
	c.T.Helper()
	p := c.Citizen()
	return p, c.Word(c.AsksForFamily(p, WithCode(c.FamilyCode())), model.RelativeAdmitted)
}
