package performance_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/service"
	"microcourt/service/performance"
	"microcourt/service/servicetest"
	"microcourt/storage/object"
)

// big is a JPEG that is streamed to the store while it is examined.
func big(seed int) []byte {
	img := image.NewGray(image.Rect(0, 0, 700, 500))
	for i := range img.Pix {
		img.Pix[i] = byte(i*i*(seed+3)/7 + i/700*seed)
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: 95})
	return b.Bytes()
}

func sum(b []byte) string { s := sha256.Sum256(b); return hex.EncodeToString(s[:]) }

func (p *people) upload(by servicetest.Person, change func(u *performance.Upload), b []byte) (*model.File, bool, error) {
	u := performance.Upload{CaseID: p.f.ID, Key: servicetest.FreshKey(), Name: "receipt.jpg", Size: int64(len(b)), Body: bytes.NewReader(b)}
	if change != nil {
		change(&u)
	}
	return p.Svc.Performance.Upload(context.Background(), by.Actor, u)
}

func (p *people) stored() (keys []string) {
	p.T.Helper()
	for o, err := range p.Objects.List(context.Background(), "originals/") {
		if err != nil {
			p.T.Fatal(err)
		}
		keys = append(keys, o.Key)
	}
	return keys
}

// open reads a variant of a file.
func (p *people) open(by servicetest.Person, id int64, v performance.Variant) ([]byte, string, error) {
	o, _, mediaType, err := p.Svc.Performance.OpenFile(context.Background(), by.Actor, id, v)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = o.Close() }()
	b, err := io.ReadAll(o)
	return b, mediaType, err
}

// The bytes of an upload are kept as they came, whether they pass by a temporary
// file or are streamed; the same key with the same bytes is the same file, also
// at once, and with other bytes refused. A refused file leaves nothing behind.
func TestAnUploadIsKeptAsItCame(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	if n := len(big(1)); n < 64<<10 {
		t.Fatalf("only %d bytes: nothing is streamed", n)
	}
	for name, b := range map[string][]byte{"spooled": servicetest.Picture(61), "streamed": big(1)} {
		key := servicetest.FreshKey()
		same := func(u *performance.Upload) { u.Key, u.SHA256 = key, strings.ToUpper(sum(b)) }
		var anew int
		var mu sync.Mutex
		id := servicetest.TwiceAtOnce(t, func() (int64, error) {
			f, created, err := p.upload(p.debtor, same, b)
			if err != nil {
				return 0, err
			}
			mu.Lock()
			defer mu.Unlock()
			if created {
				anew++
			}
			return f.ID, nil
		})
		if anew != 1 {
			t.Errorf("%s: created %d times", name, anew)
		}
		got, mediaType, err := p.open(p.judge, p.submitted(id, name), performance.VariantOriginal)
		if err != nil || !bytes.Equal(got, b) || mediaType != "image/jpeg" {
			t.Errorf("%s: %d bytes of %s, %v", name, len(got), mediaType, err)
		}
		_, _, err = p.upload(p.debtor, func(u *performance.Upload) { u.Key = key }, servicetest.Picture(62))
		p.Refused(err, "upload.key_reused")
	}
	before := len(p.stored())
	cut := big(2)
	no, bad := servicetest.No, model.Invalid
	refused := func(change func(u *performance.Upload), b []byte) error {
		f, _, err := p.upload(p.debtor, change, b)
		if f != nil {
			t.Errorf("refused, and a file: %+v", f)
		}
		return err
	}
	p.RefusedAll(
		no("cut short", bad, "upload.interrupted", "file", refused(func(u *performance.Upload) { u.Size++ }, servicetest.Picture(63))),
		no("a stream cut short", bad, "upload.interrupted", "file", refused(func(u *performance.Upload) { u.Size++ }, cut)),
		no("another sum", bad, "upload.checksum", "sha256", refused(func(u *performance.Upload) { u.SHA256 = sum(cut) }, servicetest.Picture(63))),
		no("another sum of a stream", bad, "upload.checksum", "sha256", refused(func(u *performance.Upload) { u.SHA256 = sum(nil) }, cut)),
		no("a text", bad, "file.type", "file", refused(nil, []byte("收条：今收到一千元"))),
		no("too large", bad, "file.too_large", "file", refused(nil, make([]byte, model.MaxFileBytes+1))),
	)
	broken := append([]byte{}, cut[:len(cut)-2000]...)
	if err := refused(nil, broken); model.KindOf(err) != bad {
		t.Error("a damaged stream:", err)
	}
	if after := len(p.stored()); after != before {
		t.Errorf("%d objects were left behind", after-before)
	}
	_, _, err := p.upload(p.Citizen(), nil, servicetest.Picture(64))
	p.Refused(err, "case.not_found")
}

