package performance_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service/performance"
	"microcourt/storage"
	"microcourt/storage/object"
	"microcourt/storage/storagetest"
)

// notPictures is a store whose every object is something that cannot be shown.
type notPictures struct {
	object.Store
	opened int
}

type notPicture struct{ *bytes.Reader }

func (notPicture) Close() error { return nil }

func (s *notPictures) Open(context.Context, string) (object.Object, object.Info, error) {
	s.opened++
	return notPicture{bytes.NewReader([]byte("回执"))}, object.Info{}, nil
}

// A receipt's file that cannot be shown stays the receipt's; it is not tried at
// every poll, but once a day.
func TestAFileThatCannotBeShownIsLeftAloneForADay(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	clock := storagetest.NewClock()
	db := storagetest.Open(t, clock.Now)
	objects := &notPictures{}
	s := performance.New(db, performance.Config{Objects: objects, Logger: slog.New(slog.DiscardHandler)})
	court := model.Court{Code: "浙0211", Name: "宁波市镇海区人民法院", ShortName: "镇法", Settings: model.DefaultCourtSettings()}
	err := db.Transact(ctx, func(tx *storage.DB) error {
		if err := tx.CreateCourt(ctx, &court); err != nil {
			return err
		}
		user := model.User{CourtID: court.ID, Name: "陈建国"}
		if err := tx.CreateUser(ctx, &user); err != nil {
			return err
		}
		_, err := tx.CreateFile(ctx, &model.File{
			CourtID: court.ID, UserID: user.ID, UploadKey: "k", State: model.FileAttached, ReceiptID: 7, Seq: 1, OriginalKey: "originals/x", Name: "回执",
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, tt := range []struct {
		later time.Duration
		want  int
	}{{0, 1}, {30 * time.Second, 1}, {23 * time.Hour, 1}, {2 * time.Hour, 2}, {30 * time.Second, 2}} {
		clock.Set(clock.Now().Add(tt.later))
		if s.CatchUp(ctx); objects.opened != tt.want {
			t.Errorf("poll %d: tried %d times, want %d", i, objects.opened, tt.want)
		}
	}
}
