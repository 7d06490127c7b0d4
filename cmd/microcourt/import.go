package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"microcourt/model"
	"microcourt/service/filing"
)

// importCases imports cases from a spreadsheet, shows what waits to be told, and
// releases it.
func importCases(c *call) error {
	code := c.flags.String("court", "", "the court's code, e.g. 浙0211")
	dry := c.flags.Bool("dry-run", false, "check only, write nothing")
	template := c.flags.String("template", "", "write the import template to standard output: xlsx or csv")
	notices := c.flags.String("notices", "", "when the parties are told: now, from (see -from) or held; held by itself when anything in the file is overdue or performed")
	from := c.flags.String("from", "", "the day from which the parties are told, e.g. 2026-03-01")
	rest, err := c.parse()
	if err != nil {
		return err
	}
	switch {
	case *template == "xlsx" && len(rest) == 0:
		return filing.TemplateXLSX(c.stdout)
	case *template == "csv" && len(rest) == 0:
		return filing.TemplateCSV(c.stdout)
	case *template != "" || len(rest) == 0 || *code == "":
		return errUsage
	}
	o := filing.Importing{DryRun: *dry, Source: filepath.Base(rest[0]), Notices: model.NoticeChoice(*notices)}
	if *from != "" {
		if o.FromOn, err = model.ParseDate(*from); err != nil {
			return err
		}
		if o.Notices == "" {
			o.Notices = model.NoticesFrom
		}
	}
	return c.with(func(a *app) error {
		court, err := a.db.CourtByCode(c.ctx, *code)
		if err != nil {
			return err
		}
		by := model.System()
		by.CourtID, by.Roles = court.ID, []model.Role{model.RoleClerk}
		switch {
		case rest[0] == "held" && len(rest) == 1:
			return listHeld(c, a, by)
		case rest[0] == "look" && len(rest) == 2, rest[0] == "release" && len(rest) == 2:
			id, err := strconv.ParseInt(rest[1], 10, 64)
			if err != nil {
				return errUsage
			}
			if rest[0] == "look" {
				return lookAtImport(c, a, by, id)
			}
			return releaseImport(c, a, by, id)
		case len(rest) != 1:
			return errUsage
		}
		return importFile(c, a, by, rest[0], o)
	})
}

func importFile(c *call, a *app, by model.Actor, path string, o filing.Importing) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read only
	rep, err := a.svc.Filing.Import(c.ctx, by, f, o)
	if err != nil {
		return err
	}
	for _, p := range rep.Problems {
		fmt.Fprintf(c.stdout, "第 %d 行\t%s\t%s\t%s\n", p.Row, p.Column, p.Message, p.Reason)
	}
	for _, n := range rep.Notes {
		fmt.Fprintf(c.stdout, "提示：%s\n", n)
	}
	fmt.Fprintf(c.stdout, "共 %d 行、%d 件案件；新增 %d 件，已存在且相同 %d 件，问题 %d 处\n",
		rep.Rows, rep.Cases, rep.Created, rep.Unchanged, len(rep.Problems))
	if len(rep.Problems) > 0 {
		return errors.New("有内容不正确，没有写入任何案件")
	}
	if rep.Created == 0 {
		return nil
	}
	if rep.Payments > 0 {
		fmt.Fprintf(c.stdout, "已履行记录 %d 笔，共 %s 元，由承办法官确认后计入台账\n", rep.Payments, rep.PaymentsFen.Yuan())
	}
	printOutgoing(c.stdout, rep.Outgoing)
	if rep.ImportID != 0 && rep.Outgoing.Choice == model.NoticesHeld {
		fmt.Fprintf(c.stdout, "查看样张：microcourt import -court CODE look %d；放行通知：microcourt import -court CODE release %d\n", rep.ImportID, rep.ImportID)
	}
	return nil
}

// printOutgoing says how many messages and papers go out, and when.
func printOutgoing(w io.Writer, out filing.Outgoing) {
	fmt.Fprintf(w, "通知方式：%s", out.Choice.Chinese())
	if !out.FromOn.IsZero() {
		fmt.Fprintf(w, "（%s）", out.FromOn)
	}
	if out.Why != "" {
		fmt.Fprintf(w, "（%s；可用 -notices 另选）", out.Why)
	}
	fmt.Fprintln(w)
	for _, l := range out.Lines {
		fmt.Fprintf(w, "  %s\t%d 份，其中通知当日 %d 份；如今日通知，最早 %s\n", l.Kind.Chinese(), l.N, l.AtOnce, l.First)
	}
	fmt.Fprintf(w, "  编号文书 %d 份，短信 %d 条，需打印邮寄 %d 份\n", out.Papers, out.Texts, out.Prints)
}

// listHeld lists the imports whose parties have not been told.
func listHeld(c *call, a *app, by model.Actor) error {
	for before := int64(0); ; {
		list, err := a.svc.Filing.Imports(c.ctx, by, before, 100)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, m := range list {
			before = m.ID
			if m.Waits() {
				fmt.Fprintf(c.stdout, "%d\t%s\t%s\t%d 件\t%s %s\n", m.ID, m.CreatedAt.In(model.CourtZone).Format("2006-01-02 15:04"), m.Source, m.Cases, m.Choice.Chinese(), m.FromOn)
			}
		}
	}
}

// lookAtImport prints one notice of each kind that an import makes.
func lookAtImport(c *call, a *app, by model.Actor, id int64) error {
	m, err := a.svc.Filing.Imported(c.ctx, by, id)
	if err != nil {
		return err
	}
	for _, x := range m.Samples {
		s, err := a.svc.Filing.Sample(c.ctx, by, id, x.Kind)
		if err != nil {
			return err
		}
		fmt.Fprintf(c.stdout, "== %s（预计 %d 份）样张：%s，致 %s\n%s\n\n", x.Kind.Chinese(), x.N, s.CaseNo, s.Party.Name, s.Notice.Body)
	}
	return nil
}

// releaseImport lets the notices of an import go and makes them.
func releaseImport(c *call, a *app, by model.Actor, id int64) error {
	if _, err := a.svc.Filing.Release(c.ctx, by, id); err != nil {
		return err
	}
	if err := a.svc.Filing.Pass(c.ctx); err != nil {
		return err
	}
	m, err := a.svc.Filing.Imported(c.ctx, by, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "已放行：%d 件案件，尚未通知 %d 件；由导入的已履行记录 %d 笔待法官确认\n", m.Cases, m.Held, m.Pending)
	return nil
}
