package liaison

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"

	"microcourt/model"
	"microcourt/service/sheet"
	"microcourt/storage"
)

// rosterColumns are the titles of the sheet by which villages and the roster come in:
// one row a village. Somebody who looks after several stands in the rows of each.
var rosterColumns = []string{"镇（街道）", "村（社区）", "姓名", "手机号", "任期起", "任期止"}

const (
	rosTown = iota
	rosVillage
	rosName
	rosPhone
	rosFrom
	rosUntil
)

var (
	rosterTable  = sheet.Table{Columns: sheet.Columns(rosterColumns), MaxRows: 3000}
	errWrongRows = errors.New("rows are wrong")
)

// RosterTemplate writes the empty sheet, with how it is filled in.
func RosterTemplate(w io.Writer) error {
	return sheet.Form{
		Name: "联络员", Rows: [][]any{sheet.Titles(rosterColumns)}, Widths: []float64{18, 18, 18, 18, 18, 18}, Help: []string{
			"每行一个村（社区）。还没有联络员的村（社区），只填前两列。",
			"一人联络几个村（社区）的，每个村（社区）一行，姓名、手机号和任期各行相同。",
			"任期写 2026-03-31 或 2026年3月31日，任期止含当日。",
			"有一处不正确的，全部不登记，表格会标出错误退回；改正后重新上传。已经登记的村（社区）和相同的联络员不会重复登记。",
			"已在名册上的人变更手机号、任期或者联络的村（社区）的，请在名册上打开该人更改，以便写明原因。",
		},
	}.Write(w)
}

// RosterReport is what a sheet of the roster did.
type RosterReport struct {
	Rows                          int
	NewVillages, Added, Unchanged int
	Problems                      sheet.Faults
	Marked                        []byte // the sheet with its faults marked
	MarkedEnd                     string
}

// rosterRow is a row that was read.
type rosterRow struct {
	n       int
	village model.Village
	person  model.Liaison // without a name for a village that nobody looks after yet
}

// AddAll takes the villages and liaisons of a sheet: all of them, or, when one cell
// is wrong, none, and the sheet comes back with its faults marked. The same sheet
// again changes nothing.
func (s *Service) AddAll(ctx context.Context, by model.Actor, r io.Reader) (*RosterReport, error) {
	if err := by.Require(model.ActLiaisonManage); err != nil {
		return nil, err
	}
	f, err := sheet.Receive(ctx, r)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	found := &RosterReport{}
	rows, info, err := readRoster(ctx, f, model.DateOf(s.db.Now()), found)
	if err != nil {
		return nil, err
	}
	var rep *RosterReport
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		again := *found
		rep = &again
		rep.Problems = slices.Clone(found.Problems)
		if err := s.takeRoster(ctx, tx, by, rows, rep); err != nil {
			return err
		}
		if len(rep.Problems) > 0 {
			return errWrongRows // nothing is written
		}
		return nil
	})
	if err != nil && !errors.Is(err, errWrongRows) {
		return nil, fmt.Errorf("roster of a sheet: %w", err)
	}
	if len(rep.Problems) > 0 {
		rep.NewVillages, rep.Added, rep.Unchanged = 0, 0, 0
		rep.Marked, rep.MarkedEnd, err = f.Marked(ctx, info, rep.Problems)
		return rep, err
	}
	return rep, nil
}

