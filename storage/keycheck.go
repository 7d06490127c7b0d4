package storage

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm/clause"

	"microcourt/model"
)

// ErrWrongKeys is wrapped by the error of keys that do not belong to the
// database. Nothing was written then.
var ErrWrongKeys = errors.New("the configured keys do not belong to this database; nothing was written")

// checkValue shows that two keys are the same without showing the key: keys
// are random, so that a keyed hash cannot be tried out.
func checkValue(key []byte, kind model.MarkKind, id string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte("microcourt key check 1\x00" + string(kind) + "\x00" + id))
	return hex.EncodeToString(m.Sum(nil))
}

// KeyChecks are the keys' check values, sealing keys in the order of their ids.
func (k *Keyring) KeyChecks() []model.KeyCheck {
	var out []model.KeyCheck
	for id, v := range k.checks {
		out = append(out, model.KeyCheck{Kind: model.MarkSealKey, ID: id, Value: v, Active: id == k.Active()})
	}
	slices.SortFunc(out, func(a, b model.KeyCheck) int { return strings.Compare(a.ID, b.ID) })
	for _, c := range []struct {
		kind model.MarkKind
		key  []byte
	}{{model.MarkLookupKey, k.lookup}, {model.MarkAuditKey, k.audit}} {
		// One name for each, whatever the key: of two that are noted at once the
		// database keeps one.
		out = append(out, model.KeyCheck{Kind: c.kind, ID: string(c.kind), Value: checkValue(c.key, c.kind, "")})
	}
	return out
}

var keyKinds = []model.MarkKind{model.MarkSealKey, model.MarkLookupKey, model.MarkAuditKey}

// Marks lists the installation's marks of these kinds, oldest first.
func (db *DB) Marks(ctx context.Context, kinds ...model.MarkKind) ([]model.InstallationMark, error) {
	var out []model.InstallationMark
	err := db.q(ctx).Where("kind IN ?", kinds).Order("created_at, name").Find(&out).Error
	return out, translate(err, "installation")
}

// AddMark notes a mark; one that is known already is left as it is.
func (db *DB) AddMark(ctx context.Context, m model.InstallationMark) error {
	m.CreatedAt = db.Now()
	return translate(db.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&m).Error, "installation")
}

// SetMark gives a mark its state.
func (db *DB) SetMark(ctx context.Context, kind model.MarkKind, name string, state model.MarkState) error {
	set := map[string]any{"state": state, "ended_at": nil}
	if state == model.MarkEnded {
		set["ended_at"] = db.Now()
	}
	err := db.q(ctx).Model(&model.InstallationMark{}).Where("kind = ? AND name = ?", kind, name).Updates(set).Error
	return translate(err, "installation")
}

// StoreMark is the name of the one mark of the object store; its value is the
// store's id.
const StoreMark = "store"

// ReplaceStore notes that the files are kept in another store from now on. The
// former one stays known as ended.
func (db *DB) ReplaceStore(ctx context.Context, former, id string) error {
	now := db.Now()
	old := model.InstallationMark{Kind: model.MarkObjects, Name: former, Value: former, State: model.MarkEnded, CreatedAt: now, EndedAt: &now}
	if err := db.q(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&old).Error; err != nil {
		return translate(err, "installation")
	}
	return translate(db.q(ctx).Model(&model.InstallationMark{}).Where("kind = ? AND name = ?", model.MarkObjects, StoreMark).
		Updates(map[string]any{"value": id, "state": model.MarkPending}).Error, "installation")
}

// NewestOriginals are the keys of the newest complete uploads.
func (db *DB) NewestOriginals(ctx context.Context, n int) ([]string, error) {
	var out []string
	err := db.q(ctx).Model(&model.File{}).Where("view_key <> ''").Order("id DESC").Limit(n).Pluck("original_key", &out).Error
	return out, translate(err, "installation")
}

// HasIdentities tells whether people are known by their openids in this
// mini-program.
func (db *DB) HasIdentities(ctx context.Context, appID string) (bool, error) {
	var id []int64
	err := db.q(ctx).Model(&model.WeChatIdentity{}).Where("app_id = ?", appID).Limit(1).Pluck("id", &id).Error
	return len(id) > 0, translate(err, "installation")
}

