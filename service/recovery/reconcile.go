package recovery

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// Reconciliation is what a reconciliation found and did.
type Reconciliation struct {
	// Strays are the objects that no row knows and that are kept, by folder; New
	// of them were not listed before.
	Strays map[string]StrayCount
	New    int64
	Papers []StrayPaper // signed papers among them
	// Missing are the objects that rows name and the store does not have.
	Missing      []storage.NamedObject
	MissingCount int
	Voided       []model.VoidNumber
	Doubled      []string // numbers that two papers bear
	Ambiguous    []string // numbers on papers that can be of several series; all of them were moved past it
	Held         int64    // outside messages that wait for a decision
	Resent       int64
	// Lost says of each court how many links of its audit chain are missing
	// against what was kept outside.
	Lost map[int64]int64
}

// StrayCount is how many objects there are and how large they are together.
type StrayCount struct {
	N    int
	Size int64 // bytes
}

// StrayPaper is a signed paper that no row knows.
type StrayPaper struct{ Key, Number string }

// Options of a reconciliation.
type Options struct {
	// Kept is what WriteHeads and `audit verify` printed and somebody kept.
	Kept string
	// Resend sends the messages again that may have been sent.
	Resend bool
}

// maxListed bounds what a report names one by one.
const maxListed = 200

