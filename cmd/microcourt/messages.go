package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"microcourt/model"
	"microcourt/service/channel"
	"microcourt/service/wechat"
	"microcourt/storage"
)

// checkWeChat compares the mapping of notices to templates with what the
// mini-program, and the service account if there is one, really have.
func checkWeChat(c *call) error {
	rest, err := c.parse()
	if err != nil || len(rest) != 1 || rest[0] != "check" {
		return errUsage
	}
	return c.with(func(a *app) error {
		list, err := a.wechat.Templates(c.ctx)
		if err != nil {
			return err
		}
		err = checkCards(c.stdout, "mini-program", list, a.cards)
		if a.followers.Client == nil {
			return err
		}
		own, aerr := a.followers.Client.AccountTemplates(c.ctx)
		if aerr == nil {
			aerr = checkCards(c.stdout, "service account", own, a.followers.Cards)
		}
		return errors.Join(err, aerr)
	})
}

// checkCards compares a mapping with the templates of an owner, the mini-program
// or the service account.
func checkCards(w io.Writer, owner string, list []wechat.Template, cards channel.Cards) error {
	wrong := 0
	for _, kind := range slices.Sorted(maps.Keys(cards)) {
		if text := cardFault(list, owner, cards[kind]); text != "" {
			wrong++
			fmt.Fprintf(w, "%s\t%s\n", kind, text)
		}
	}
	for _, text := range cards.Warnings() {
		fmt.Fprintf(w, "warning\t%s\n", text)
	}
	fmt.Fprintf(w, "%d templates in the %s, %d kinds mapped, %d wrong\n", len(list), owner, len(cards), wrong)
	if wrong > 0 {
		return fmt.Errorf("the mapping does not fit the templates of the %s", owner)
	}
	return nil
}

func cardFault(list []wechat.Template, owner string, card channel.CardTemplate) string {
	i := slices.IndexFunc(list, func(t wechat.Template) bool { return t.ID == card.ID })
	if i < 0 {
		return fmt.Sprintf("the %s has no template %s", owner, card.ID)
	}
	t := list[i]
	if t.LongTerm != card.LongTerm && owner != "service account" { // its templates have no such type
		return fmt.Sprintf("template %s: long_term is %t in the %s", t.Title, t.LongTerm, owner)
	}
	var missing []string
	for _, k := range t.Keys {
		if _, ok := card.Fields[k]; !ok {
			missing = append(missing, k)
		}
	}
	for k := range card.Fields {
		if !slices.Contains(t.Keys, k) {
			missing = append(missing, "-"+k)
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return fmt.Sprintf("template %s: fields missing, or with - not in it: %s", t.Title, strings.Join(missing, " "))
	}
	for _, k := range slices.Sorted(maps.Keys(t.Enums)) {
		if _, mapped := card.Fields[k]; !mapped {
			continue
		}
		if out := card.Outside(k, t.Enums[k]); len(out) > 0 {
			return fmt.Sprintf("template %s: %s takes only %s, not %s; map them under values", t.Title, k, strings.Join(t.Enums[k], "、"), strings.Join(out, "、"))
		}
	}
	return ""
}

// notices replays messages that failed for good.
func notices(c *call) error {
	code := c.flags.String("court", "", "the court's code, e.g. 浙0211")
	states := c.flags.String("state", "unreachable,invalid,expired", "comma-separated: no_consent, unreachable, invalid, expired, unknown")
	dry := c.flags.Bool("dry-run", false, "print what would be sent again, and change nothing")
	rest, err := c.parse()
	if err != nil || len(rest) != 1 || rest[0] != "replay" || *code == "" {
		return errUsage
	}
	return c.with(func(a *app) error {
		court, err := a.db.CourtByCode(c.ctx, *code)
		if err != nil {
			return err
		}
		n := 0
		for after := int64(0); ; {
			list, err := a.db.FailedDeliveries(c.ctx, court.ID, after, 100)
			if err != nil {
				return err
			}
			for _, m := range list {
				after = m.ID
				if !slices.Contains(strings.Split(*states, ","), string(m.State)) {
					continue
				}
				n++
				fmt.Fprintf(c.stdout, "%d\tnotice %d\t%s\t%s\t%d\n", m.ID, m.NoticeID, m.Channel, m.State, m.LastCode)
				if *dry {
					continue
				}
				err := a.db.Transact(c.ctx, func(tx *storage.DB) error {
					if err := tx.Requeue(c.ctx, &m); err != nil {
						return err
					}
					return tx.Audit(model.System(), model.RoleAdmin, model.AuditEvent{
						CourtID: court.ID, Action: model.AuditDeliveryResend, Subject: model.ThingOutbox.Of(m.ID), After: m.Channel,
					})
				})
				if err != nil {
					return err
				}
			}
			if len(list) < 100 {
				break
			}
		}
		verb := "queued again"
		if *dry {
			verb = "would be queued again"
		}
		fmt.Fprintf(c.stdout, "%d %s\n", n, verb)
		return nil
	})
}
