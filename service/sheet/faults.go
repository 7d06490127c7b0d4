package sheet

import (
	"errors"
	"slices"

	"microcourt/model"
)

// Faults are the wrong cells of a sheet, in the order in which they were found, and
// one sentence a cell.
type Faults []Fault

// Add adds what is wrong with a cell.
func (f *Faults) Add(row int, column string, err error) {
	message := "内容不正确"
	if e, ok := errors.AsType[*model.Error](err); ok {
		message = e.Message
	}
	if !slices.ContainsFunc(*f, func(o Fault) bool { return o.Row == row && o.Column == column }) {
		*f = append(*f, Fault{Row: row, Column: column, Message: message})
	}
}