// Reconcile makes a database that is older than the world outside fit to go on:
// it lists every object without a row, moves every series of numbers past what
// was given out and records what it skips as void, lets what became due
// meanwhile become due without sending it, and closes the recovery. It can be
// run at any time and as often as wanted.
func (s *Service) Reconcile(ctx context.Context, by model.Actor, opt Options) (*Reconciliation, error) {
	rep := &Reconciliation{Strays: map[string]StrayCount{}, Lost: map[int64]int64{}}
	o, err := s.readJournal(ctx, true)
	if err != nil {
		return nil, fmt.Errorf("reconcile: %w", err)
	}
	keptMarks, keptHeads := readKept(opt.Kept, o.courts)
	o.marks, o.heads = append(o.marks, keptMarks...), append(o.heads, keptHeads...)
	if err := s.scan(ctx, rep, o); err != nil {
		return nil, fmt.Errorf("reconcile: %w", err)
	}
	if err := s.lost(ctx, rep, o.heads); err != nil {
		return nil, fmt.Errorf("reconcile: %w", err)
	}
	open, err := s.db.OpenRecovery(ctx)
	if err != nil {
		return nil, fmt.Errorf("reconcile: %w", err)
	}
	began := s.db.Now()
	if s.cfg.Jobs != nil && open != nil && open.Cause.Proven() {
		if err := s.cfg.Jobs.CatchUp(ctx); err != nil {
			return nil, fmt.Errorf("reconcile: what became due meanwhile: %w", err)
		}
	}
	var added []model.VoidNumber
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		added = nil
		if added, err = s.raise(ctx, tx, by, o, "该编号在数据库恢复到较早状态之前已经给出"); err != nil {
			return err
		}
		if proven, err := tx.ProvenRecovery(ctx); err != nil {
			return err
		} else if proven {
			if _, err := tx.HoldOutbox(ctx, tx.Now(), began); err != nil {
				return err
			}
		}
		if opt.Resend {
			if rep.Resent, err = tx.ResendHeld(ctx); err != nil {
				return err
			}
		}
		if err := tx.CloseRecoveries(ctx); err != nil {
			return err
		}
		for _, c := range o.courts {
			err := tx.Audit(by, model.RoleAdmin, model.AuditEvent{
				CourtID: c.ID, Action: model.AuditDatabaseReconcile, Subject: model.ThingCourt.Of(c.ID),
				After: map[string]int64{"strays": int64(strayTotal(rep.Strays)), "void": int64(len(added)), "missing": int64(rep.MissingCount)},
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reconcile: %w", err)
	}
	if rep.Voided = added; open != nil { // a start may have found some already
		if rep.Voided, err = s.db.VoidedSince(ctx, open.FoundAt); err != nil {
			return nil, fmt.Errorf("reconcile: %w", err)
		}
	}
	rep.Ambiguous = o.ambiguous()
	if rep.Held, err = s.db.CountHeld(ctx); err != nil {
		return nil, fmt.Errorf("reconcile: %w", err)
	}
	s.mu.Lock()
	s.young = nil
	s.mu.Unlock()
	// The journal's newest end is now this database's.
	s.journal.mu.Lock()
	s.journal.day = ""
	s.journal.headsAt = time.Time{}
	s.journal.mu.Unlock()
	return rep, s.Flush(ctx)
}

func strayTotal(m map[string]StrayCount) (n int) {
	for _, c := range m {
		n += c.N
	}
	return n
}

// Restored records that the database was brought back to a backup of a moment:
// nothing is removed or sent until Reconcile has run. Sessions end, because one
// that was ended since is alive again.
func (s *Service) Restored(ctx context.Context, by model.Actor, backup time.Time) error {
	courts, err := s.db.Courts(ctx)
	if err != nil {
		return fmt.Errorf("restored: %w", err)
	}
	err = s.db.Transact(ctx, func(tx *storage.DB) error {
		at := backup.UTC().Truncate(time.Microsecond)
		r := model.Recovery{Cause: model.RecoveryRestore, Detail: "a backup of " + at.Format(time.RFC3339) + " was restored", BackupAt: &at}
		added, err := tx.AddRecovery(ctx, &r)
		if err != nil || !added { // it was recorded before an interruption
			return err
		}
		if err := tx.EndRevived(ctx); err != nil {
			return err
		}
		// What was about to take effect at the instant of the backup waits for people: it
		// may have taken effect, or have been taken back, in what is lost.
		if _, err := tx.StopDeskActs(ctx, 0, 0, model.StoppedRestored); err != nil {
			return err
		}
		for _, c := range courts {
			err := tx.Audit(by, model.RoleAdmin, model.AuditEvent{
				CourtID: c.ID, Action: model.AuditDatabaseRestore, Subject: model.ThingCourt.Of(c.ID), After: at,
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("restored: %w", err)
	}
	return nil
}

// scan looks at every object: those without a row are listed, those that rows
// name and that are not there are reported. One that was on its way to its row
// is listed, too; the next sweep finds the row.
func (s *Service) scan(ctx context.Context, rep *Reconciliation, o *outside) error {
	present := map[uint64]struct{}{}
	for _, folder := range kept {
		var page []model.StrayObject
		flush := func() error {
			var added int64
			err := s.db.Transact(ctx, func(tx *storage.DB) (err error) {
				added, err = tx.AddStrays(ctx, page)
				return err
			})
			if err == nil {
				rep.New += added
			}
			page = page[:0]
			return err
		}
		err := s.unknown(ctx, folder+"/", func(key string) { present[hashKey(key)] = struct{}{} }, func(i object.Info) error {
			c := rep.Strays[folder]
			rep.Strays[folder] = StrayCount{c.N + 1, c.Size + i.Size}
			stray := model.StrayObject{Key: i.Key, Size: i.Size, ModifiedAt: i.ModTime.UTC(), Cause: model.StrayNoRow}
			if p, ok := s.readPaper(ctx, i); ok {
				stray.Number = p.number
				o.papers = append(o.papers, p)
				if err := s.doubled(ctx, rep, p); err != nil {
					return err
				}
				if len(rep.Papers) < maxListed {
					rep.Papers = append(rep.Papers, StrayPaper{i.Key, p.number})
				}
			}
			if page = append(page, stray); len(page) == 200 {
				return flush()
			}
			return nil
		})
		if err == nil && len(page) > 0 {
			err = flush()
		}
		if err != nil {
			return err
		}
	}
	err := s.db.NamedObjects(ctx, func(list []storage.NamedObject) error {
		var missing []model.MissingObject
		for _, n := range list {
			if _, ok := present[hashKey(n.Key)]; ok || !isKept(n.Key) {
				continue
			}
			if rep.MissingCount++; len(rep.Missing) < maxListed {
				rep.Missing = append(rep.Missing, n)
			}
			missing = append(missing, model.MissingObject{Key: n.Key, CourtID: n.CourtID, NamedBy: n.NamedBy})
		}
		return s.miss(ctx, missing)
	})
	if err != nil {
		return err
	}
	return s.LookForMissing(ctx)
}

func (s *Service) miss(ctx context.Context, list []model.MissingObject) error {
	if len(list) == 0 {
		return nil
	}
	return s.db.Transact(ctx, func(tx *storage.DB) error {
		_, err := tx.AddMissing(ctx, list)
		return err
	})
}

// doubled notes a certificate without a row whose number another one bears.
func (s *Service) doubled(ctx context.Context, rep *Reconciliation, p paper) error {
	if p.check == "" {
		return nil
	}
	c, err := s.db.CertificateByNumber(ctx, p.number)
	if err == nil && c != nil && c.CheckCode != p.check {
		rep.Doubled = append(rep.Doubled, p.number)
	}
	return err
}

func isKept(key string) bool {
	return slices.ContainsFunc(kept, func(f string) bool { return strings.HasPrefix(key, f+"/") })
}

func hashKey(key string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key)) // never fails
	return h.Sum64()
}

// lost counts the links of audit chains that were kept outside and are not
// there any more.
func (s *Service) lost(ctx context.Context, rep *Reconciliation, heads []storage.AuditHead) error {
	now, err := s.db.AuditHeads(ctx)
	if err != nil {
		return err
	}
	for _, h := range heads {
		link, err := s.db.AuditLink(ctx, h.CourtID, h.Seq)
		if err != nil {
			return err
		}
		if link != "" && strings.HasPrefix(link, h.Hash) {
			continue
		}
		for _, n := range now {
			if n.CourtID == h.CourtID {
				rep.Lost[h.CourtID] = max(rep.Lost[h.CourtID], h.Seq-n.Seq, 1)
			}
		}
	}
	return nil
}

// raise moves every series past what is known outside, and records what it
// skips as void. It returns what it recorded.
func (s *Service) raise(ctx context.Context, tx *storage.DB, by model.Actor, o *outside, reason string) ([]model.VoidNumber, error) {
	courts := map[int64]model.Court{}
	for _, c := range o.courts {
		courts[c.ID] = c
	}
	o.paperMarks() // reads the papers' numbers
	byNumber := map[string]paper{}
	for _, p := range o.papers {
		byNumber[p.number] = p
	}
	top := map[seriesKey]int64{}
	for _, m := range o.marks {
		top[keyOf(m)] = max(top[keyOf(m)], m.Last)
	}
	for _, p := range o.papers {
		for _, m := range p.marks {
			top[keyOf(m)] = max(top[keyOf(m)], m.Last)
		}
	}
	keys := make([]seriesKey, 0, len(top))
	for k := range top {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b seriesKey) int {
		return cmp.Or(cmp.Compare(a.court, b.court), cmp.Compare(a.kind, b.kind), cmp.Compare(a.year, b.year))
	})
	var out []model.VoidNumber
	for _, k := range keys {
		c, ok := courts[k.court]
		if !ok {
			continue
		}
		from, err := tx.RaiseSeries(ctx, model.SeriesMark{CourtID: k.court, Kind: k.kind, Year: k.year, Last: top[k]})
		if err != nil {
			return nil, err
		}
		pattern := c.Settings.SeriesPatterns()[k.kind]
		for n := from + 1; n <= top[k]; n++ {
			number := model.DocumentNumber(pattern, c.ShortName, k.year, n)
			p := byNumber[number]
			out = append(out, model.VoidNumber{
				CourtID: k.court, Kind: k.kind, Year: k.year, Serial: n, Number: number, CheckCode: p.check, ObjectKey: p.Key,
				Reason: reason, VoidedAt: tx.Now(), VoidedBy: by.UserID,
			})
		}
	}
	skipped := make(map[string]bool, len(out))
	for _, v := range out {
		skipped[v.Number] = true
	}
	// A paper may bear a number that the series passed before the paper was found.
	for _, p := range o.papers {
		known, err := len(p.marks) == 0 || skipped[p.number], error(nil)
		for _, m := range p.marks {
			if known {
				break // a record of any of its series has it
			}
			if known, err = tx.NumberKnown(ctx, m, p.number); err != nil {
				return nil, err
			}
		}
		if known {
			continue
		}
		m := p.marks[0] // one row says that it is void
		v := model.VoidNumber{
			CourtID: m.CourtID, Kind: m.Kind, Year: m.Year, Serial: m.Last, Number: p.number, CheckCode: p.check, ObjectKey: p.Key,
			Reason: reason, VoidedAt: tx.Now(), VoidedBy: by.UserID,
		}
		changed, err := tx.CompleteVoidNumber(ctx, v)
		if err != nil {
			return nil, err
		}
		if !changed {
			out = append(out, v)
		}
	}
	if err := tx.AddVoidNumbers(ctx, out); err != nil {
		return nil, err
	}
	for i := 0; i < len(out); {
		j := i
		for j < len(out) && out[j].CourtID == out[i].CourtID {
			j++
		}
		err := tx.Audit(by, model.RoleAdmin, model.AuditEvent{
			CourtID: out[i].CourtID, Action: model.AuditNumberVoid, Subject: model.ThingCourt.Of(out[i].CourtID), After: out[i:j],
		})
		if err != nil {
			return nil, err
		}
		i = j
	}
	return out, nil
}