// HasFollowers tells whether people are known by their openids in the 服务号,
// of which there is only one.
func (db *DB) HasFollowers(ctx context.Context, _ string) (bool, error) {
	var id []string
	err := db.q(ctx).Model(&model.Follower{}).Limit(1).Pluck("open_id", &id).Error
	return len(id) > 0, translate(err, "installation")
}

// CheckKeys refuses keys that do not belong to the database, before anything
// is written, also before a migration. It writes nothing itself. A database
// that has no check values yet is asked whether it can be read: sealed values
// must open, the audit trail's last links must fit. Errors: ErrWrongKeys.
func (db *DB) CheckKeys(ctx context.Context) error {
	if err := db.Ping(ctx); err != nil {
		return err // HasTable hides errors
	}
	if !db.q(ctx).Migrator().HasTable(&model.InstallationMark{}) {
		return nil // there is no schema yet
	}
	marks, err := db.Marks(ctx, keyKinds...)
	if err != nil {
		return err
	}
	if len(marks) == 0 {
		// Tables may be missing until it is migrated; ProveKeys comes after.
		if v, err := db.SchemaVersion(ctx); err != nil || v.Behind() {
			return err
		}
	}
	return db.compareKeys(ctx, marks)
}

func (db *DB) compareKeys(ctx context.Context, marks []model.InstallationMark) error {
	if len(marks) == 0 {
		return db.proveByReading(ctx)
	}
	if problems := model.CompareKeys(marks, db.keys.KeyChecks()); len(problems) > 0 {
		return fmt.Errorf("%w: %s", ErrWrongKeys, strings.Join(problems, "; "))
	}
	return nil
}

