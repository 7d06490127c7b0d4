package recovery

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"microcourt/model"
	"microcourt/storage"
	"microcourt/storage/object"
)

// The journal is a folder of the object store. Its objects are tiny and only
// added; the key itself is the entry, so that the journal is read by listing:
//
//	journal/2026/11/29/n-e6b59930323131-certificate-2026-42   a series stands at 42
//	journal/2026/11/29/a-e6b59930323131-1795943991025-1807-3f9c0a…   an audit chain's end at an instant
//	journal/2026/11/29/z                                       this day has all of them
//
// The court stands in it by its code, because ids are the database's own.
const journalFolder = "journal"

// How often the journal is written: numbers at once, but not more often than
// this; ends of audit chains, which move with every look, now and then.
const (
	flushPause = 250 * time.Millisecond
	headsEvery = time.Minute
)

type seriesKey struct {
	court int64
	kind  string
	year  int
}

func keyOf(m model.SeriesMark) seriesKey { return seriesKey{m.CourtID, m.Kind, m.Year} }

// journal is what this process has written.
type journal struct {
	wake  chan struct{}
	dirty atomic.Bool // outside the mutex, which is held while the store is written to

	mu      sync.Mutex
	day     string           // whose marks have all been written
	whole   bool             // and the ends of all chains
	codes   map[int64]string // the courts' codes in hex
	series  map[seriesKey]int64
	heads   map[int64]storage.AuditHead
	headsAt time.Time
}

