package handler_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/model"
	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
)

func (w *world) objectKeys() (keys []string) {
	w.t.Helper()
	for o, err := range w.objects.List(context.Background(), "") {
		if err != nil {
			w.t.Fatal(err)
		}
		keys = append(keys, o.Key)
	}
	return keys
}

func uploader(t *testing.T) (*world, *client, filed) {
	t.Helper()
	w := newWorld(t)
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor := w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	return w, debtor, f
}

func TestRefusedFilesLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	jpg := picture(3)
	for name, tt := range map[string]struct {
		file   []byte
		reason string
	}{
		"empty": {nil, "file.empty"}, "truncated": {jpg[:len(jpg)/2], "file.damaged"}, "web page": {[]byte("<html><script>alert(1)</script>"), "file.type"},
		"SVG": {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), "file.type"}, "program": {[]byte("MZ\x90\x00\x03"), "file.type"},
		"archive behind a picture": {append(bytes.Clone(jpg), "PK\x03\x04 and the rest"...), "file.polyglot"},
		"too large":                {append(bytes.Clone(jpg), make([]byte, model.MaxFileBytes)...), "file.too_large"},
		"PDF without an end":       {[]byte("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"), "file.damaged"},
	} {
		a := debtor.upload(f.id, freshKey(), tt.file)
		if a.status != http.StatusBadRequest || a.json.reason() != tt.reason {
			t.Errorf("%s: %d %s, want %s", name, a.status, a.body, tt.reason)
		}
	}
	if keys := w.objectKeys(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
	if a := debtor.upload(999, freshKey(), jpg); a.json.reason() != "case.not_found" {
		t.Errorf("%s", a.body)
	}
}

// A picture whose size the phone states is on its way to the store while it is
// examined. What is wrong with it shows at the end, and still nothing stays.
func TestAStreamedFileThatIsRefusedLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	jpg := bigPicture(300 << 10)
	stated := func(n int) map[string]string { return map[string]string{"size": fmt.Sprint(n)} }
	for name, tt := range map[string]struct {
		file   []byte
		fields map[string]string
		reason string
	}{
		"archive behind a picture":  {append(bytes.Clone(jpg), "PK\x03\x04 and the rest"...), stated(len(jpg) + 17), "file.polyglot"},
		"truncated":                 {jpg[:len(jpg)/2], stated(len(jpg) / 2), "file.damaged"},
		"shorter than stated":       {jpg, stated(len(jpg) + 1), "upload.interrupted"},
		"stated as empty":           {jpg, stated(0), "upload.interrupted"},
		"longer than stated":        {append(bytes.Clone(jpg), 0), stated(len(jpg)), "upload.interrupted"},
		"too large and understated": {append(bytes.Clone(jpg), make([]byte, model.MaxFileBytes)...), stated(len(jpg)), "file.too_large"},
		"too large":                 {append(bytes.Clone(jpg), make([]byte, model.MaxFileBytes)...), stated(len(jpg) + model.MaxFileBytes), "file.too_large"},
		"another checksum":          {jpg, map[string]string{"size": fmt.Sprint(len(jpg)), "sha256": strings.Repeat("0", 64)}, "upload.checksum"},
	} {
		a := debtor.uploadStated(f.id, freshKey(), tt.file, tt.fields)
		if a.status != http.StatusBadRequest || a.json.reason() != tt.reason {
			t.Errorf("%s: %d %s, want %s", name, a.status, a.body, tt.reason)
		}
	}
	if keys := w.objectKeys(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
	sum := sha256.Sum256(jpg)
	a := debtor.uploadStated(f.id, freshKey(), jpg, map[string]string{"size": fmt.Sprint(len(jpg)), "sha256": hex.EncodeToString(sum[:])})
	if a.status != http.StatusCreated || a.json.str("sha256") != hex.EncodeToString(sum[:]) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	o, info, err := w.objects.Open(context.Background(), w.objectKeys()[0])
	if err != nil {
		t.Fatal(err)
	}
	kept, err := io.ReadAll(o)
	if err != nil || info.Size != int64(len(jpg)) || !bytes.Equal(kept, jpg) {
		t.Errorf("the store has %d bytes of %d, %v", len(kept), len(jpg), err)
	}
	_ = o.Close()
}

