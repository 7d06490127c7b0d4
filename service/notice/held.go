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

// heldOutcome is one line of the file. It holds nothing personal.
type heldOutcome struct {
	ID       int64               `json:"id"`
	NoticeID int64               `json:"notice_id"`
	Channel  model.ChannelName   `json:"channel"`
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
	path string // "" keeps nothing over a restart

	mu   sync.Mutex
	rows map[int64]*holding
	file *os.File
}

// newHeld takes over what former processes could not write down.
func newHeld(dir, owner string, log *slog.Logger, now func() time.Time) *held {
	h := &held{log: log, now: now, rows: map[int64]*holding{}}
	if dir == "" {
		return h
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		h.complain(err)
		return h
	}
	h.path = filepath.Join(dir, "outcomes-"+owner+".jsonl")
	files, err := filepath.Glob(filepath.Join(dir, "outcomes-*.jsonl"))
	if err != nil {
		h.complain(err)
	}
	for _, f := range files {
		h.read(f)
	}
	for _, m := range h.rows {
		h.write(m.Settlement, false)
	}
	for _, f := range files { // they stand in our own file now
		if err := os.Remove(f); err != nil {
			h.complain(err)
		}
	}
	return h
}

func (h *held) complain(err error) {
	if h.log != nil {
		h.log.Error("outbox: outcomes cannot be kept on disk", "error", err.Error())
	}
}

func (h *held) read(path string) {
	f, err := os.Open(path)
	if err != nil {
		h.complain(err)
		return
	}
	defer func() { _ = f.Close() }() // read only
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var o heldOutcome
		if json.Unmarshal(lines.Bytes(), &o) != nil {
			continue // the last line of a process that was killed
		}
		if o.Done {
			delete(h.rows, o.ID)
			continue
		}
		s := storage.Settlement{Owner: o.Owner, Outcome: o.Outcome, FallBack: o.FallBack}
		s.ID, s.NoticeID, s.Channel, s.Notice.ID, s.Notice.Kind = o.ID, o.NoticeID, o.Channel, o.NoticeID, o.Kind
		h.rows[o.ID] = &holding{Settlement: s}
	}
	if err := lines.Err(); err != nil {
		h.complain(err)
	}
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
	h.write(m, false)
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

// of gives what is known of a message.
func (h *held) of(id int64) (storage.Settlement, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	row, ok := h.rows[id]
	if !ok {
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
		h.write(row.Settlement, true)
		return
	}
	err := errors.Join(h.file.Close(), os.Remove(h.path))
	if h.file = nil; err != nil && !errors.Is(err, fs.ErrNotExist) {
		h.complain(err)
	}
}

// write adds a line to the file and waits until the disk has it.
func (h *held) write(m storage.Settlement, done bool) {
	if h.path == "" {
		return
	}
	if h.file == nil {
		f, err := os.OpenFile(h.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err != nil {
			h.complain(err)
			return
		}
		h.file = f
	}
	line, err := json.Marshal(heldOutcome{
		ID: m.ID, NoticeID: m.NoticeID, Channel: m.Channel, Owner: m.Owner, FallBack: m.FallBack, Outcome: m.Outcome, Kind: m.Notice.Kind, Done: done,
	})
	if err == nil {
		_, err = h.file.WriteString(strings.TrimSpace(string(line)) + "\n")
	}
	if err == nil {
		err = h.file.Sync()
	}
	if err != nil {
		h.complain(err)
	}
}
