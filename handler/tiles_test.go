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

	"microcourt/handler/handlertest"

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
	w := handlertest.New(t)
	store := &failing{Store: w.Objects}
	w.Objects = store
	w.Build()
	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
	f := w.File(clerk)
	debtor, stranger := w.Phone(""), w.Phone("")
	debtor.Bind(clerk, f.ID, f.Debtor)
	up := debtor.Upload(f.ID, handlertest.FreshKey(), longScreenshot(t))
	if up.Status != http.StatusCreated || up.Json.Num("tiles") != 3 {
		t.Fatalf("%d %s", up.Status, up.Body)
	}
	id := up.Json.ID("id")
	height := 0
	for n := 1; n <= 3; n++ {
		a := debtor.Call(handlertest.Get, fmt.Sprintf("/files/%d/tiles/%d", id, n), nil)
		cfg, err := jpeg.DecodeConfig(bytes.NewReader(a.Body))
		if a.Status != http.StatusOK || err != nil || cfg.Width != 360 {
			t.Fatalf("tile %d: %d %v %v", n, a.Status, cfg, err)
		}
		height += cfg.Height
	}
	if height != 4100 {
		t.Errorf("the tiles are %d high together", height)
	}
	r := debtor.Must(http.StatusCreated, handlertest.Post, fmt.Sprintf("/cases/%d/receipts", f.ID), handlertest.Claim(60000, id))
	v := w.Visitor(judge)
	if _, page := v.Send(handlertest.Get, fmt.Sprintf("/receipts/%d", r.ID("id")), nil, nil); strings.Count(page, fmt.Sprintf("/desk/files/%d/tiles/", id)) != 3 ||
		!strings.Contains(page, fmt.Sprintf("/desk/files/%d/original", id)) {
		t.Error("the desk does not show the tiles and the original")
	}
	if res, body := v.Send(handlertest.Get, fmt.Sprintf("/files/%d/tiles/3", id), nil, nil); res.StatusCode != http.StatusOK || !strings.HasPrefix(body, "\xff\xd8") {
		t.Errorf("a tile on the desk: %d", res.StatusCode)
	}
	// One whose object the store spoiled, and one that is no long picture.
	other := debtor.Upload(f.ID, handlertest.FreshKey(), longScreenshot(t)).Json.ID("id")
	debtor.Spoil(other)
	plain := debtor.Uploaded(f.ID, 901)
	refusedAll(t, []mistake{
		{debtor, http.StatusNotFound, "file.not_found", handlertest.Get, fmt.Sprintf("/files/%d/tiles/4", id), nil, ""},
		{debtor, http.StatusNotFound, "file.not_found", handlertest.Get, fmt.Sprintf("/files/%d/tiles/1", plain), nil, ""},
		{stranger, http.StatusNotFound, "file.not_found", handlertest.Get, fmt.Sprintf("/files/%d/tiles/1", id), nil, ""},
		{debtor, http.StatusNotFound, "path.not_found", handlertest.Get, fmt.Sprintf("/files/%d/tiles/0", id), nil, ""},
		{debtor, handlertest.Bad, "file.damaged", handlertest.Get, fmt.Sprintf("/files/%d/tiles/1", other), nil, ""},
	})
	store.fail(true)
	refusedAll(t, []mistake{{debtor, http.StatusServiceUnavailable, "files.unavailable", handlertest.Get, fmt.Sprintf("/files/%d/tiles/1", id), nil, ""}})
}

// What is wrong with a file is said with its name: a phone sends several.
func TestARefusedFileIsNamed(t *testing.T) {
	t.Parallel()
	_, debtor, f := uploader(t)
	if a := debtor.Upload(f.ID, handlertest.FreshKey(), handlertest.Arithmetic()); !strings.Contains(string(a.Body), "“tmp_a8f3.unknown”：") || a.Json.Reason() != "file.unsupported" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