// ProveKeys is CheckKeys, and notes the check values of keys that are new: all
// of them at an installation's first start, later those of a rotation. Two
// first starts with different keys cannot both pass: whoever notes something
// holds the look-up key's mark and has compared after that.
//
// A new sealing key is known before it is used: it must not be active when the
// database sees it first, or servers that do not have it yet could not read
// what is sealed with it. After a restore no server is running, and the backup
// may be older than the key.
func (db *DB) ProveKeys(ctx context.Context) error {
	err := db.Transact(ctx, func(tx *DB) error {
		marks, err := tx.Marks(ctx, keyKinds...)
		if err != nil {
			return err
		}
		if err := tx.compareKeys(ctx, marks); err != nil {
			return err
		}
		checks := tx.keys.KeyChecks()
		if len(newKeyStates(marks, checks)) == 0 {
			return nil
		}
		if marks, err = tx.lockKeys(ctx, checks); err != nil { // another may have been first
			return err
		}
		if err := tx.compareKeys(ctx, marks); err != nil {
			return err
		}
		states := newKeyStates(marks, checks)
		first := !slices.ContainsFunc(marks, func(m model.InstallationMark) bool { return m.Kind == model.MarkSealKey })
		for i, c := range checks {
			state, changed := states[i]
			noted := slices.ContainsFunc(marks, func(m model.InstallationMark) bool { return m.Kind == c.Kind && m.Name == c.ID })
			switch {
			case !changed:
			case noted:
				err = tx.SetMark(ctx, c.Kind, c.ID, state)
			case c.Active && !first:
				if err = tx.mayBeNew(ctx, c.ID); err != nil {
					return err
				}
				fallthrough
			default:
				err = tx.AddMark(ctx, model.InstallationMark{Kind: c.Kind, Name: c.ID, Value: c.Value, State: state})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("keys: %w", err)
	}
	return nil
}

// newKeyStates are the states that the configured keys' marks get and do not
// have yet, by the key's place in the list.
func newKeyStates(marks []model.InstallationMark, checks []model.KeyCheck) map[int]model.MarkState {
	out := map[int]model.MarkState{}
	for n, c := range checks {
		state := model.MarkCurrent
		if c.Kind == model.MarkSealKey && !c.Active {
			state = model.MarkKnown
		}
		i := slices.IndexFunc(marks, func(m model.InstallationMark) bool { return m.Kind == c.Kind && m.Name == c.ID })
		if i < 0 || c.Active && marks[i].State != state {
			out[n] = state
		}
	}
	return out
}

// lockKeys notes the look-up key unless one is noted, holds its mark to the
// transaction's end, and lists the marks as they are then.
func (db *DB) lockKeys(ctx context.Context, checks []model.KeyCheck) ([]model.InstallationMark, error) {
	i := slices.IndexFunc(checks, func(c model.KeyCheck) bool { return c.Kind == model.MarkLookupKey })
	c := checks[i]
	err := db.AddMark(ctx, model.InstallationMark{Kind: c.Kind, Name: c.ID, Value: c.Value, State: model.MarkCurrent})
	if err != nil {
		return nil, err
	}
	var held []model.InstallationMark
	if err := db.forUpdate(ctx).Where("kind = ? AND name = ?", c.Kind, c.ID).Find(&held).Error; err != nil {
		return nil, translate(err, "installation")
	}
	return db.Marks(ctx, keyKinds...)
}

func (db *DB) mayBeNew(ctx context.Context, id string) error {
	restored, err := db.ProvenRecovery(ctx)
	if err != nil || restored {
		return err
	}
	return fmt.Errorf("%w: seal key %q is new and active at once, servers without it could not read what is sealed with it: "+
		"leave the former key active, restart every process with the file that has both, then make it active (microcourt keys activate)", ErrWrongKeys, id)
}

// proveByReading shows that the keys fit a database from before check values:
// the newest value of each sealed column opens, the last link of each audit
// chain fits, and look-up hashes come out as they are stored.
func (db *DB) proveByReading(ctx context.Context) error {
	columns, err := db.sealedColumns()
	if err != nil {
		return fmt.Errorf("prove keys: %w", err)
	}
	for _, c := range columns {
		var newest struct {
			K int64
			V string
		}
		err := db.q(ctx).Table(c.table).Select(c.key + " AS k, " + c.field.DBName + " AS v").Where(c.field.DBName + " <> ''").
			Order(c.key + " DESC").Limit(1).Scan(&newest).Error
		if err != nil {
			return translate(err, "installation")
		}
		if _, err := db.keys.open(newest.V, where(c.field, newest.K)); err != nil {
			return fmt.Errorf("%w: seal key %q: %w", ErrWrongKeys, db.keys.Active(), err)
		}
	}
	if err := db.proveAuditKey(ctx); err != nil {
		return err
	}
	return db.proveLookupKey(ctx)
}

func (db *DB) proveAuditKey(ctx context.Context) error {
	var links []model.AuditEntry
	err := db.q(ctx).Joins("JOIN audit_heads ON audit_heads.court_id = audit_entries.court_id AND audit_heads.seq = audit_entries.seq").
		Order("audit_entries.court_id").Limit(20).Find(&links).Error
	if err != nil {
		return translate(err, "installation")
	}
	for _, l := range links {
		if !l.Intact(db.keys.audit, l.PrevHash) {
			return fmt.Errorf("%w: audit key: link %d of court %d was not made with it", ErrWrongKeys, l.Seq, l.CourtID)
		}
	}
	return nil
}

func (db *DB) proveLookupKey(ctx context.Context) error {
	var users []model.User
	if err := db.q(ctx).Where("phone_hash <> ''").Order("id DESC").Limit(1).Find(&users).Error; err != nil {
		return translate(err, "installation")
	}
	var notices []model.Notice
	if err := db.q(ctx).Where("check_code <> ''").Order("id DESC").Limit(1).Find(&notices).Error; err != nil {
		return translate(err, "installation")
	}
	for _, u := range users {
		if db.LookupHash(LookupPhone, u.Phone) != u.PhoneHash {
			return fmt.Errorf("%w: lookup key: the hash of user %d was not made with it", ErrWrongKeys, u.ID)
		}
	}
	for _, n := range notices {
		if db.checkCode(n) != n.CheckCode {
			return fmt.Errorf("%w: lookup key: the code of notice %d was not made with it", ErrWrongKeys, n.ID)
		}
	}
	return nil
}
