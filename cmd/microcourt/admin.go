package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"microcourt/model"
	"microcourt/service/identity"
	"microcourt/storage"
)

func migrate(c *call) error {
	noCopy := c.flags.Bool("no-copy", false, "make no copy of the database before")
	if rest, err := c.parse(); err != nil || len(rest) > 0 {
		return errUsage
	}
	cfg, err := c.load()
	if err != nil {
		return err
	}
	db, err := openDB(c.ctx, cfg)
	if err != nil {
		return err
	}
	before := cfg.copyBefore(func(dir string) { fmt.Fprintf(c.stdout, "the state before is in %s\n", dir) })
	if *noCopy {
		before = func(context.Context, storage.Version) error { return nil }
	}
	applied, err := db.Migrate(c.ctx, before)
	for _, v := range applied {
		fmt.Fprintf(c.stdout, "applied %04d\n", v)
	}
	if err == nil && len(applied) == 0 {
		fmt.Fprintln(c.stdout, "up to date")
	}
	if err == nil {
		err = db.ProveKeys(c.ctx)
	}
	return errors.Join(err, db.Close())
}

// with opens the program, runs f, and closes it.
func (c *call) with(f func(a *app) error) error {
	a, err := c.open()
	if err != nil {
		return err
	}
	return errors.Join(f(a), a.close())
}

func courts(c *call) error {
	rest, err := c.parse()
	if err != nil || len(rest) == 0 {
		return errUsage
	}
	return c.with(func(a *app) error {
		switch {
		case rest[0] == "add" && len(rest) == 4:
			court := model.Court{Code: rest[1], Name: rest[2], ShortName: rest[3], Settings: model.DefaultCourtSettings()}
			return a.db.Transact(c.ctx, func(tx *storage.DB) error {
				if err := tx.CreateCourt(c.ctx, &court); err != nil {
					return err
				}
				return tx.Audit(model.System(), model.RoleAdmin, model.AuditEvent{
					CourtID: court.ID, Action: model.AuditCourtAdd, Subject: model.ThingCourt.Of(court.ID), After: court,
				})
			})
		case rest[0] == "show" && len(rest) == 2:
			return showCourt(c, a, rest[1])
		case rest[0] == "set" && len(rest) == 3:
			return setCourt(c, a, rest[1], rest[2])
		case rest[0] == "list" && len(rest) == 1:
			list, err := a.db.Courts(c.ctx)
			for _, court := range list {
				fmt.Fprintf(c.stdout, "%s\t%s\t%s\n", court.Code, court.Name, court.ShortName)
			}
			return err
		}
		return errUsage
	})
}

func staff(c *call) error {
	code := c.flags.String("court", "", "the court's code, e.g. 浙0211")
	name := c.flags.String("name", "", "the person's name")
	roles := c.flags.String("roles", "", "comma-separated: clerk, judge, officer, list_manager, leader, admin, auditor (agencies have accounts of their own: agency account)")
	rest, err := c.parse()
	if err != nil || len(rest) == 0 || *code == "" {
		return errUsage
	}
	return c.with(func(a *app) error {
		court, err := a.db.CourtByCode(c.ctx, *code)
		if err != nil {
			return err
		}
		switch {
		case rest[0] == "list" && len(rest) == 1:
			return listStaff(c, a, court.ID)
		case len(rest) != 2:
			return errUsage
		case rest[0] == "add":
			var list []model.Role
			for r := range strings.SplitSeq(*roles, ",") {
				if r = strings.TrimSpace(r); r != "" {
					list = append(list, model.Role(r))
				}
			}
			cred, err := a.svc.Identity.AddStaff(c.ctx, model.System(), court.ID, rest[1], *name, list)
			return printCredentials(c, cred, err)
		case rest[0] == "reset":
			cred, err := a.svc.Identity.ResetStaff(c.ctx, model.System(), court.ID, rest[1])
			return printCredentials(c, cred, err)
		case rest[0] == "president":
			return a.svc.Identity.MarkPresident(c.ctx, model.System(), court.ID, rest[1])
		case rest[0] == "disable":
			stopped, err := a.svc.Identity.DisableStaff(c.ctx, model.System(), court.ID, rest[1])
			if err == nil && stopped > 0 {
				_, err = fmt.Fprintf(c.stdout, "%d decisions or answers that could still be taken back do not take effect\n", stopped)
			}
			return err
		}
		return errUsage
	})
}

func listStaff(c *call, a *app, courtID int64) error {
	for after := int64(0); ; {
		list, err := a.svc.Identity.ListStaff(c.ctx, model.System(), courtID, after, 100)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, m := range list {
			fmt.Fprintf(c.stdout, "%s\t%s\t%s\t%v\n", m.Login, m.Name, m.State, m.Roles)
			after = m.UserID
		}
	}
}

