package performance_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/evidence"
	"microcourt/service/performance"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
	"microcourt/storage/storagetest"
)

// killed examines nothing: the system ends each of its children.
type killed struct{ tries int }

func (k *killed) fail() error {
	k.tries++
	return model.E(model.Unavailable, "file.busy", "正在检查的文件较多，请稍后重新上传").WithCause(fmt.Errorf("%w: signal: killed", evidence.ErrEnded))
}

func (k *killed) Examine(context.Context, io.ReaderAt, int64) (*evidence.Report, error) {
	return nil, k.fail()
}

func (k *killed) Views(context.Context, io.ReaderAt, int64) (*evidence.Report, *evidence.Copies, error) {
	return nil, nil, k.fail()
}

// A file whose examination is ended each time is not busy for ever. Its uploader
// is told to send another; one that nobody handed in cannot be handed in; one
// that is part of a receipt stays there, is not tried at every poll, and is told
// as a file without a look.
func TestAFileWhoseChildrenAreKilledIsNotBusyForEver(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	clock := storagetest.NewClock()
	db := storagetest.Open(t, clock.Now)
	store := objecttest.Open(t)
	s := performance.New(db, performance.Config{Objects: store, Logger: slog.New(slog.DiscardHandler)})
	k := &killed{}
	performance.SetExaminer(s, k)
	court := model.Court{Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: model.DefaultCourtSettings()}
	ids := map[model.FileState]int64{}
	err := db.Transact(ctx, func(tx *storage.DB) error {
		if err := tx.CreateCourt(ctx, &court); err != nil {
			return err
		}
		user := model.User{CourtID: court.ID, Name: "陈建国"}
		if err := tx.CreateUser(ctx, &user); err != nil {
			return err
		}
		for state, receipt := range map[model.FileState]int64{model.FileStored: 0, model.FileAttached: 7} {
			f := model.File{
				CourtID: court.ID, UserID: user.ID, UploadKey: string(state), State: state, ReceiptID: receipt, OriginalKey: "originals/" + string(state), Name: "回执", SHA256: string(state),
			}
			if _, err := tx.CreateFile(ctx, &f); err != nil {
				return err
			}
			ids[state] = f.ID
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for state := range ids {
		body := []byte(state)
		if err := store.Put(ctx, "originals/"+string(state), bytes.NewReader(body), int64(len(body)), object.PutOptions{}); err != nil {
			t.Fatal(err)
		}
	}

	for i, want := range []model.Kind{model.Unavailable, model.Unavailable, model.Invalid, model.Invalid} {
		if err := performance.ExamineUpload(ctx, s, []byte("%PDF-1.4 …")); model.KindOf(err) != want {
			t.Errorf("try %d of an upload: %v", i+1, err)
		}
	}
	clock.Advance(time.Hour)
	if err := performance.ExamineUpload(ctx, s, []byte("%PDF-1.4 …")); model.KindOf(err) != model.Unavailable {
		t.Errorf("an hour later: %v", err)
	}
	k.tries = 0
	for range 20 {
		s.CatchUp(ctx)
		clock.Advance(time.Minute)
	}
	if most := 6; k.tries > most { // three each
		t.Errorf("two files were tried %d times, want %d at most", k.tries, most)
	}
	if f, err := db.File(ctx, ids[model.FileStored]); err != nil || f.State != model.FileDamaged {
		t.Errorf("nobody handed it in, and it is %s, %v", f.State, err)
	}
	if f, err := db.File(ctx, ids[model.FileAttached]); err != nil || f.State != model.FileAttached {
		t.Errorf("it is part of a receipt, and it is %s, %v", f.State, err)
	}
	clock.Advance(model.FindUnseenAfter)
	found, err := db.Findings(ctx, court.ID)
	if err != nil {
		t.Fatal(err)
	}
	told := false
	for _, f := range found {
		told = told || f.Kind == model.DefectUnseen && f.N == 1
	}
	if !told {
		t.Errorf("the receipt's file is not told: %+v", found)
	}
}
