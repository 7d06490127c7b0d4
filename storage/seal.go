package storage

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"gorm.io/gorm"
	"gorm.io/gorm/schema"

	"microcourt/model"
)

// Keyring holds the keys of one installation. Values are sealed with the
// active key and opened with whichever key they name, so that keys can be
// rotated while the system runs (`microcourt rekey`).
type Keyring struct {
	active atomic.Pointer[string] // the id of the key for new values
	aeads  map[string]cipher.AEAD
	checks map[string]string // of the sealing keys, by id
	lookup []byte
	audit  []byte
}

// NewKeyring makes a keyring. Every key has 32 bytes. keys maps key ids to
// sealing keys, active names the one for new values; lookup keys the hashes by
// which sealed values are found; audit keys the audit chain.
func NewKeyring(active string, keys map[string][]byte, lookup, audit []byte) (*Keyring, error) {
	k := &Keyring{aeads: map[string]cipher.AEAD{}, checks: map[string]string{}, lookup: lookup, audit: audit}
	if len(lookup) != 32 || len(audit) != 32 {
		return nil, errors.New("keyring: the lookup key and the audit key must have 32 bytes")
	}
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		key := keys[id]
		if len(key) != 32 || id == "" || strings.ContainsAny(id, ": ") {
			return nil, fmt.Errorf("keyring: key %q must have a plain id and 32 bytes", id)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("keyring: key %q: %w", id, err)
		}
		if k.aeads[id], err = cipher.NewGCM(block); err != nil {
			return nil, fmt.Errorf("keyring: key %q: %w", id, err)
		}
		k.checks[id] = checkValue(key, model.MarkSealKey, id)
	}
	if k.aeads[active] == nil {
		return nil, fmt.Errorf("keyring: the active key %q is missing", active)
	}
	k.active.Store(&active)
	return k, nil
}

// Checks are values by which each key is recognised, by its name: "seal:" and
// the key's id, "lookup", "audit". They may be stored anywhere.
func (k *Keyring) Checks() map[string]string {
	out := map[string]string{}
	for _, c := range k.KeyChecks() {
		name := string(c.Kind)
		if c.Kind == model.MarkSealKey {
			name += ":" + c.ID
		}
		out[name] = c.Value
	}
	return out
}

// Active is the id of the key for new values.
func (k *Keyring) Active() string { return *k.active.Load() }

// sealed values look like v1:<key id>:<base64 of nonce and ciphertext>.
const sealedPrefix = "v1:"

// seal encrypts plain with the active key, which it names: AES-256-GCM; where
// (the place, see below) is authenticated too, so that a value cannot be moved to
// another.
func (k *Keyring) seal(plain, where string) (sealed, id string) {
	if plain == "" {
		return "", "" // absence is not a secret, and indexes need no special case
	}
	id = k.Active()
	a := k.aeads[id]
	nonce := make([]byte, a.NonceSize())
	_, _ = rand.Read(nonce) // never fails: crypto/rand aborts the program instead
	ct := a.Seal(nonce, nonce, []byte(plain), []byte(where))
	return sealedPrefix + id + ":" + base64.RawStdEncoding.EncodeToString(ct), id
}

func (k *Keyring) open(stored, where string) (string, error) {
	if stored == "" {
		return "", nil
	}
	id, b64, ok := strings.Cut(strings.TrimPrefix(stored, sealedPrefix), ":")
	a := k.aeads[id]
	if !ok || !strings.HasPrefix(stored, sealedPrefix) || a == nil {
		return "", fmt.Errorf("sealed value in %s: unknown key %q", where, id)
	}
	raw, err := base64.RawStdEncoding.DecodeString(b64)
	if err != nil || len(raw) < a.NonceSize() {
		return "", fmt.Errorf("sealed value in %s is damaged", where)
	}
	plain, err := a.Open(nil, raw[:a.NonceSize()], raw[a.NonceSize():], []byte(where))
	if err != nil {
		return "", fmt.Errorf("sealed value in %s does not open", where)
	}
	return string(plain), nil
}

