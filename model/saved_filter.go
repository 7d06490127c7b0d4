package model

import (
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// SavedFilter is how one member of staff looks at a list again and again, under a
// name of his own. It is nobody else's, and he may delete it: it proves nothing.
type SavedFilter struct {
	ID      int64
	CourtID int64
	UserID  int64
	// Path is the list, below the desk.
	Path string
	Name string
	// Query is what the list is asked with, encoded as in an address. It may hold a
	// name that was searched for.
	Query     string `gorm:"serializer:sealed"`
	CreatedAt time.Time
}

// The limits of saved filters.
const (
	MaxFilterName   = 20 // characters
	MaxFilterQuery  = 1000
	MaxSavedFilters = 20 // of one person on one list
)

// noFilters are parameters of an address that narrow nothing: where a page begins,
// what was done before, the form of the list, and what WeChat adds to an address
// that is shared.
var noFilters = []string{"after", "before", "done", "as", "from", "isappinstalled"}

// Check refuses a filter without a name or with one that is too long, and cleans
// its query.
func (f *SavedFilter) Check() error {
	f.Name = strings.TrimSpace(f.Name)
	q, err := url.ParseQuery(f.Query)
	var wrong Faults
	wrong.If(f.Name == "", "name", "field.required", "请填写名称")
	wrong.If(utf8.RuneCountInString(f.Name) > MaxFilterName, "name", "field.too_long", "名称不能超过 20 个字")
	wrong.If(err != nil || len(f.Query) > MaxFilterQuery, "query", "field.format", "筛选条件无法保存，请重新筛选后再保存")
	if err := wrong.Err(); err != nil {
		return err
	}
	for name, v := range q {
		if len(v) != 1 || v[0] == "" || slices.Contains(noFilters, name) {
			q.Del(name)
		}
	}
	f.Query = q.Encode()
	return nil
}

// Export is a list that left the desk as a file or on paper.
type Export struct {
	List       string // its title
	Form       string // xlsx or print
	Conditions string // in words
}
