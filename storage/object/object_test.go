package object_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"testing"
	"time"

	"microcourt/storage/object"
	"microcourt/storage/object/objecttest"
)

func TestContract(t *testing.T) {
	objecttest.Run(t, objecttest.Open)
}

// minioTests are the properties that only a MinIO server has. They run
// whenever the test command gave one, which the gate always does.
var minioTests = map[string]func(*testing.T){
	"a silent server": func(t *testing.T) {
		ctx := context.Background() // as background work has it: without a deadline
		cfg := objecttest.MinIOConfig(t)
		relay := objecttest.NewRelay(t, cfg.Endpoint)
		cfg.Endpoint, cfg.Silence = relay.Addr(), time.Second
		m, err := object.NewMinIO(ctx, cfg, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		body := bytes.Repeat([]byte("0123456789abcdef"), 1<<20)
		put := func(key string) error {
			return m.Put(ctx, key, bytes.NewReader(body), int64(len(body)), object.PutOptions{})
		}
		if err := put("a/b"); err != nil {
			t.Fatal(err)
		}
		within := func(what string, act func() error) {
			t.Helper()
			began := time.Now()
			if err := act(); err == nil || time.Since(began) > 30*time.Second {
				t.Errorf("%s: %v after %v", what, err, time.Since(began))
			}
			relay.Hush(false)
		}
		within("the rest of a body", func() error {
			o, _, err := m.Open(ctx, "a/b")
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = o.Close() }()
			if _, err := io.ReadFull(o, make([]byte, 1000)); err != nil {
				t.Fatal(err)
			}
			relay.Hush(true)
			_, err = io.Copy(io.Discard, o)
			return err
		})
		within("the answer to an upload", func() error { relay.Hush(true); return put("a/c") })
		within("a listing", func() error {
			relay.Hush(true)
			for _, err := range m.List(ctx, "") {
				return err
			}
			return nil
		})
		within("a sign of life", func() error { relay.Hush(true); return m.Ready(ctx) })
		if err := put("a/d"); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	},
	"presigned form": func(t *testing.T) {
		ctx := context.Background()
		m := objecttest.MinIO(t)
		post := func(key string, body []byte) int {
			u, form, err := m.PresignPost(ctx, key, 10, "image/jpeg", time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			w := multipart.NewWriter(&b)
			for k, v := range form {
				_ = w.WriteField(k, v)
			}
			f, _ := w.CreateFormFile("file", "tmp_1.jpg") // last, as wx.uploadFile sends it
			_, _ = f.Write(body)
			_ = w.Close()
			res, err := http.Post(u, w.FormDataContentType(), &b)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			return res.StatusCode
		}
		if code := post("quarantine/a", []byte("0123456789")); code != http.StatusCreated {
			t.Errorf("a permitted upload answered %d", code)
		}
		if code := post("quarantine/b", []byte("0123456789x")); code < 400 {
			t.Errorf("a larger upload answered %d", code)
		}
	},
	"retention": func(t *testing.T) {
		ctx := context.Background()
		cfg := objecttest.MinIOConfig(t)
		cfg.RetentionDays = 1
		m, err := object.NewMinIO(ctx, cfg, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Put(ctx, "o/x", bytes.NewReader([]byte("1")), 1, object.PutOptions{Retain: true}); err != nil {
			t.Fatal(err)
		}
		plain := objecttest.MinIOConfig(t)
		if _, err := object.NewMinIO(ctx, plain, time.Now); err != nil {
			t.Fatal(err)
		}
		plain.RetentionDays = 1
		if _, err := object.NewMinIO(ctx, plain, time.Now); err == nil {
			t.Error("retention was accepted on a bucket without object lock")
		}
	},
}

func TestMinIO(t *testing.T) {
	if !objecttest.OnMinIO() {
		minioTests = nil
	}
	for name, f := range minioTests {
		t.Run(name, f)
	}
}