func TestARepeatedUploadIsTheSameFile(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	key := freshKey()
	var wg sync.WaitGroup
	var mu sync.Mutex
	ids, statuses := map[int64]bool{}, map[int]int{}
	for range 6 {
		wg.Go(func() {
			a := debtor.upload(f.id, key, picture(5))
			mu.Lock()
			defer mu.Unlock()
			ids[a.json.id("id")] = true
			statuses[a.status]++
		})
	}
	wg.Wait()
	if len(ids) != 1 || statuses[http.StatusCreated] != 1 || statuses[http.StatusOK] != 5 {
		t.Fatalf("six posts under one key: files %v, answers %v", ids, statuses)
	}
	originals := 0
	for _, k := range w.objectKeys() {
		if strings.HasPrefix(k, "originals/") {
			originals++
		}
	}
	if originals != 1 {
		t.Errorf("%d originals are in the store", originals)
	}
	if a := debtor.upload(f.id, key, picture(6)); a.json.reason() != "upload.key_reused" {
		t.Errorf("another file under the key: %s", a.body)
	}
}

// The original is kept untouched; what people see carries no EXIF.
func TestTheViewHasNoMetadataAndTheOriginalIsUntouched(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	clean := picture(7)
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00GPS 29.95N 121.71E")
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	file := append(append(bytes.Clone(clean[:2]), segment...), clean[2:]...)
	a := debtor.upload(f.id, freshKey(), file)
	if a.status != http.StatusCreated {
		t.Fatalf("%d %s", a.status, a.body)
	}
	id := a.json.id("id")
	debtor.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.id), claim(60000, id))
	view := debtor.call(http.MethodGet, fmt.Sprintf("/files/%d/view", id), nil)
	if view.status != http.StatusOK || view.header.Get("Content-Type") != "image/jpeg" || bytes.Contains(view.body, []byte("GPS")) {
		t.Errorf("the view: %d %s", view.status, view.header.Get("Content-Type"))
	}
	debtor.refused(http.StatusForbidden, "role.forbidden", http.MethodGet, fmt.Sprintf("/files/%d/original", id), nil)
	clerk := w.staff("another.clerk", model.RoleClerk)
	if o := clerk.call(http.MethodGet, fmt.Sprintf("/files/%d/original", id), nil); !bytes.Equal(o.body, file) {
		t.Errorf("the original was changed: %d bytes of %d", len(o.body), len(file))
	}
	if th := clerk.call(http.MethodGet, fmt.Sprintf("/files/%d/thumbnail", id), nil); th.status != http.StatusOK || len(th.body) == 0 {
		t.Errorf("the thumbnail: %d", th.status)
	}
}