// printCredentials shows a one-time password, once.
func printCredentials(c *call, cred *identity.Credentials, err error) error {
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "login:    %s\npassword: %s   (for one log-in, until %s)\nThis is shown once. At the first log-in its owner sets a password and enrols a second factor\nwhose secret is shown to nobody else.\n",
		cred.Login, cred.Password, cred.Until.In(model.CourtZone).Format("2006-01-02 15:04"))
	return nil
}

// printKey shows a fresh key, once.
func printKey(c *call, secret string, err error) error {
	if err == nil {
		fmt.Fprintf(c.stdout, "%s\nSend it as: Authorization: ApiKey KEY. This is shown once.\n", secret)
	}
	return err
}

func apiKeys(c *call) error {
	code := c.flags.String("court", "", "the court's code, e.g. 浙0211")
	rest, err := c.parse()
	if err != nil || len(rest) != 2 || *code == "" {
		return errUsage
	}
	return c.with(func(a *app) error {
		court, err := a.db.CourtByCode(c.ctx, *code)
		if err != nil {
			return err
		}
		switch rest[0] {
		case "create":
			secret, err := a.svc.Identity.CreateAPIKey(c.ctx, model.System(), court.ID, rest[1])
			return printKey(c, secret, err)
		case "revoke":
			return a.svc.Identity.RevokeAPIKey(c.ctx, model.System(), court.ID, rest[1])
		}
		return errUsage
	})
}

func auditVerify(c *call) error {
	expect := c.flags.String("expect", "", "COURT:SEQ:HASH as printed by an earlier run: the link must still be there")
	rest, err := c.parse()
	if err != nil || len(rest) != 1 || rest[0] != "verify" {
		return errUsage
	}
	return c.with(func(a *app) error {
		heads, breaks, err := a.db.VerifyAudit(c.ctx)
		if err != nil {
			return err
		}
		for _, h := range heads {
			fmt.Fprintf(c.stdout, "head %d:%d:%s\n", h.CourtID, h.Seq, h.Hash)
		}
		if err := a.svc.Recovery.WriteHeads(c.ctx, c.stdout); err != nil {
			return err
		}
		for _, b := range breaks {
			fmt.Fprintf(c.stdout, "BROKEN court %d, link %d: %s\n", b.CourtID, b.Seq, b.What)
		}
		if len(breaks) > 0 {
			return fmt.Errorf("%d chain(s) are broken; the first break is at link %d of court %d", len(breaks), breaks[0].Seq, breaks[0].CourtID)
		}
		if *expect != "" {
			if err := expectLink(c, a, *expect); err != nil {
				return err
			}
		}
		fmt.Fprintln(c.stdout, "unbroken; keep the heads elsewhere, they show later that nothing was cut off")
		return nil
	})
}

func expectLink(c *call, a *app, expect string) error {
	parts := strings.Split(expect, ":")
	if len(parts) != 3 {
		return errUsage
	}
	court, err1 := strconv.ParseInt(parts[0], 10, 64)
	seq, err2 := strconv.ParseInt(parts[1], 10, 64)
	if err1 != nil || err2 != nil {
		return errUsage
	}
	list, err := a.db.AuditTrail(c.ctx, model.AuditFilter{CourtID: court, Before: seq + 1, Limit: 1})
	if err != nil {
		return err
	}
	if len(list) != 1 || list[0].Seq != seq || list[0].Hash != parts[2] {
		why := ""
		if r, err := a.db.LastRecovery(c.ctx); err != nil {
			return err
		} else if r != nil {
			why = fmt.Sprintf("; on %s: %s", r.FoundAt.Format("2006-01-02"), r.Detail)
		}
		return fmt.Errorf("BROKEN: link %d of court %d is not the one that was there: the end of the chain was cut off or rewritten%s", seq, court, why)
	}
	return nil
}

func rekey(c *call) error {
	if rest, err := c.parse(); err != nil || len(rest) > 0 {
		return errUsage
	}
	return c.with(func(a *app) error {
		done, err := a.db.Rekey(c.ctx)
		fmt.Fprintf(c.stdout, "%d values sealed anew with the active key %s\n", done.Values, done.Active)
		if len(done.Ended) > 0 {
			fmt.Fprintf(c.stdout, "ended, may leave the file: %s\n", strings.Join(done.Ended, ", "))
		}
		return err
	})
}

func sweep(c *call) error {
	if rest, err := c.parse(); err != nil || len(rest) > 0 {
		return errUsage
	}
	return c.with(func(a *app) error {
		if _, err := a.svc.Recovery.CheckObjects(c.ctx); err != nil {
			return err
		}
		rep, err := a.svc.Performance.Sweep(c.ctx)
		fmt.Fprintf(c.stdout, "removed %d viewing copies without a record and %d files that were never submitted; listed and kept %d objects without a record; removed %d whose term of keeping ended\n",
			rep.Orphans, rep.Expired, rep.Strays, rep.Ended)
		return err
	})
}