// submitted is the file after it became part of a receipt.
func (p *people) submitted(file int64, name string) int64 {
	p.T.Helper()
	c := servicetest.Claim(p.f, 1000, file)
	c.Remark = name
	if _, err := p.Svc.Performance.Submit(context.Background(), p.debtor.Actor, c); err != nil {
		p.T.Fatal(err)
	}
	return file
}

// Who uploads and never submits is stopped.
func TestLooseFilesAreBounded(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	for i := range 27 {
		p.Uploaded(p.debtor, p.f.ID, 70+i)
	}
	_, _, err := p.upload(p.debtor, nil, servicetest.Picture(99))
	p.Refused(err, "upload.too_many")
	if _, _, err := p.upload(p.creditor, nil, servicetest.Picture(99)); err != nil {
		t.Error("somebody else is stopped, too:", err)
	}
}

// Copies are without what the camera wrote; each look is recorded; a file is for
// the court, for whose it is, and for the creditor of its receipt.
func TestWhoSeesAFile(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	loose := p.Uploaded(p.debtor, p.f.ID, 65)
	if _, _, err := p.open(p.debtor, loose, performance.VariantView); err != nil {
		t.Error("who uploaded it:", err)
	}
	for _, by := range []servicetest.Person{p.judge, p.creditor, p.Citizen()} {
		_, _, err := p.open(by, loose, performance.VariantView)
		p.Refused(err, "file.not_found")
	}
	r := p.Submit(p.debtor, p.f, 60000, 66)
	id := p.receipt(p.judge, r.ID).Files[0].ID
	for _, by := range []servicetest.Person{p.judge, p.clerk, p.debtor, p.creditor} {
		b, mediaType, err := p.open(by, id, performance.VariantView)
		if err != nil || mediaType != "image/jpeg" || bytes.Equal(b, servicetest.Picture(66)) {
			t.Errorf("%+v: %s %v", by, mediaType, err)
		}
	}
	view, _, _ := p.open(p.judge, id, performance.VariantView)
	thumb, _, err := p.open(p.judge, id, performance.VariantThumb)
	if small, e := jpeg.DecodeConfig(bytes.NewReader(thumb)); err != nil || e != nil || len(thumb) > len(view) || small.Width == 0 {
		t.Errorf("the thumbnail has %d bytes, the copy %d: %v %v", len(thumb), len(view), err, e)
	}
	_, _, err = p.open(p.debtor, id, performance.VariantOriginal)
	p.Refused(err, "role.forbidden")
	_, _, err = p.open(p.Citizen(), id, performance.VariantView)
	p.Refused(err, "file.not_found")
	_, _, err = p.open(p.judge, 999999, performance.VariantView)
	p.Refused(err, "file.not_found")
	if n := p.Audited(model.AuditFileLook); n < 7 {
		t.Errorf("%d looks are recorded", n)
	}
	// For the check of contents the copy is given out, and that is recorded.
	o, err := p.Svc.Performance.OpenPicture(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(o)
	_ = o.Close()
	if err != nil || !bytes.Equal(b, view) || p.Audited(model.AuditPictureGiven) != 1 {
		t.Error("the picture for the check:", len(b), err)
	}
	// An object that is gone is said to be, and not as a failure of the program.
	f, err := p.DB.File(ctx, id)
	if err == nil {
		err = p.Objects.Remove(ctx, f.OriginalKey)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = p.open(p.judge, id, performance.VariantOriginal)
	p.Refused(err, "file.not_found")
}

// A long screenshot is shown in tiles, which together are the whole of it.
func TestALongScreenshotHasTiles(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx := context.Background()
	img := image.NewRGBA(image.Rect(0, 0, 400, 9000))
	for y := range 9000 {
		for x := range 400 {
			img.Set(x, y, color.RGBA{uint8(y / 40), uint8(x), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	f, _, err := p.upload(p.debtor, nil, b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	p.submitted(f.ID, "长截图")
	if f, err = p.DB.File(ctx, f.ID); err != nil || f.Tiles() < 2 {
		t.Fatalf("%d tiles, %v", f.Tiles(), err)
	}
	height := 0
	for n := 1; n <= f.Tiles(); n++ {
		tile, size, _, err := p.Svc.Performance.OpenTile(ctx, p.judge.Actor, f.ID, n)
		if err != nil {
			t.Fatal(n, err)
		}
		c, err := io.ReadAll(tile)
		_ = tile.Close()
		d, derr := jpeg.DecodeConfig(bytes.NewReader(c))
		if err != nil || derr != nil || int64(len(c)) != size || d.Width != 400 {
			t.Fatalf("tile %d: %d of %d bytes, %+v %v %v", n, len(c), size, d, err, derr)
		}
		height += d.Height
	}
	if height < 9000 {
		t.Errorf("the tiles are %d high", height)
	}
	for _, n := range []int{0, f.Tiles() + 1} {
		_, _, _, err := p.Svc.Performance.OpenTile(ctx, p.judge.Actor, f.ID, n)
		p.Refused(err, "file.not_found")
	}
}

// forms is a store that hands out forms, as an S3 store does; what a phone puts
// there with one is put by the test.
type forms struct{ object.Store }

func (forms) PresignPost(_ context.Context, key string, _ int64, _ string, _ time.Duration) (string, map[string]string, error) {
	return "https://files.example", map[string]string{"key": key}, nil
}

// A file that a phone put into the store itself waits in quarantine until it was
// examined like any other.
func TestADirectUploadIsExaminedLikeAnyOther(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	w := servicetest.NewWith(t, func(w *servicetest.World) {
		w.Deps = func(d *service.Deps) { d.Objects = forms{d.Objects} }
	})
	p := &people{World: w, judge: w.Staff("zhang.min", model.RoleJudge), clerk: w.Staff("wan.tt", model.RoleClerk), debtor: w.Citizen()}
	p.f = w.File(p.clerk)
	w.Bind(p.debtor, p.clerk, p.f.ID, p.f.Debtor)
	svc := w.Svc.Performance
	begin := func(key string, size int64, mediaType string) (*performance.Direct, error) {
		return svc.BeginDirect(ctx, p.debtor.Actor, p.f.ID, key, size, mediaType)
	}
	_, err := begin(servicetest.FreshKey(), model.MaxFileBytes+1, "image/jpeg")
	w.Refused(err, "file.too_large")
	_, err = begin(servicetest.FreshKey(), 100, "text/html")
	w.Refused(err, "file.type")
	put := func(d *performance.Direct, b []byte) {
		t.Helper()
		if err := w.Objects.Put(ctx, d.File.OriginalKey, bytes.NewReader(b), int64(len(b)), object.PutOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	b, key := servicetest.Picture(67), servicetest.FreshKey()
	d, err := begin(key, int64(len(b)), "image/jpeg")
	if err != nil || d.Form["key"] != d.File.OriginalKey || !strings.HasPrefix(d.File.OriginalKey, "quarantine/") {
		t.Fatalf("%+v %v", d, err)
	}
	if again, err := begin(key, int64(len(b)), "image/jpeg"); err != nil || again.File.ID != d.File.ID {
		t.Errorf("asked again: %+v %v", again, err)
	}
	_, err = svc.CompleteDirect(ctx, p.debtor.Actor, d.File.ID)
	w.Refused(err, "upload.missing")
	put(d, b)
	_, err = svc.CompleteDirect(ctx, w.Citizen().Actor, d.File.ID)
	w.Refused(err, "file.not_found")
	id := servicetest.TwiceAtOnce(t, func() (int64, error) {
		f, err := svc.CompleteDirect(ctx, p.debtor.Actor, d.File.ID)
		if err != nil {
			return 0, err
		}
		if f.State != model.FileStored || f.SHA256 != sum(b) || !strings.HasPrefix(f.OriginalKey, "originals/") {
			return 0, fmt.Errorf("%+v", f)
		}
		return f.ID, nil
	})
	p.submitted(id, "直传")
	if got, _, err := p.open(p.judge, id, performance.VariantOriginal); err != nil || !bytes.Equal(got, b) {
		t.Error(len(got), err)
	}
	// What is no picture is refused and goes.
	d, err = begin(servicetest.FreshKey(), 20, "image/jpeg")
	if err != nil {
		t.Fatal(err)
	}
	put(d, []byte("<html>not a picture</html>"))
	if _, err = svc.CompleteDirect(ctx, p.debtor.Actor, d.File.ID); model.KindOf(err) != model.Invalid {
		t.Error("no picture:", err)
	}
	if _, _, err := w.Objects.Open(ctx, d.File.OriginalKey); err == nil {
		t.Error("what was refused is still in the store")
	}
	_, err = svc.CompleteDirect(ctx, p.debtor.Actor, d.File.ID)
	w.Refused(err, "upload.key_spent")
}

// What nobody submitted goes after three days, and its key is not used again. What
// may be evidence and has no row is listed and kept; copies without a row go.
func TestTheSweeperKeepsWhatMayBeEvidence(t *testing.T) {
	t.Parallel()
	p := newPeople(t)
	ctx, svc := context.Background(), p.Svc.Performance
	b, key := servicetest.Picture(68), servicetest.FreshKey()
	loose, _, err := p.upload(p.debtor, func(u *performance.Upload) { u.Key = key }, b)
	if err != nil {
		t.Fatal(err)
	}
	r := p.Submit(p.debtor, p.f, 60000, 69)
	kept := p.receipt(p.judge, r.ID).Files[0]
	day := time.Now().UTC().Format("2006/01/02")
	day += "/norow"
	evidence, copied := []string{"certificates/" + day, "documents/" + day, "originals/" + day, "quarantine/" + day}, []string{"thumbs/" + day, "views/" + day}
	for _, k := range append(evidence, copied...) {
		if err := p.Objects.Put(ctx, k, bytes.NewReader(b), int64(len(b)), object.PutOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	there := func(key string) bool {
		t.Helper()
		o, _, err := p.Objects.Open(ctx, key)
		if err == nil {
			_ = o.Close()
		}
		return err == nil
	}
	// Objects bear the time of their store, which is the machine's.
	p.Clock.Set(time.Now())
	if rep, err := svc.Sweep(ctx); err != nil || rep.Orphans != 0 || rep.Strays != 0 {
		t.Fatalf("a fresh object was swept: %+v %v", rep, err)
	}
	p.Clock.Set(time.Now().Add(80 * time.Hour))
	rep, err := svc.Sweep(ctx)
	if err != nil || rep.Orphans != 2 || rep.Strays != 4 {
		t.Fatalf("%+v %v", rep, err)
	}
	for _, k := range append(evidence, kept.OriginalKey) {
		if !there(k) {
			t.Errorf("%s is gone", k)
		}
	}
	for _, k := range append(copied, loose.OriginalKey) {
		if there(k) {
			t.Errorf("%s is still there", k)
		}
	}
	if again, err := svc.Sweep(ctx); err != nil || again != (performance.SweepReport{}) {
		t.Errorf("swept again: %+v %v", again, err)
	}
	_, _, err = p.upload(p.debtor, func(u *performance.Upload) { u.Key = key }, b)
	p.Refused(err, "upload.key_spent")
	if err := svc.SweepPass(ctx); err != nil {
		t.Error(err)
	}
}
