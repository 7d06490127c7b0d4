package handler_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"microcourt/model"
)

// longScreenshot is a PNG of a chat that was scrolled and put together.
func longScreenshot(t *testing.T) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 360, 4100))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for y := 0; y < 4100; y += 10 {
		img.SetGray(y%360, y, color.Gray{})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A long screenshot is read in tiles, by the phone and on the desk, by whoever
// may see the file and nobody else.
func TestALongScreenshotIsShownInTiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	store := &failing{Store: w.objects}
	w.objects = store
	w.build()
	judge, clerk := w.staff("zhang.min", model.RoleJudge), w.staff("wan.tt", model.RoleClerk)
	f := w.file(clerk)
	debtor, stranger := w.phone(""), w.phone("")
	debtor.bind(clerk, f.id, f.debtor)
	up := debtor.upload(f.id, freshKey(), longScreenshot(t))
	if up.status != http.StatusCreated || up.json.num("tiles") != 3 {
		t.Fatalf("%d %s", up.status, up.body)
	}
	id := up.json.id("id")
	height := 0
	for n := 1; n <= 3; n++ {
		a := debtor.call(get, fmt.Sprintf("/files/%d/tiles/%d", id, n), nil)
		cfg, err := jpeg.DecodeConfig(bytes.NewReader(a.body))
		if a.status != http.StatusOK || err != nil || cfg.Width != 360 {
			t.Fatalf("tile %d: %d %v %v", n, a.status, cfg, err)
		}
		height += cfg.Height
	}
	if height != 4100 {
		t.Errorf("the tiles are %d high together", height)
	}
	r := debtor.must(http.StatusCreated, post, fmt.Sprintf("/cases/%d/receipts", f.id), claim(60000, id))
	v := w.visitor(judge)
	if _, page := v.send(get, fmt.Sprintf("/receipts/%d", r.id("id")), nil, nil); strings.Count(page, fmt.Sprintf("/desk/files/%d/tiles/", id)) != 3 ||
		!strings.Contains(page, fmt.Sprintf("/desk/files/%d/original", id)) {
		t.Error("the desk does not show the tiles and the original")
	}
	if res, body := v.send(get, fmt.Sprintf("/files/%d/tiles/3", id), nil, nil); res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "\xff\xd8") {
		t.Errorf("a tile on the desk: %d", res.StatusCode)
	}
	// One whose object the store spoiled, and one that is no long picture.
	other := debtor.upload(f.id, freshKey(), longScreenshot(t)).json.id("id")
	debtor.spoil(other)
	plain := debtor.uploaded(f.id, 901)
	refusedAll(t, []mistake{
		{debtor, http.StatusNotFound, "file.not_found", get, fmt.Sprintf("/files/%d/tiles/4", id), nil, ""},
		{debtor, http.StatusNotFound, "file.not_found", get, fmt.Sprintf("/files/%d/tiles/1", plain), nil, ""},
		{stranger, http.StatusNotFound, "file.not_found", get, fmt.Sprintf("/files/%d/tiles/1", id), nil, ""},
		{debtor, http.StatusNotFound, "path.not_found", get, fmt.Sprintf("/files/%d/tiles/0", id), nil, ""},
		{debtor, bad, "file.damaged", get, fmt.Sprintf("/files/%d/tiles/1", other), nil, ""},
	})
	store.fail(true)
	refusedAll(t, []mistake{{debtor, http.StatusServiceUnavailable, "files.unavailable", get, fmt.Sprintf("/files/%d/tiles/1", id), nil, ""}})
}

// What is wrong with a file is said with its name: a phone sends several.
func TestARefusedFileIsNamed(t *testing.T) {
	t.Parallel()
	_, debtor, f := uploader(t)
	if a := debtor.upload(f.id, freshKey(), arithmetic()); !strings.Contains(string(a.body), "“tmp_a8f3.unknown”：") || a.json.reason() != "file.unsupported" {
		t.Errorf("%d %s", a.status, a.body)
	}
}