func readRoster(ctx context.Context, f *sheet.File, today model.Date, rep *RosterReport) (out []rosterRow, info sheet.Info, err error) {
	seen := map[[4]string]int{}
	info, err = rosterTable.Each(ctx, f, func(n int, cells []sheet.Cell) error {
		rep.Rows++
		row := rosterRow{n: n}
		wrong := func(column int, err error) {
			if err != nil {
				rep.Problems.Add(n, rosterColumns[column], err)
			}
		}
		var err error
		row.village.Town, err = cells[rosTown].Words()
		wrong(rosTown, err)
		row.village.Name, err = cells[rosVillage].Words()
		wrong(rosVillage, err)
		if err := row.village.Check(); err != nil {
			column := rosVillage
			if row.village.Town == "" {
				column = rosTown
			}
			wrong(column, err)
		}
		p := &row.person
		p.Name, err = cells[rosName].Name()
		wrong(rosName, err)
		p.Phone, err = cells[rosPhone].Phone()
		wrong(rosPhone, err)
		p.FromOn, err = cells[rosFrom].Day()
		wrong(rosFrom, err)
		p.UntilOn, err = cells[rosUntil].Day()
		wrong(rosUntil, err)
		if p.Name != "" || p.Phone != "" || !p.FromOn.IsZero() || !p.UntilOn.IsZero() {
			if err := p.Check([]int64{1}, today); err != nil { // his village is this one
				wrong(columnOf(err), err)
			}
		}
		key := [4]string{row.village.Town, row.village.Name, p.Name, p.Phone}
		if first := seen[key]; first != 0 {
			wrong(rosVillage, model.E(model.Invalid, "liaison.twice", fmt.Sprintf("与第 %d 行相同，请删去一行", first)))
		} else {
			seen[key] = n
		}
		out = append(out, row)
		return nil
	})
	return out, info, err
}

// columnOf is the column of a field of an entry.
func columnOf(err error) int {
	switch model.FieldOf(err) {
	case "phone":
		return rosPhone
	case "until_on":
		return rosUntil
	case "from_on":
		return rosFrom
	}
	return rosName
}

// takeRoster adds what is new. Of a person all rows are taken together.
func (s *Service) takeRoster(ctx context.Context, tx *storage.DB, by model.Actor, rows []rosterRow, rep *RosterReport) error {
	type person struct{ name, phone string }
	type entry struct {
		first    rosterRow
		villages []int64
	}
	var order []person
	of := map[person]*entry{}
	for _, row := range rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		if row.village.Check() != nil {
			continue // said already
		}
		created, err := s.addVillage(ctx, tx, by, &row.village)
		if err != nil {
			return err
		}
		if created {
			rep.NewVillages++
		}
		if row.person.Name == "" {
			continue
		}
		k := person{row.person.Name, row.person.Phone}
		e := of[k]
		if e == nil {
			e = &entry{first: row}
			of[k] = e
			order = append(order, k)
		}
		if e.first.person.FromOn != row.person.FromOn || e.first.person.UntilOn != row.person.UntilOn {
			rep.Problems.Add(row.n, rosterColumns[rosFrom], model.E(model.Invalid, "liaison.differs", fmt.Sprintf("与第 %d 行是同一人，任期应当相同", e.first.n)))
		}
		e.villages = append(e.villages, row.village.ID)
	}
	for _, k := range order {
		if err := s.takePerson(ctx, tx, by, of[k].first, of[k].villages, rep); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) takePerson(ctx context.Context, tx *storage.DB, by model.Actor, row rosterRow, villages []int64, rep *RosterReport) error {
	villages = slices.Sorted(slices.Values(villages))
	old, err := tx.LiaisonOfPhone(ctx, by.CourtID, row.person.Phone, model.DateOf(tx.Now()))
	if err != nil {
		return err
	}
	if old != nil {
		var his []int64
		for _, v := range old.Villages {
			his = append(his, v.ID)
		}
		if old.Name == row.person.Name && old.FromOn == row.person.FromOn && old.UntilOn == row.person.UntilOn && slices.Equal(slices.Sorted(slices.Values(his)), villages) {
			rep.Unchanged++
			return nil
		}
		rep.Problems.Add(row.n, rosterColumns[rosPhone], model.E(model.Invalid, "liaison.listed",
			fmt.Sprintf("该手机号的%s已在名册上（任期至 %s），需要更改的请在名册上打开该人更改；未更改的，各行应与名册一致", old.Name, old.UntilOn)))
		return nil
	}
	in := row.person
	h := sha256.Sum256([]byte(fmt.Sprint(by.CourtID, "|", in.Phone, "|", in.FromOn, "|", in.UntilOn)))
	in.IdemKey = "sheet-" + hex.EncodeToString(h[:16])
	if _, err := s.add(ctx, tx, by, &in, villages); err != nil {
		if model.KindOf(err) != model.Invalid {
			return err
		}
		rep.Problems.Add(row.n, rosterColumns[columnOf(err)], err)
		return nil
	}
	rep.Added++
	return nil
}
