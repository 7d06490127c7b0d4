package performance_test

import (
	"bytes"
	"context"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"microcourt/model"
	"microcourt/service"
	"microcourt/service/servicetest"
	"microcourt/storage/object"
)

// late is a store that reads an object only when somebody asks for its first byte, as
// those of S3 do; meanwhile happens in between, once.
type late struct {
	forms
	meanwhile *atomic.Pointer[func()]
}

type lateObject struct {
	object.Object
	meanwhile *atomic.Pointer[func()]
}

func (o lateObject) Read(p []byte) (int, error) {
	if f := o.meanwhile.Swap(nil); f != nil {
		(*f)()
		return 0, object.ErrNotExist
	}
	return o.Object.Read(p)
}

func (s late) Open(ctx context.Context, key string) (object.Object, object.Info, error) {
	o, i, err := s.forms.Open(ctx, key)
	if err != nil || !strings.HasPrefix(key, "quarantine/") {
		return o, i, err
	}
	return lateObject{o, s.meanwhile}, i, nil
}

// A phone completes an upload twice; the first is done and has cleaned up before the
// second reads: both have the file.
func TestAnUploadIsCompletedWhileARepeatReads(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var meanwhile atomic.Pointer[func()]
	w := servicetest.NewWith(t, func(w *servicetest.World) {
		w.Deps = func(d *service.Deps) { d.Objects = late{forms{d.Objects}, &meanwhile} }
	})
	w.Staff("zhang.min", model.RoleJudge)
	clerk, debtor := w.Staff("wan.tt", model.RoleClerk), w.Citizen()
	f := w.File(clerk)
	w.Bind(debtor, clerk, f.ID, f.Debtor)
	b := servicetest.Picture(68)
	d, err := w.Svc.Performance.BeginDirect(ctx, debtor.Actor, f.ID, servicetest.FreshKey(), int64(len(b)), "image/jpeg")
	if err == nil {
		err = w.Objects.Put(ctx, d.File.OriginalKey, bytes.NewReader(b), int64(len(b)), object.PutOptions{})
	}
	if err != nil {
		t.Fatal(err)
	}
	first := func() {
		if _, err := w.Svc.Performance.CompleteDirect(ctx, debtor.Actor, d.File.ID); err != nil {
			t.Error("the first:", err)
		}
	}
	meanwhile.Store(&first)
	got, err := w.Svc.Performance.CompleteDirect(ctx, debtor.Actor, d.File.ID)
	if err != nil || got.State != model.FileStored {
		t.Fatalf("%+v %v", got, err)
	}
	o, _, err := w.Objects.Open(ctx, got.OriginalKey)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = o.Close() }()
	if kept, err := io.ReadAll(o); err != nil || len(kept) == 0 {
		t.Errorf("%d bytes, %v", len(kept), err)
	}
}
