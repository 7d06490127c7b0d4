package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"microcourt/storage"
)

// Those that share a file keep the one out that wants it alone, and he them;
// whoever waited for a file that was removed meanwhile locks the new one.
func TestALockedFileIsNobodyElses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	open := func(how storage.FileLock) (*os.File, error) {
		return storage.LockFile(path, os.O_CREATE|os.O_RDWR, how)
	}
	one, err1 := open(storage.LockShared)
	two, err2 := open(storage.LockShared)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if _, err := open(storage.LockAlone); !errors.Is(err, storage.ErrLocked) {
		t.Errorf("alone beside two that share: %v", err)
	}
	if err := errors.Join(one.Close(), two.Close()); err != nil {
		t.Fatal(err)
	}
	alone, err := open(storage.LockAlone)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(storage.LockShared); !errors.Is(err, storage.ErrLocked) {
		t.Errorf("shared beside one alone: %v", err)
	}
	waited := make(chan *os.File, 1)
	go func() {
		f, err := open(storage.LockWait)
		if err != nil {
			t.Error(err)
		}
		waited <- f
	}()
	if err := errors.Join(os.Remove(path), alone.Close()); err != nil {
		t.Fatal(err)
	}
	f := <-waited
	mine, err1 := f.Stat()
	there, err2 := os.Stat(path)
	if err := errors.Join(err1, err2); err != nil || !os.SameFile(mine, there) {
		t.Errorf("the lock is on a file that is not there any more: %v", err)
	}
	_ = f.Close()
}
