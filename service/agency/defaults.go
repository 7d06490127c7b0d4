package agency

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"strings"

	"microcourt/model"
)

// duties is the list of duties of a court that has loaded none of its own. What
// of it comes from which source, and what is for the court to fill, stands at
// its head.
//
//go:embed duties.csv
var duties []byte

// DefaultSource names the list that a court begins with.
const DefaultSource = "系统预置清单（依据中办发〔2016〕64号、法释〔2015〕17号编写，须由法院按本地清单核对）"

// defaultList is the list without the remarks at its head.
func defaultList() []byte {
	var out bytes.Buffer
	for line := range strings.Lines(string(duties)) {
		if !strings.HasPrefix(line, "#") {
			out.WriteString(line)
		}
	}
	return out.Bytes()
}

// DefaultCSV is the list that a court begins with, for whoever starts from it.
func DefaultCSV() []byte { return append([]byte("\xef\xbb\xbf"), defaultList()...) }

// LoadDefaults gives the list of duties to a court that has none.
func (s *Service) LoadDefaults(ctx context.Context, courtID int64) error {
	by := model.System()
	by.CourtID, by.Roles = courtID, []model.Role{model.RoleListManager}
	rep, err := s.Load(ctx, by, bytes.NewReader(defaultList()), Loading{Source: DefaultSource})
	if err == nil && len(rep.Problems) > 0 {
		p := rep.Problems[0]
		err = fmt.Errorf("%d problems, the first in row %d: %s", len(rep.Problems), p.Row, p.Reason)
	}
	return err
}

// loadDefaults gives every court its first list that has no agencies of its own
// yet. Somebody may be faster: then it has one.
func (s *Service) loadDefaults(ctx context.Context) error {
	courts, err := s.db.CourtsWithoutDuties(ctx)
	if err != nil {
		return err
	}
	var errs error
	for _, id := range courts {
		if err := s.LoadDefaults(ctx, id); err != nil && model.KindOf(err) != model.Conflict {
			errs = errors.Join(errs, fmt.Errorf("first list of duties of court %d: %w", id, err))
		}
	}
	return errs
}

// Lists are the versions of the court's list of duties, the newest first.
func (s *Service) Lists(ctx context.Context, by model.Actor) ([]model.DutyList, error) {
	if err := by.Require(model.ActAgencyRead); err != nil {
		return nil, err
	}
	return s.db.DutyLists(ctx, by.CourtID)
}
