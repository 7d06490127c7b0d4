package identity

import (
	"cmp"
	"context"

	"microcourt/model"
)

// Me is who somebody is, in every role.
type Me struct {
	// Name is a staff member's; of a user of the mini-program the one under which he
	// was verified, otherwise what a roster or he himself says.
	Name      string
	Verified  bool // by the number of identity or by face
	Bindings  []model.BoundCase
	Relatives []model.Relative
	Liaison   []model.LiaisonRole
}

// Me is who the actor is.
func (s *Service) Me(ctx context.Context, by model.Actor) (*Me, error) {
	if err := by.Require(model.ActSelf); err != nil {
		return nil, err
	}
	me := &Me{Name: by.Name}
	if !by.IsParty() {
		return me, nil
	}
	var err error
	if me.Bindings, err = s.db.Bindings(ctx, by.UserID, 0); err != nil {
		return nil, err
	}
	if me.Relatives, err = s.db.RelativesOf(ctx, by.UserID); err != nil {
		return nil, err
	}
	if by.Has(model.RoleLiaison) {
		if me.Liaison, err = s.db.LiaisonRoles(ctx, by.UserID, model.DateOf(s.cfg.Now())); err != nil {
			return nil, err
		}
	}
	var self, proved string
	for _, b := range me.Bindings {
		if b.Capacity != model.CapacitySelf {
			continue
		}
		if self = b.PartyName; b.Method.Proves() {
			proved = b.PartyName
		}
	}
	me.Name, me.Verified = cmp.Or(proved, me.Name, self), proved != ""
	for _, l := range me.Liaison {
		me.Name = cmp.Or(me.Name, l.Name)
	}
	for _, r := range me.Relatives {
		me.Name = cmp.Or(me.Name, r.Name)
	}
	return me, nil
}
