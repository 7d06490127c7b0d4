package main

import (
	"errors"
	"fmt"
	"os"

	"microcourt/model"
	"microcourt/service/agency"
)

// dutyLists keeps what a court's agencies owe: a list is loaded whole, as a new
// version; one with a wrong row changes nothing.
func dutyLists(c *call, a *app, by model.Actor, args []string, l agency.Loading) (handled bool, err error) {
	switch {
	case args[0] == "load" && len(args) == 2:
		if l.Source == "" {
			return true, model.InvalidField("source", "duty.source", "请写明清单的来源，例如：-source 镇信用办〔2026〕3号")
		}
		return true, loadDuties(c, a, by, args[1], l)
	case args[0] == "adopt" && len(args) == 1:
		rep, err := a.svc.Agency.Adopt(c.ctx, by, l)
		return true, printLoading(c, l, rep, err)
	case args[0] == "lists" && len(args) == 1:
		return true, listDutyLists(c, a, by)
	}
	return false, nil
}

func loadDuties(c *call, a *app, by model.Actor, path string, l agency.Loading) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // read only
	lists, err := a.svc.Agency.Lists(c.ctx, by)
	if err != nil {
		return err
	}
	if len(lists) > 0 {
		l.Seen = lists[0].Version
	}
	rep, err := a.svc.Agency.Load(c.ctx, by, file, l)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return printLoading(c, l, rep, nil)
}

func printLoading(c *call, l agency.Loading, rep *agency.LoadReport, err error) error {
	if err != nil {
		return err
	}
	for _, p := range rep.Problems {
		fmt.Fprintf(c.stdout, "row %d\t%s\t%s\n", p.Row, p.Column, p.Message)
	}
	if len(rep.Problems) > 0 {
		return errors.New("nothing was written: the list has wrong rows")
	}
	what := fmt.Sprintf("version %d holds", rep.Version)
	if l.DryRun {
		what = "checked, nothing was written"
	}
	fmt.Fprintf(c.stdout, "%s: %d rows, %d created, %d changed, %d unchanged, %d ended, %d agencies added\n",
		what, rep.Rows, rep.Created, rep.Changed, rep.Unchanged, rep.Ended, rep.Agencies)
	return nil
}

func listDutyLists(c *call, a *app, by model.Actor) error {
	lists, err := a.svc.Agency.Lists(c.ctx, by)
	for _, l := range lists {
		fmt.Fprintf(c.stdout, "version %d\t%d duties\tloaded %s\t%s\n", l.Version, l.Duties, model.DateOf(l.CreatedAt), l.Source)
	}
	return err
}
