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
	"strings"
	"sync"
	"testing"
	"time"

	"microcourt/handler/handlertest"
	"microcourt/service/performance"

	"microcourt/model"
	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
)

func uploader(t *testing.T) (*handlertest.World, *handlertest.Client, handlertest.Filed) {
	t.Helper()
	w := handlertest.New(t)
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	return w, debtor, f
}

func TestRefusedFilesLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	jpg := handlertest.Picture(3)
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
		a := debtor.Upload(f.ID, handlertest.FreshKey(), tt.file)
		if a.Status != http.StatusBadRequest || a.Json.Reason() != tt.reason {
			t.Errorf("%s: %d %s, want %s", name, a.Status, a.Body, tt.reason)
		}
	}
	if keys := w.ObjectKeys(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
	if a := debtor.Upload(999, handlertest.FreshKey(), jpg); a.Json.Reason() != "case.not_found" {
		t.Errorf("%s", a.Body)
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
		a := debtor.UploadStated(f.ID, handlertest.FreshKey(), tt.file, tt.fields)
		if a.Status != http.StatusBadRequest || a.Json.Reason() != tt.reason {
			t.Errorf("%s: %d %s, want %s", name, a.Status, a.Body, tt.reason)
		}
	}
	if keys := w.ObjectKeys(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
	sum := sha256.Sum256(jpg)
	a := debtor.UploadStated(f.ID, handlertest.FreshKey(), jpg, map[string]string{"size": fmt.Sprint(len(jpg)), "sha256": hex.EncodeToString(sum[:])})
	if a.Status != http.StatusCreated || a.Json.Str("sha256") != hex.EncodeToString(sum[:]) {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	o, info, err := w.Objects.Open(context.Background(), w.ObjectKeys()[0])
	if err != nil {
		t.Fatal(err)
	}
	kept, err := io.ReadAll(o)
	if err != nil || info.Size != int64(len(jpg)) || !bytes.Equal(kept, jpg) {
		t.Errorf("the store has %d bytes of %d, %v", len(kept), len(jpg), err)
	}
	_ = o.Close()
}

// A repeat is answered by the file that is there; another file under the key is refused.
func TestARepeatedUploadIsTheSameFile(t *testing.T) {
	t.Parallel()
	_, debtor, f := uploader(t)
	key := handlertest.FreshKey()
	first, again := debtor.Upload(f.ID, key, handlertest.Picture(5)), debtor.Upload(f.ID, key, handlertest.Picture(5))
	if first.Status != http.StatusCreated || again.Status != http.StatusOK || first.Json.ID("id") != again.Json.ID("id") {
		t.Errorf("%d %s, again %d %s", first.Status, first.Body, again.Status, again.Body)
	}
	if a := debtor.Upload(f.ID, key, handlertest.Picture(6)); a.Json.Reason() != "upload.key_reused" {
		t.Errorf("another file under the key: %s", a.Body)
	}
}

// The original is kept untouched; what people see carries no EXIF.
func TestTheViewHasNoMetadataAndTheOriginalIsUntouched(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	clean := handlertest.Picture(7)
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00GPS 29.95N 121.71E")
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	file := append(append(bytes.Clone(clean[:2]), segment...), clean[2:]...)
	a := debtor.Upload(f.ID, handlertest.FreshKey(), file)
	if a.Status != http.StatusCreated {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	id := a.Json.ID("id")
	debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.ID), handlertest.Claim(60000, id))
	view := debtor.Call(http.MethodGet, fmt.Sprintf("/files/%d/view", id), nil)
	if view.Status != http.StatusOK || view.Header.Get("Content-Type") != "image/jpeg" || bytes.Contains(view.Body, []byte("GPS")) {
		t.Errorf("the view: %d %s", view.Status, view.Header.Get("Content-Type"))
	}
	if _, _, _, err := w.Svc.Performance.OpenFile(t.Context(), debtor.Actor(), id, performance.VariantOriginal); model.ReasonOf(err) != "role.forbidden" {
		t.Errorf("the debtor opens the original: %v", err)
	}
	clerk := w.Staff("another.clerk", model.RoleClerk)
	if o := clerk.Reads(fmt.Sprintf("/files/%d/original", id)); o != string(file) {
		t.Errorf("the original was changed: %d bytes of %d", len(o), len(file))
	}
	if th := clerk.Call(http.MethodGet, fmt.Sprintf("/files/%d/thumbnail", id), nil); th.Status != http.StatusOK || len(th.Body) == 0 {
		t.Errorf("the thumbnail: %d", th.Status)
	}
}

// wx.uploadFile on a slow network: the body drips in.
func TestASlowUploadArrives(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	var form bytes.Buffer
	m := multipart.NewWriter(&form)
	_ = m.WriteField("case_id", fmt.Sprint(f.ID))
	_ = m.WriteField("upload_key", handlertest.FreshKey())
	part, _ := m.CreateFormFile("file", `..\..\etc\回执 (1)%00;.jpg`)
	_, _ = part.Write(handlertest.Picture(8))
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
	req, _ := http.NewRequest(http.MethodPost, w.URL+"/api/v1/uploads", r) // chunked: no length
	req.Header.Set("Content-Type", m.FormDataContentType())
	a := debtor.Send(req)
	if a.Status != http.StatusCreated || strings.ContainsAny(a.Json.Str("name"), `/\`) {
		t.Fatalf("%d %s", a.Status, a.Body)
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
	w := handlertest.New(t)
	store := &failing{Store: w.Objects, down: true}
	w.Objects = store
	w.Build()
	w.Staff("zhang.min", model.RoleJudge)
	clerk := w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor := w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	key := handlertest.FreshKey()
	a := debtor.Upload(f.ID, key, handlertest.Picture(9))
	if a.Status != http.StatusServiceUnavailable || a.Json.Reason() != "files.unavailable" || a.Header.Get("Retry-After") == "" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if keys := w.ObjectKeys(); len(keys) != 0 {
		t.Errorf("left behind: %v", keys)
	}
	store.fail(false)
	if a := debtor.Upload(f.ID, key, handlertest.Picture(9)); a.Status != http.StatusCreated {
		t.Errorf("the retry answered %d %s", a.Status, a.Body)
	}
}

// A phone uploads straight to MinIO by a presigned form; the same checks
// follow. A directory has no such door and says so.
func TestDirectUpload(t *testing.T) {
	t.Parallel()
	w, debtor, f := uploader(t)
	file := handlertest.Picture(81)
	want := handlertest.Obj{"case_id": f.ID, "upload_key": handlertest.FreshKey(), "size": len(file), "media_type": "image/jpeg"}
	if !objecttest.OnMinIO() {
		debtor.Refused(http.StatusBadRequest, "upload.direct_off", http.MethodPost, "/uploads/presigned", want)
		return
	}
	post := func(d handlertest.Obj, file []byte) {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for k, v := range d.Obj("form") {
			_ = m.WriteField(k, v.(string))
		}
		part, _ := m.CreateFormFile("file", "tmp.jpg")
		_, _ = part.Write(file)
		_ = m.Close()
		res, err := http.Post(d.Str("url"), m.FormDataContentType(), &b)
		if err != nil || res.StatusCode != http.StatusCreated {
			t.Fatalf("MinIO answered %v %v", res, err)
		}
		_ = res.Body.Close()
	}
	d := debtor.Must(http.StatusCreated, http.MethodPost, "/uploads/presigned", want)
	complete := fmt.Sprintf("/uploads/%d/complete", d.ID("file_id"))
	debtor.Refused(http.StatusConflict, "upload.missing", http.MethodPost, complete, nil)
	post(d, file)
	done := debtor.Must(http.StatusOK, http.MethodPost, complete, nil)
	if again := debtor.Must(http.StatusOK, http.MethodPost, complete, nil); again.Str("sha256") != done.Str("sha256") {
		t.Error("a repeat completed something else")
	}
	debtor.Must(http.StatusCreated, http.MethodPost, fmt.Sprintf("/cases/%d/receipts", f.ID), handlertest.Claim(60000, done.ID("id")))
	// A bad file is refused and leaves quarantine.
	want["upload_key"] = handlertest.FreshKey()
	bad := debtor.Must(http.StatusCreated, http.MethodPost, "/uploads/presigned", want)
	post(bad, []byte("<html>"))
	debtor.Refused(http.StatusBadRequest, "file.type", http.MethodPost, fmt.Sprintf("/uploads/%d/complete", bad.ID("file_id")), nil)
	for _, k := range w.ObjectKeys() {
		if strings.HasPrefix(k, "quarantine/") {
			t.Errorf("left in quarantine: %s", k)
		}
	}
	if _, _, err := w.Objects.Open(context.Background(), "quarantine/none"); !errors.Is(err, object.ErrNotExist) {
		t.Error(err)
	}
}
