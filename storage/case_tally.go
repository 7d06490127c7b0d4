package storage

import (
	"cmp"
	"context"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"microcourt/model"
)

// standing is what cases are counted by: whose they are and how they stand.
type standing struct {
	CourtID     int64             `gorm:"primaryKey;autoIncrement:false"`
	JudgeID     int64             `gorm:"primaryKey;autoIncrement:false"`
	Performance model.Performance `gorm:"primaryKey"`
	Enforced    bool              `gorm:"primaryKey"`
}

func standingOf(cs model.Case) standing {
	return standing{CourtID: cs.CourtID, JudgeID: cs.JudgeID, Performance: cs.Performance, Enforced: !cs.EnforcementFiledOn.IsZero()}
}

// caseTally is how many cases stand alike. It grows with the number of judges
// instead of cases: to count a court's hundred thousand cases takes longer than
// a page may.
type caseTally struct {
	At standing `gorm:"embedded"`
	N  int64
}

// TableName implements gorm's Tabler.
func (caseTally) TableName() string { return "case_tallies" }

// tally remembers, inside a transaction, that cases came to a standing or
// left it. The lines are written as late as the audit chain, for the same
// reason.
func (db *DB) tally(s standing, n int64) {
	if db.tallies == nil {
		db.tallies = map[standing]int64{}
	}
	db.tallies[s] += n
}

// restand runs a change of one case and counts it where it stands afterwards.
// The caller holds the case's lock.
func (db *DB) restand(ctx context.Context, caseID int64, change func(*model.Case) error) error {
	var cs model.Case
	if err := db.q(ctx).Select("court_id", "judge_id", "performance", "enforcement_filed_on").Take(&cs, "id = ?", caseID).Error; err != nil {
		return translate(err, "case")
	}
	before := standingOf(cs)
	if err := change(&cs); err != nil {
		return err
	}
	if after := standingOf(cs); after != before {
		db.tally(before, -1)
		db.tally(after, 1)
	}
	return nil
}

// appendTallies writes what the transaction counted, always in one order, so
// that two transactions seldom wait for each other in a circle.
func (db *DB) appendTallies(ctx context.Context) error {
	lines := make([]caseTally, 0, len(db.tallies))
	for s, n := range db.tallies {
		if n != 0 {
			lines = append(lines, caseTally{s, n})
		}
	}
	slices.SortFunc(lines, func(a, b caseTally) int {
		enforced := 0
		if a.At.Enforced != b.At.Enforced {
			enforced = 1
			if b.At.Enforced {
				enforced = -1
			}
		}
		return cmp.Or(cmp.Compare(a.At.CourtID, b.At.CourtID), cmp.Compare(a.At.JudgeID, b.At.JudgeID), cmp.Compare(a.At.Performance, b.At.Performance), enforced)
	})
	for _, l := range lines {
		err := db.q(ctx).Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "court_id"}, {Name: "judge_id"}, {Name: "performance"}, {Name: "enforced"}},
			DoUpdates: clause.Assignments(map[string]any{"n": gorm.Expr("case_tallies.n + ?", l.N)}),
		}).Create(&l).Error
		if err != nil {
			return translate(err, "case_tally")
		}
	}
	return nil
}

// RecountCases corrects the tallies by counting every case, and tells how many
// lines were wrong: none, unless somebody changed cases behind the program's
// back. It is for the night: it holds the lines while it counts.
func (db *DB) RecountCases(ctx context.Context) (wrong int, err error) {
	err = db.Transact(ctx, func(tx *DB) error {
		wrong = 0
		var have, want []caseTally
		if err := tx.forUpdate(ctx).Find(&have).Error; err != nil {
			return translate(err, "case_tally")
		}
		err := tx.q(ctx).Model(&model.Case{}).Group("court_id, judge_id, performance, enforcement_filed_on IS NOT NULL").
			Select("court_id, judge_id, performance, enforcement_filed_on IS NOT NULL AS enforced, COUNT(*) AS n").Scan(&want).Error
		if err != nil {
			return translate(err, "case")
		}
		for _, t := range want {
			tx.tally(t.At, t.N)
		}
		for _, t := range have {
			tx.tally(t.At, -t.N)
		}
		for _, n := range tx.tallies {
			if n != 0 {
				wrong++
			}
		}
		return nil
	})
	return wrong, err
}