// LookupHash is the keyed hash by which a sealed value is found. kind keeps
// the same digits in different roles (an ID number, a phone) apart. Normalise
// first. The empty value has the empty hash, which matches nothing.
func (db *DB) LookupHash(kind, value string) string {
	if value == "" {
		return ""
	}
	m := hmac.New(sha256.New, db.keys.lookup)
	m.Write([]byte(kind + "\x00" + value))
	return hex.EncodeToString(m.Sum(nil))
}

// The kinds of looked-up values.
const (
	LookupIDNumber = "id_number"
	LookupPhone    = "phone"
	LookupCode     = "code"     // binding and share codes, tickets
	LookupAct      = "act"      // what was asked of a thing
	LookupLogin    = "login"    // login names as they are typed, also wrong ones
	LookupAccount  = "account"  // numbers of bank accounts
	LookupPicture  = "picture"  // addresses of pictures
	LookupPassword = "password" // a hashed password and the account that it opens
)

// seal seals a value of this transaction and notes with which key, so that the
// commit can be refused if the key was retired meanwhile (proveSeals).
func (db *DB) seal(plain, where string) (string, error) {
	if db.writer != nil {
		return "", fmt.Errorf("storage: %s is sealed outside a transaction", where)
	}
	sealed, id := db.keys.seal(plain, where)
	if id != "" && !slices.Contains(db.sealedWith, id) {
		db.sealedWith = append(db.sealedWith, id)
	}
	return sealed, nil
}

type keysKey struct{}

// withKeys is a context whose queries seal and open with the keys of db.
func withKeys(ctx context.Context, db *DB) context.Context {
	return context.WithValue(ctx, keysKey{}, db)
}

func keysFrom(ctx context.Context) (*DB, error) {
	if db, ok := ctx.Value(keysKey{}).(*DB); ok {
		return db, nil
	}
	return nil, errors.New("storage: a query without keys; begin it with q")
}

// sealer is the gorm serializer behind the tag `serializer:sealed`.
type sealer struct{}

func init() { schema.RegisterSerializer("sealed", sealer{}) }

// where names the place of a sealed value: its table, its row and its column. A
// value that somebody copied into another row, to be taken for that person, does
// not open there.
func where(f *schema.Field, row int64) string {
	return f.Schema.Table + "." + f.DBName + ":" + strconv.FormatInt(row, 10)
}

// rowOf is the key of the row that a value is read from or written to.
func rowOf(ctx context.Context, f *schema.Field, of reflect.Value) (int64, error) {
	k := f.Schema.PrioritizedPrimaryField
	if k == nil || k.DataType != schema.Int {
		return 0, fmt.Errorf("storage: %s.%s is sealed, but its table has no single numeric key", f.Schema.Table, f.DBName)
	}
	key, zero := k.ValueOf(ctx, of)
	row, ok := key.(int64)
	if zero || !ok {
		return 0, fmt.Errorf("storage: %s.%s without the key of its row, which must be set, or selected before it", f.Schema.Table, f.DBName)
	}
	return row, nil
}

// Scan implements schema.SerializerInterface.
func (sealer) Scan(ctx context.Context, f *schema.Field, dst reflect.Value, v any) error {
	var stored string
	switch v := v.(type) {
	case nil:
	case []byte:
		stored = string(v)
	case string:
		stored = v
	default:
		return fmt.Errorf("unseal %T", v)
	}
	db, err := keysFrom(ctx)
	if err != nil {
		return err
	}
	row, err := rowOf(ctx, f, dst)
	if err != nil {
		return err
	}
	plain, err := db.keys.open(stored, where(f, row))
	if err != nil {
		return err
	}
	f.ReflectValueOf(ctx, dst).SetString(plain)
	return nil
}

