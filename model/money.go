package model

import "fmt"

// Fen is an amount of money in fen (分), a hundredth of a yuan. Money is never
// a float: 0.1 + 0.2 must be 0.3 in a court.
type Fen int64

// Yuan makes Fen from whole yuan.
func Yuan(y int64) Fen { return Fen(y * 100) }

// String writes the amount in yuan with two decimals and no separators,
// e.g. 1300000.00.
func (f Fen) String() string {
	sign := ""
	u := uint64(f)
	if f < 0 {
		sign, u = "-", uint64(-(f+1))+1 // -MinInt64 does not exist as int64
	}
	return fmt.Sprintf("%s%d.%02d", sign, u/100, u%100)
}