// wx.uploadFile on a slow network: the body drips in.
func TestASlowUploadArrives(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	_ = m.WriteField("case_id", fmt.Sprint(f.id))
	_ = m.WriteField("upload_key", freshKey())
	part, _ := m.CreateFormFile("file", `..\..\etc\回执 (1)%00;.jpg`)
	_, _ = part.Write(picture(8))
	_ = m.Close()
	r, pipe := io.Pipe()
	go func() {
		body := form.Bytes()
		for len(body) > 0 {
			n := min(len(body), len(form.Bytes())/10+1)
			time.Sleep(20 * time.Millisecond)
			_, _ = pipe.Write(body[:n])
			body = body[n:]
		}
		_ = pipe.Close()
	}()
	req, _ := http.NewRequest(http.MethodPost, w.url+"/api/v1/uploads", r) // chunked: no length
	req.Header.Set("Content-Type", m.FormDataContentType())
	a := debtor.send(req)
	if a.status != http.StatusCreated || strings.ContainsAny(a.json.str("name"), `/\`) {
		t.Fatalf("%d %s", a.status, a.body)
	}
}

// failing is the object store on the day it fails: writes break in mid-stream.
type failing struct {
	object.Store
	mu   sync.Mutex
	down bool
}

func (f *failing) Put(ctx context.Context, key string, r io.Reader, size int64, opt object.PutOptions) error {
	f.mu.Lock()
	down := f.down
	f.mu.Unlock()
	if down {
		_, _ = io.CopyN(io.Discard, r, size/2)
		return fmt.Errorf("%w: connection reset", object.ErrUnavailable)
	}
	return f.Store.Put(ctx, key, r, size, opt)
}

func (f *failing) Open(ctx context.Context, key string) (object.Object, object.Info, error) {
	f.mu.Lock()
	down := f.down
	f.mu.Unlock()
	if down {
		return nil, object.Info{}, fmt.Errorf("%w: connection refused", object.ErrUnavailable)
	}
	return f.Store.Open(ctx, key)
}

func (f *failing) fail(down bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.down = down
}

func TestAnOutageOfTheObjectStoreLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := &failing{Store: w.objects, down: true}
	w.objects = store
	w.build()
	w.staff("zhang.min", model.RoleJudge)
	clerk := w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor := w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	key := freshKey()
	a := debtor.upload(f.id, key, picture(9))
	if a.status != http.StatusServiceUnavailable || a.json.reason() != "files.unavailable" || a.header.Get("Retry-After") == "" {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if keys := w.objectKeys(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
	store.fail(false)
	if a := debtor.upload(f.id, key, picture(9)); a.status != http.StatusCreated {
		t.Errorf("the retry answered %d %s", a.status, a.body)
	}
}

// After the sweeper ran no copy without a record remains, and no record without
// its file; what may be evidence is listed and kept, whatever the records say.
func TestTheSweeperKeepsWhatMayBeEvidence(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	ctx := context.Background()
	attached := debtor.uploaded(f.id, 71)
	debtor.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.id), claim(60000, attached))
	loose := debtor.uploaded(f.id, 72)
	// The sweeper reads the store's own times, so the clock starts at now.
	w.clock.Set(time.Now().UTC())
	day := "/" + w.clock.Now().Format("2006/01/02") + "/orphan"
	evidence, copied := []string{"certificates" + day, "documents" + day, "originals" + day, "quarantine" + day}, []string{"thumbs" + day, "views" + day}
	for _, k := range append(evidence, copied...) {
		if err := w.objects.Put(ctx, k, strings.NewReader("x"), 1, object.PutOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	rep, err := w.svc.Performance.Sweep(ctx)
	if err != nil || rep.Orphans != 0 || rep.Strays != 0 {
		t.Fatalf("a fresh object was swept: %+v %v", rep, err)
	}
	w.clock.Advance(73 * time.Hour)
	if rep, err = w.svc.Performance.Sweep(ctx); err != nil || rep.Orphans != 2 || rep.Strays != 4 {
		t.Fatalf("%+v %v", rep, err)
	}
	for _, k := range evidence {
		if !slices.Contains(w.objectKeys(), k) {
			t.Errorf("%s is gone", k)
		}
	}
	for _, k := range copied {
		if slices.Contains(w.objectKeys(), k) {
			t.Errorf("%s, which can be made again, is still there", k)
		}
	}
	debtor.login() // the clock moved by months
	a := debtor.call(http.MethodGet, fmt.Sprintf("/files/%d/view", attached), nil)
	if a.status != http.StatusOK {
		t.Errorf("the receipt's file is gone: %d %s", a.status, a.body)
	}
	debtor.refused(http.StatusBadRequest, "file.unknown", http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.id), claim(1000, loose))
}

// A phone uploads straight to MinIO by a presigned form; the same checks
// follow. A directory has no such door and says so.
func TestDirectUpload(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	file := picture(81)
	want := obj{"case_id": f.id, "upload_key": freshKey(), "size": len(file), "media_type": "image/jpeg"}
	if !objecttest.OnMinIO() {
		debtor.refused(http.StatusBadRequest, "upload.direct_off", http.MethodPost, "/uploads/presigned", want)
		return
	}
	post := func(d obj, file []byte) {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for k, v := range d.obj("form") {
			_ = m.WriteField(k, v.(string))
		}
		part, _ := m.CreateFormFile("file", "tmp.jpg")
		_, _ = part.Write(file)
		_ = m.Close()
		res, err := http.Post(d.str("url"), m.FormDataContentType(), &b)
		if err != nil || res.StatusCode != http.StatusCreated {
			t.Fatalf("MinIO answered %v %v", res, err)
		}
		_ = res.Body.Close()
	}
	d := debtor.must(http.StatusCreated, http.MethodPost, "/uploads/presigned", want)
	complete := fmt.Sprintf("/uploads/%d/complete", d.id("file_id"))
	debtor.refused(http.StatusConflict, "upload.missing", http.MethodPost, complete, nil)
	post(d, file)
	done := debtor.must(http.StatusOK, http.MethodPost, complete, nil)
	if again := debtor.must(http.StatusOK, http.MethodPost, complete, nil); again.str("sha256") != done.str("sha256") {
		t.Error("a repeat completed something else")
	}
	debtor.must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.id), claim(60000, done.id("id")))
	// A bad file is refused and leaves quarantine.
	want["upload_key"] = freshKey()
	bad := debtor.must(http.StatusCreated, http.MethodPost, "/uploads/presigned", want)
	post(bad, []byte("<html>"))
	debtor.refused(http.StatusBadRequest, "file.type", http.MethodPost, fmt.Sprintf("/uploads/%d/complete", bad.id("file_id")), nil)
	for _, k := range w.objectKeys() {
		if strings.HasPrefix(k, "quarantine/") {
			t.Errorf("left in quarantine: %s", k)
		}
	}
	if _, _, err := w.objects.Open(context.Background(), "quarantine/none"); !errors.Is(err, object.ErrNotExist) {
		t.Error(err)
	}
}
