package operations

import (
	"context"
	"errors"
	"slices"
	"strings"

	"microcourt/model"
)

// failuresTold is how often in a row a job fails before it is a finding.
const failuresTold = 3

// Findings tells the actor what the system found wrong with itself and he is
// to see to, in his court. It is derived from the records: what was mended is
// not told any more.
func (s *Service) Findings(ctx context.Context, by model.Actor) ([]model.Defect, error) {
	if !slices.ContainsFunc(model.DefectKinds(), func(k model.DefectKind) bool { return by.May(k.Act()) }) {
		return nil, nil
	}
	all, err := s.AllFindings(ctx, by.CourtID)
	return slices.DeleteFunc(all, func(f model.Defect) bool { return !by.May(f.Kind.Act()) }), err
}

// AllFindings is what the system found wrong with itself in a court, or in all
// when courtID is 0.
func (s *Service) AllFindings(ctx context.Context, courtID int64) ([]model.Defect, error) {
	out, err := s.db.Findings(ctx, courtID)
	if err != nil {
		return nil, err
	}
	jobs, err := s.jobHealth(ctx)
	if err != nil {
		return nil, err
	}
	late := model.Defect{Kind: model.DefectJob}
	var names []string
	now := s.db.Now()
	for _, j := range jobs {
		// One that never ran is found by its absence once another ran long ago.
		never := !j.Ran && now.Sub(s.started) > j.Every+model.FindJobAfter
		if never || j.Ran && now.Sub(j.NextAt) > model.FindJobAfter || j.Failures >= failuresTold {
			late.N++
			names = append(names, j.Chinese)
			if j.Ran && (late.Since.IsZero() || j.EndedAt.Before(late.Since)) {
				late.Since = j.EndedAt
			}
		}
	}
	if late.What = strings.Join(names, "、"); late.N > 0 {
		out = append(out, late)
	}
	if since := s.cfg.Recovery.JournalAway(); !since.IsZero() {
		out = append(out, model.Defect{Kind: model.DefectJournal, N: 1, Since: since})
	}
	return out, nil
}

// watch logs what the system found wrong with itself.
func (s *Service) watch(ctx context.Context) error {
	looked := s.cfg.Recovery.LookForMissing(ctx)
	found, err := s.AllFindings(ctx, 0)
	for _, f := range found {
		s.cfg.Logger.WarnContext(ctx, "finding", "kind", f.Kind, "count", f.N, "since", f.Since)
	}
	return errors.Join(looked, err)
}
