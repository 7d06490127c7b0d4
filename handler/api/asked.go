package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"reflect"

	"microcourt/model"
)

// asked is what a request with a key asks: its route and everything that was read
// from it but the key and the session, so that a repeat after another log-in is
// the same request. A field that was not given counts for nothing: one that a
// later version of the program adds does not make another request of a repeat.
func (r *reading) asked(route string, in reflect.Value) (model.Asked, error) {
	if r.key == nil {
		return model.Asked{}, nil
	}
	given := map[string]any{}
	for _, f := range r.content {
		if v := in.FieldByIndex(f.index); !v.IsZero() {
			given[f.name] = v.Interface()
		}
	}
	b, err := json.Marshal(given) // in the order of the names
	if err != nil {
		return model.Asked{}, err
	}
	sum := sha256.Sum256(append([]byte(route+"\n"), b...))
	return model.Asked{Key: in.FieldByIndex(r.key).String(), Digest: hex.EncodeToString(sum[:])}, nil
}

// contentField is a field of an input that says what is asked.
type contentField struct {
	name  string // where it comes from and how it is called there
	index []int
}
