package main

import (
	"fmt"

	"microcourt/model"
	"microcourt/service/agency"
)

// listManager is the system acting as a court's keeper of lists.
func listManager(courtID int64) model.Actor {
	by := model.System()
	by.CourtID, by.Roles = courtID, []model.Role{model.RoleListManager}
	return by
}

// agencies keeps the units that work together with the court, their accounts
// and their keys.
func agencies(c *call) error {
	code := c.flags.String("court", "", "the court's code, e.g. 浙0211")
	kind := c.flags.String("kind", "government", "party, government, judicial, financial, utility, town or other")
	name := c.flags.String("name", "", "the person's name, of an account")
	source := c.flags.String("source", "", "the document that fixes a list of duties")
	l := agency.Loading{}
	c.flags.BoolVar(&l.DryRun, "dry-run", false, "check the list of duties, write nothing")
	c.flags.BoolVar(&l.Backfill, "backfill", false, "open tasks for the measures that are in force already")
	rest, err := c.parse()
	if err == nil && len(rest) == 1 && rest[0] == "suggested" {
		_, err := c.stdout.Write(agency.SuggestedCSV())
		return err
	}
	if err != nil || len(rest) == 0 || *code == "" {
		return errUsage
	}
	l.Source = *source
	return c.with(func(a *app) error {
		court, err := a.db.CourtByCode(c.ctx, *code)
		if err != nil {
			return err
		}
		by := listManager(court.ID)
		if rest[0] == "add" && len(rest) == 3 {
			_, _, err := a.svc.Agency.Add(c.ctx, by, model.Agency{Code: rest[1], Name: rest[2], Kind: model.AgencyKind(*kind)})
			return err
		}
		if rest[0] == "list" && len(rest) == 1 {
			return listAgencies(c, a, by)
		}
		if handled, err := dutyLists(c, a, by, rest, l); handled {
			return err
		}
		if len(rest) != 3 {
			return errUsage
		}
		of, err := a.db.AgencyByCode(c.ctx, court.ID, rest[1])
		if err != nil {
			return err
		}
		switch rest[0] {
		case "account":
			cred, err := a.svc.Identity.AddAgencyStaff(c.ctx, model.System(), court.ID, of.ID, rest[2], *name)
			return printCredentials(c, cred, err)
		case "key":
			secret, err := a.svc.Identity.CreateAgencyKey(c.ctx, model.System(), court.ID, of.ID, rest[2])
			return printKey(c, secret, err)
		case "revoke":
			return revokeAgencyKeys(c, a, *of, rest[2])
		}
		return errUsage
	})
}

// revokeAgencyKeys ends the agency's live keys of that name.
func revokeAgencyKeys(c *call, a *app, of model.Agency, name string) error {
	doors, err := a.svc.Identity.AgencyDoors(c.ctx, model.System(), of.CourtID, of.ID)
	if err != nil {
		return err
	}
	n := 0
	for _, k := range doors.Keys {
		if k.Name == name && k.RevokedAt == nil {
			if err := a.svc.Identity.RevokeAgencyKey(c.ctx, model.System(), of.CourtID, of.ID, k.ID); err != nil {
				return err
			}
			n++
		}
	}
	if n == 0 {
		return model.E(model.NotFound, "api_key.not_found", "没有这个名称的有效密钥")
	}
	return nil
}

func listAgencies(c *call, a *app, by model.Actor) error {
	for after := int64(0); ; {
		list, err := a.svc.Agency.Agencies(c.ctx, by, after, 100)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, e := range list {
			state := "成员"
			if !e.Active() {
				state = e.EndedOn.String() + " 停用"
			}
			fmt.Fprintf(c.stdout, "%s\t%s\t%s\t%s\n", e.Code, e.Name, e.Kind.Chinese(), state)
			after = e.ID
		}
	}
}
