package model

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Mark says in a page's address where a list of tasks in the order of their
// clocks ended.
func (t Task) Mark() string { return fmt.Sprintf("%d-%d", t.DueAt.UnixMicro(), t.ID) }

// ReadMark goes on behind a mark; "" is the first page. Anything else that is
// no mark is refused: a page that begins anew by itself is never seen to be
// wrong.
func (f *TaskFilter) ReadMark(mark string) error {
	if mark == "" {
		return nil
	}
	due, id, ok := strings.Cut(mark, "-")
	micro, err1 := strconv.ParseInt(due, 10, 64)
	after, err2 := strconv.ParseInt(id, 10, 64)
	if !ok || err1 != nil || err2 != nil || micro < 0 || after < 0 {
		return InvalidField("after", "field.format", "分页参数不正确")
	}
	f.AfterDue, f.AfterID = time.UnixMicro(micro).UTC(), after
	return nil
}