// touch notes that a number was given out. It runs after a commit and waits for
// nothing: a store that hangs must not hold up requests.
func (j *journal) touch() {
	j.dirty.Store(true)
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// Flush writes what the journal does not have yet. Numbers are written as this
// process knows them: the database that gave them out may be away by now, or older
// again. While the database is known to be older than what belongs to it the ends
// of its audit chains are not written: those that stand in the journal are the
// proof.
func (s *Service) Flush(ctx context.Context) error {
	j := &s.journal
	j.mu.Lock()
	defer j.mu.Unlock()
	now := s.db.Now()
	day := journalFolder + "/" + now.Format("2006/01/02") + "/"
	if j.day != day {
		j.day, j.whole, j.headsAt = day, false, time.Time{}
		j.series, j.heads = map[seriesKey]int64{}, map[int64]storage.AuditHead{}
	}
	heads := !j.whole || now.Sub(j.headsAt) >= headsEvery || now.Before(j.headsAt)
	if !heads && !j.dirty.Load() {
		return nil
	}
	j.dirty.Store(false)
	err := s.writeMarks(ctx, day)
	if err == nil && heads {
		if err = s.writeHeads(ctx, day); err == nil {
			j.headsAt = now
		}
	}
	if err != nil {
		j.dirty.Store(true) // once more
		err = fmt.Errorf("journal: %w", err)
	}
	s.unwritten.note(err, now)
	return err
}

func (s *Service) writeMarks(ctx context.Context, day string) error {
	j, year := &s.journal, s.db.Now().Year()-1
	if !j.whole {
		series, err := s.db.Series(ctx, year)
		if err != nil {
			return err
		}
		s.db.NoteNumbers(series)
	}
	for _, m := range s.db.KnownNumbers() {
		if m.Year < year || j.series[keyOf(m)] >= m.Last {
			continue
		}
		code, err := s.code(ctx, m.CourtID)
		if err != nil {
			return err
		}
		if code == "" {
			continue
		}
		if err := s.write(ctx, fmt.Sprintf("%sn-%s-%s-%d-%d", day, code, m.Kind, m.Year, m.Last)); err != nil {
			return err
		}
		j.series[keyOf(m)] = m.Last
	}
	return nil
}

// code is a court's code as it stands in the journal, "" when there is no such
// court (any more).
func (s *Service) code(ctx context.Context, court int64) (string, error) {
	j := &s.journal
	if j.codes[court] == "" {
		courts, err := s.db.Courts(ctx)
		if err != nil {
			return "", err
		}
		j.codes = map[int64]string{}
		for _, c := range courts {
			j.codes[c.ID] = hex.EncodeToString([]byte(c.Code))
		}
	}
	return j.codes[court], nil
}

func (s *Service) writeHeads(ctx context.Context, day string) error {
	j := &s.journal
	open, err := s.db.OpenRecovery(ctx)
	if err != nil || open != nil {
		return err
	}
	heads, err := s.db.AuditHeads(ctx)
	if err != nil {
		return err
	}
	for _, h := range heads {
		if j.heads[h.CourtID] == h || len(h.Hash) < 16 {
			continue
		}
		code, err := s.code(ctx, h.CourtID)
		if err != nil {
			return err
		}
		if code == "" {
			continue
		}
		if err := s.write(ctx, fmt.Sprintf("%sa-%s-%d-%d-%s", day, code, s.db.Now().UnixMilli(), h.Seq, h.Hash[:16])); err != nil {
			return err
		}
		j.heads[h.CourtID] = h
	}
	if !j.whole {
		if err := s.write(ctx, day+"z"); err != nil {
			return err
		}
		j.whole = true
	}
	return nil
}

// write adds an entry; one that is there is there.
func (s *Service) write(ctx context.Context, key string) error {
	text := s.db.Now().Format(time.RFC3339Nano) + "\n"
	err := s.cfg.Objects.Put(ctx, key, strings.NewReader(text), int64(len(text)), object.PutOptions{ContentType: "text/plain"})
	if errors.Is(err, object.ErrExist) {
		return nil
	}
	return err
}

// outside is what is known outside the database.
type outside struct {
	marks  []model.SeriesMark
	heads  []storage.AuditHead // with the first 16 digits of their hash
	papers []paper
	courts []model.Court
}

// paperMarks are the numbers on papers without a row, by the courts' patterns. A
// number that can be of several series counts in all of them: whichever it was
// of, none of them may give it out again.
func (o *outside) paperMarks() []model.SeriesMark {
	var out []model.SeriesMark
	read := model.NewNumberReader(o.courts)
	for i := range o.papers {
		p := &o.papers[i]
		p.marks = read.Read(p.number)
		out = append(out, p.marks...)
	}
	return out
}

// ambiguous are the numbers on papers that can be of several series.
func (o *outside) ambiguous() (out []string) {
	for _, p := range o.papers {
		if len(p.marks) > 1 && !slices.Contains(out, p.number) {
			out = append(out, p.number)
		}
	}
	return out
}

// readJournal reads the journal: all of it, or from its newest day that has
// everything, which no older entry surpasses.
func (s *Service) readJournal(ctx context.Context, all bool) (*outside, error) {
	o := &outside{}
	var err error
	if o.courts, err = s.db.Courts(ctx); err != nil {
		return nil, err
	}
	m := newMarks(o.courts)
	if !all {
		for day := s.db.Now().AddDate(0, 0, 1); day.After(s.db.Now().AddDate(0, 0, -10)); day = day.AddDate(0, 0, -1) {
			complete, err := s.readEntries(ctx, journalFolder+"/"+day.Format("2006/01/02")+"/", m)
			if err != nil || complete {
				m.into(o)
				return o, err
			}
		}
	}
	_, err = s.readEntries(ctx, journalFolder+"/", m)
	m.into(o)
	return o, err
}

func (s *Service) readEntries(ctx context.Context, prefix string, m *marks) (complete bool, err error) {
	for e, err := range s.cfg.Objects.List(ctx, prefix) {
		if err != nil {
			return false, err
		}
		parts := strings.Split(e.Key, "/")
		name := parts[len(parts)-1]
		complete = complete || name == "z"
		m.add(name)
	}
	return complete, nil
}

// marks gathers the highest mark of each series and the newest of each chain.
type marks struct {
	courts map[string]int64 // by the code's hex
	series map[seriesKey]int64
	heads  map[int64]storage.AuditHead
	headAt map[int64]int64
}

func newMarks(courts []model.Court) *marks {
	m := &marks{courts: map[string]int64{}, series: map[seriesKey]int64{}, heads: map[int64]storage.AuditHead{}, headAt: map[int64]int64{}}
	for _, c := range courts {
		m.courts[hex.EncodeToString([]byte(c.Code))] = c.ID
	}
	return m
}

// add reads an entry's name. What is no entry, or of a court that the database
// does not know, is passed over.
func (m *marks) add(name string) {
	f := strings.Split(name, "-")
	court := int64(0)
	if len(f) > 1 {
		court = m.courts[f[1]]
	}
	switch {
	case court == 0:
	case len(f) == 5 && f[0] == "n":
		year, err1 := strconv.Atoi(f[3])
		last, err2 := strconv.ParseInt(f[4], 10, 64)
		if k := (seriesKey{court, f[2], year}); err1 == nil && err2 == nil {
			m.series[k] = max(m.series[k], last)
		}
	case len(f) == 5 && f[0] == "a":
		at, err1 := strconv.ParseInt(f[2], 10, 64)
		seq, err2 := strconv.ParseInt(f[3], 10, 64)
		// The newest, not the highest: after a backup was restored a chain goes on
		// from a lower link, and that is then its end.
		if err1 == nil && err2 == nil && at >= m.headAt[court] {
			m.headAt[court] = at
			m.heads[court] = storage.AuditHead{CourtID: court, Seq: seq, Hash: f[4]}
		}
	}
}

func (m *marks) into(o *outside) {
	for k, last := range m.series {
		o.marks = append(o.marks, model.SeriesMark{CourtID: k.court, Kind: k.kind, Year: k.year, Last: last})
	}
	for h := range maps.Values(m.heads) {
		o.heads = append(o.heads, h)
	}
}

// WriteHeads prints what to keep elsewhere: the ends of the audit chains and
// how far every series of numbers has come. Reconcile reads it again.
func (s *Service) WriteHeads(ctx context.Context, w io.Writer) error {
	courts, err := s.db.Courts(ctx)
	if err != nil {
		return err
	}
	code := map[int64]string{}
	for _, c := range courts {
		code[c.ID] = c.Code
	}
	series, err := s.db.Series(ctx, 0)
	for _, m := range series {
		if err == nil {
			_, err = fmt.Fprintf(w, "series %s:%s:%d:%d\n", code[m.CourtID], m.Kind, m.Year, m.Last)
		}
	}
	return err
}

// readKept reads what WriteHeads and `audit verify` printed; other lines are
// passed over.
func readKept(text string, courts []model.Court) (out []model.SeriesMark, heads []storage.AuditHead) {
	ids := map[string]int64{}
	for _, c := range courts {
		ids[c.Code] = c.ID
	}
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "series "); ok {
			f := strings.Split(rest, ":")
			if len(f) != 4 || ids[f[0]] == 0 {
				continue
			}
			year, err1 := strconv.Atoi(f[2])
			last, err2 := strconv.ParseInt(f[3], 10, 64)
			if err1 == nil && err2 == nil {
				out = append(out, model.SeriesMark{CourtID: ids[f[0]], Kind: f[1], Year: year, Last: last})
			}
		}
		if rest, ok := strings.CutPrefix(strings.TrimSpace(line), "head "); ok {
			f := strings.Split(rest, ":")
			if len(f) != 3 {
				continue
			}
			court, err1 := strconv.ParseInt(f[0], 10, 64)
			seq, err2 := strconv.ParseInt(f[1], 10, 64)
			if err1 == nil && err2 == nil {
				heads = append(heads, storage.AuditHead{CourtID: court, Seq: seq, Hash: f[2]})
			}
		}
	}
	return out, heads
}
