package performance

import (
	"errors"
	"maps"
	"sync"
	"time"

	"microcourt/model"
	"microcourt/service/evidence"
)

// How often the examination of the same bytes may be ended by others within a
// time before the file is taken for the reason.
const (
	endedMost = 3
	endedFor  = time.Hour
)

// ended counts the examinations that others ended, by the bytes of the file. An
// overloaded machine ends some; a file whose examination ends each time would be
// sent again and again for ever. The zero value is ready.
type ended struct {
	mu    sync.Mutex
	files map[string]endings
}

type endings struct {
	n     int
	first time.Time
}

var errEndedAgain = model.InvalidField("file", "file.too_complex", "该文件的检查多次被系统中断，无法接收。请改为上传截图或照片，或者过一小时再重新上传")

// judge turns the busy answer of an examination that was ended once too often
// into a refusal. Any other err stays as it is.
func (e *ended) judge(sum string, now time.Time, err error) error {
	if !errors.Is(err, evidence.ErrEnded) {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.files == nil {
		e.files = map[string]endings{}
	}
	maps.DeleteFunc(e.files, func(_ string, f endings) bool { return now.Sub(f.first) >= endedFor })
	f, seen := e.files[sum]
	if !seen {
		f.first = now
	}
	f.n++
	e.files[sum] = f
	if f.n < endedMost {
		return err
	}
	return errEndedAgain.WithCause(err)
}
