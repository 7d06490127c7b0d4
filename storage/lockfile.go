package storage

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// ErrLocked says that another holds the lock of a file.
var ErrLocked = errors.New("another holds the lock")

// FileLock is how a file is locked.
type FileLock int

// The locks.
const (
	LockAlone  FileLock = syscall.LOCK_EX | syscall.LOCK_NB
	LockShared FileLock = syscall.LOCK_SH | syscall.LOCK_NB // with others that share it
	LockWait   FileLock = syscall.LOCK_EX                   // LockAlone, once the others are gone
)

// LockFile opens a file and locks it until it is closed or the process ends,
// however it ends. ErrLocked tells that another has the lock. Whoever holds the
// lock alone may remove the file.
func LockFile(path string, flags int, how FileLock) (*os.File, error) {
	for {
		f, err := os.OpenFile(path, flags, 0o600)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(f.Fd()), int(how)); err != nil {
			if errors.Is(err, syscall.EWOULDBLOCK) {
				err = ErrLocked
			}
			return nil, errors.Join(err, f.Close())
		}
		mine, err := f.Stat()
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		there, err := os.Stat(path)
		if err == nil && os.SameFile(mine, there) {
			return f, nil
		}
		if errors.Is(err, fs.ErrNotExist) { // another removed it before it was locked
			err = nil
		}
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
	}
}
