package notice

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"microcourt/model"
	"microcourt/storage"
)

// A channel answered, and the database could not take the outcome: it is held
// in memory, and in a file for the case that the program ends meanwhile. Nothing
// else knows it: without it the message would be sent again as lost, and a card
// that was refused would be taken for shown.

// heldMost bounds what is held; beyond it nothing is sent until some is written.
const heldMost = 4096

// lateTries is how often a known outcome is offered to a message that another
// worker took up, a lateEvery apart: that worker may not know yet.
const (
	heldEvery = 2 * time.Second
	lateTries = 10
	lateEvery = 30 * time.Second
)

// adoptEvery is how often files of processes that ended are looked for.
const adoptEvery = time.Minute

// heldOutcome is one line of the file. It holds nothing personal.
type heldOutcome struct {
	ID       int64               `json:"id"`
	NoticeID int64               `json:"notice_id"`
	Channel  model.ChannelName   `json:"channel"`
	Deadline time.Time           `json:"deadline,omitzero"` // a message that is sent anew has another
	Owner    string              `json:"owner"`
	FallBack bool                `json:"fall_back"`
	Outcome  model.OutboxMessage `json:"outcome"`
	Kind     model.NoticeKind    `json:"kind"`
	Done     bool                `json:"done,omitempty"` // written down since
}

type holding struct {
	storage.Settlement
	tries int // as late
	next  time.Time
}

type held struct {
	log  *slog.Logger
	now  func() time.Time
	dir  string // "" keeps nothing over a restart
	path string // of the own file

	mu      sync.Mutex
	rows    map[int64]*holding
	file    *os.File  // locked as long as it is open
	adopted time.Time // when files of former processes were last looked for
}

func newHeld(dir, owner string, log *slog.Logger, now func() time.Time) *held {
	return &held{log: log, now: now, dir: dir, path: filepath.Join(dir, "outcomes-"+owner+".jsonl"), rows: map[int64]*holding{}}
}

// adopt takes over what former processes could not write down. A file that is
// locked belongs to one that still runs.
func (h *held) adopt() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.dir == "" || !h.adopted.IsZero() && h.now().Before(h.adopted.Add(adoptEvery)) {
		return
	}
	h.adopted = h.now()
	files, err := filepath.Glob(filepath.Join(h.dir, "outcomes-*.jsonl"))
	if err != nil {
		h.complain(err)
	}
	for _, path := range files {
		if path == h.path {
			continue
		}
		if err := h.take(path); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, storage.ErrLocked) {
			h.complain(err)
		}
	}
}

// take moves what stands in a file into the own one.
func (h *held) take(path string) error {
	f, err := storage.LockFile(path, os.O_RDWR, storage.LockAlone)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // nothing was written to it
	rows, err := read(f)
	if err != nil {
		return err
	}
	for id, r := range rows {
		if h.rows[id] == nil { // else it is known better
			h.rows[id] = r
		}
		err = errors.Join(err, h.write(h.rows[id].Settlement, false))
	}
	if err != nil { // the file stays
		return err
	}
	return os.Remove(path)
}

// release gives the own file to whoever runs next.
func (h *held) release() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.file == nil {
		return
	}
	if err := h.file.Close(); err != nil {
		h.complain(err)
	}
	h.file = nil
}

func (h *held) complain(err error) {
	if h.log != nil {
		h.log.Error("outbox: outcomes cannot be kept on disk", "error", err.Error())
	}
}

func read(f *os.File) (map[int64]*holding, error) {
	rows := map[int64]*holding{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var o heldOutcome
		if json.Unmarshal(lines.Bytes(), &o) != nil {
			continue // the last line of a process that was killed
		}
		if o.Done {
			delete(rows, o.ID)
			continue
		}
		s := storage.Settlement{Owner: o.Owner, Outcome: o.Outcome, FallBack: o.FallBack}
		s.ID, s.NoticeID, s.Channel, s.Deadline, s.Notice.ID, s.Notice.Kind = o.ID, o.NoticeID, o.Channel, o.Deadline, o.NoticeID, o.Kind
		rows[o.ID] = &holding{Settlement: s}
	}
	return rows, lines.Err()
}

// put holds an outcome.
func (h *held) put(m storage.Settlement) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if old, again := h.rows[m.ID]; again {
		old.Settlement = m
	} else {
		h.rows[m.ID] = &holding{Settlement: m}
	}
	if err := h.write(m, false); err != nil {
		h.complain(err)
	}
}

// later holds an outcome for a message that another worker has.
func (h *held) later(m storage.Settlement) {
	h.mu.Lock()
	defer h.mu.Unlock()
	row, again := h.rows[m.ID]
	if !again {
		row = &holding{Settlement: m}
		h.rows[m.ID] = row
	}
	row.tries++
	if row.tries > lateTries {
		h.remove(m.ID)
		return
	}
	row.next = h.now().Add(lateEvery)
}

// of gives what is known of a message that was lost. A message that is sent anew,
// because a clerk asked for it or the database was restored, is another one: what
// became of the former says nothing of it.
func (h *held) of(m storage.Leased) (storage.Settlement, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	row, ok := h.rows[m.ID]
	if !ok {
		return storage.Settlement{}, false
	}
	same := m.NoticeID == row.NoticeID && m.Channel == row.Channel && (row.Deadline.IsZero() || m.Deadline.Equal(row.Deadline))
	if !same || !m.Lost && m.LastError != lostAnswer {
		h.remove(m.ID)
		return storage.Settlement{}, false
	}
	return row.Settlement, true
}

// postpone lets others go first.
func (h *held) postpone(id int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if row, ok := h.rows[id]; ok {
		row.next = h.now().Add(heldEvery)
	}
}

// due lists what is to be tried now, in the order of ids.
func (h *held) due() []storage.Settlement {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []storage.Settlement
	for _, r := range h.rows {
		if !r.next.After(h.now()) {
			out = append(out, r.Settlement)
		}
	}
	slices.SortFunc(out, func(a, b storage.Settlement) int { return int(a.ID - b.ID) })
	return out
}

func (h *held) drop(id int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.remove(id)
}

func (h *held) full() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.rows) >= heldMost
}

func (h *held) remove(id int64) {
	row, ok := h.rows[id]
	if !ok {
		return
	}
	delete(h.rows, id)
	if h.file == nil {
		return
	}
	if len(h.rows) > 0 {
		if err := h.write(row.Settlement, true); err != nil {
			h.complain(err)
		}
		return
	}
	err := errors.Join(os.Remove(h.path), h.file.Close())
	if h.file = nil; err != nil && !errors.Is(err, fs.ErrNotExist) {
		h.complain(err)
	}
}

// write adds a line to the file and waits until the disk has it.
func (h *held) write(m storage.Settlement, done bool) error {
	if h.dir == "" {
		return nil
	}
	if h.file == nil {
		if err := os.MkdirAll(h.dir, 0o700); err != nil {
			return err
		}
		f, err := storage.LockFile(h.path, os.O_CREATE|os.O_APPEND|os.O_RDWR, storage.LockWait)
		if err != nil {
			return err
		}
		h.file = f
	}
	line, err := json.Marshal(heldOutcome{
		ID: m.ID, NoticeID: m.NoticeID, Channel: m.Channel, Deadline: m.Deadline, Owner: m.Owner, FallBack: m.FallBack, Outcome: m.Outcome, Kind: m.Notice.Kind, Done: done,
	})
	if err != nil {
		return err
	}
	if _, err := h.file.WriteString(strings.TrimSpace(string(line)) + "\n"); err != nil {
		return err
	}
	return h.file.Sync()
}