// Value implements schema.SerializerValuerInterface.
func (sealer) Value(ctx context.Context, f *schema.Field, of reflect.Value, v any) (any, error) {
	s, ok := v.(string)
	if !ok {
		return nil, fmt.Errorf("seal %T", v)
	}
	db, err := keysFrom(ctx)
	if err != nil {
		return nil, err
	}
	if ctx.Value(unnumberedKey{}) != nil {
		return "", nil // sealCreated
	}
	row, err := rowOf(ctx, f, of)
	if err != nil {
		return nil, err
	}
	return db.seal(s, where(f, row))
}

// unnumberedKey marks the context of an INSERT whose rows get their keys from the
// database. Their sealed values follow when the keys are known.
type unnumberedKey struct{}

// sealedFields are the fields of personal data of the rows that a statement
// writes, none when their table has none, or numbers its rows itself.
func sealedFields(g *gorm.DB) (out []*schema.Field) {
	s := g.Statement.Schema
	if g.Error != nil || s == nil || s.PrioritizedPrimaryField == nil || !s.PrioritizedPrimaryField.AutoIncrement {
		return nil
	}
	for _, f := range s.Fields {
		if _, sealed := f.Serializer.(sealer); sealed {
			out = append(out, f)
		}
	}
	return out
}

// leaveSealed leaves the sealed values out of an INSERT whose rows have no keys
// yet.
func leaveSealed(g *gorm.DB) {
	if sealedFields(g) == nil {
		return
	}
	if _, upsert := g.Statement.Clauses["ON CONFLICT"]; upsert {
		_ = g.AddError(fmt.Errorf("storage: rows of %s are sealed, and cannot be inserted or else updated", g.Statement.Table))
	}
	g.Statement.Context = context.WithValue(g.Statement.Context, unnumberedKey{}, true)
}

// sealCreated adds the sealed values of the rows that were inserted, by one
// statement for all of them.
func sealCreated(g *gorm.DB) {
	fields := sealedFields(g)
	if fields == nil || g.RowsAffected == 0 {
		return
	}
	rows := []reflect.Value{g.Statement.ReflectValue}
	if v := g.Statement.ReflectValue; v.Kind() == reflect.Slice || v.Kind() == reflect.Array {
		rows = nil
		for i := range v.Len() {
			rows = append(rows, reflect.Indirect(v.Index(i)))
		}
	}
	_ = g.AddError(sealRows(g, fields, rows))
}

func sealRows(g *gorm.DB, fields []*schema.Field, rows []reflect.Value) error {
	ctx := g.Statement.Context
	db, err := keysFrom(ctx)
	if err != nil {
		return err
	}
	key := g.Statement.Quote(g.Statement.Schema.PrioritizedPrimaryField.DBName)
	var sets, empty []string
	var args []any
	ids := map[int64]bool{}
	for _, f := range fields {
		column := g.Statement.Quote(f.DBName)
		set, values := column+" = CASE "+key, []any(nil)
		for _, row := range rows {
			plain := f.ReflectValueOf(ctx, row).String()
			if plain == "" {
				continue
			}
			id, err := rowOf(ctx, f, row)
			if err != nil {
				return err
			}
			sealed, err := db.seal(plain, where(f, id))
			if err != nil {
				return err
			}
			set, values, ids[id] = set+" WHEN ? THEN ?", append(values, id, sealed), true
		}
		if values != nil {
			sets, args = append(sets, set+" ELSE "+column+" END"), append(args, values...)
		}
		empty = append(empty, column+" = ''")
	}
	if len(ids) == 0 {
		return nil
	}
	// Only rows that have no value yet: these are the ones that were inserted.
	stmt := "UPDATE " + g.Statement.Quote(g.Statement.Table) + " SET " + strings.Join(sets, ", ") + " WHERE " + key + " IN ? AND " + strings.Join(empty, " AND ")
	done := g.Session(&gorm.Session{NewDB: true}).Exec(stmt, append(args, slices.Sorted(maps.Keys(ids)))...)
	if done.Error == nil && done.RowsAffected != int64(len(ids)) {
		return fmt.Errorf("storage: %d of %d new rows of %s were sealed", done.RowsAffected, len(ids), g.Statement.Table)
	}
	return done.Error
}
