package evidence_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"microcourt/model"
	"microcourt/service/evidence"
)

// again does what is refused because it is nobody's turn until it is, as a phone
// would: how much time a child gets is the machine's affair.
func again(do func() error) error {
	for try := 0; ; try++ {
		if err := do(); model.ReasonOf(err) != "file.busy" || try == 20 {
			return err
		}
	}
}

// shown uploads and shows a file: its reason when it is refused, and its views.
func shown(t *testing.T, file []byte) (string, *evidence.Report, *evidence.Views) {
	t.Helper()
	r := bytes.NewReader(file)
	atUpload := again(func() error {
		_, err := evidence.Shared().Examine(t.Context(), r, r.Size())
		return err
	})
	reason, rep, v := confined(t, file)
	if model.ReasonOf(atUpload) != reason {
		t.Errorf("at upload %v, afterwards %s", atUpload, reason)
	}
	return reason, rep, v
}

// confined shows a file by one child.
func confined(t *testing.T, file []byte) (reason string, rep *evidence.Report, v *evidence.Views) {
	t.Helper()
	r := bytes.NewReader(file)
	err := again(func() (err error) {
		var c *evidence.Copies
		if rep, c, err = evidence.Shared().Views(t.Context(), r, r.Size()); err == nil {
			v, err = c.All()
		}
		return err
	})
	return model.ReasonOf(err), rep, v
}

// here is shown without a child, which takes longer to start than most files take:
// TestTheConfinementChangesNothing shows that it is the same.
func here(t *testing.T, file []byte) (string, *evidence.Views) {
	t.Helper()
	v, err := evidence.Unconfined(file)
	return model.ReasonOf(err), v
}

func chunk(kind string, body []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// box is one box of a HEIC file.
func box(kind, body string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8)), kind+body...)
}

// What real phones write is accepted and shown, without what they added.
func TestPhones(t *testing.T) {
	t.Parallel()
	jpg, heicFile := encodeJPEG(picture(64, 48), 90), file(t, "small.heic")
	behind := func(b []byte, tail string) []byte { return append(bytes.Clone(b), tail...) }
	brand := func(name string) []byte {
		b := bytes.Clone(heicFile)
		copy(b[8:], name)
		return b
	}
	stray := append(bytes.Clone(jpg[:2]), 0xff, 0xe0, 0, 4, 'x', 'y', 0, 0, 'z')
	stray = append(stray, jpg[2:]...)
	long := strings.Repeat("a", 6000)
	for name, tt := range map[string]struct {
		file []byte
		want string
	}{
		"vivo's text":              {behind(jpg, `vivo{"com.vivo.gallery.extrainfo":"`+long+`"}`), ""},
		"OPPO's text":              {behind(jpg, "jxrs"+long+"oppo_camera"), ""},
		"Xiaomi's XML":             {behind(jpg, `<?xml version="1.0"?><mi>`+long+"</mi>"), ""},
		"Huawei's marks":           {behind(jpg, strings.Repeat("\x00\xff\x13HWMARK", 900)), ""},
		"Samsung's SEFT":           {behind(jpg, strings.Repeat("\x01\x00SEFH", 900)+"SEFT"), ""},
		"a motion photo":           {behind(jpg, string(box("ftyp", "mp42....isom"))+string(box("mdat", long))), ""},
		"a gain map (MPF)":         {append(bytes.Clone(jpg), encodeJPEG(picture(16, 16), 90)...), ""},
		"zeros":                    {append(bytes.Clone(jpg), make([]byte, 200_000)...), ""},
		"stray bytes":              {stray, ""},
		"a web page behind":        {behind(jpg, long+"<html><script>alert(1)</script>"), "file.polyglot"},
		"an archive far behind":    {behind(jpg, long+long+long+"PK\x03\x04\x14\x00"), "file.polyglot"},
		"a program behind":         {behind(jpg, "MZ\x90\x00"+long), "file.polyglot"},
		"heic":                     {heicFile, ""},
		"brand mif1":               {brand("mif1"), ""},
		"brand msf1":               {brand("msf1"), ""},
		"brand heis":               {brand("heis"), ""},
		"brand hevx":               {brand("hevx"), ""},
		"Samsung's box":            {append(bytes.Clone(heicFile), box("sefd", long)...), ""},
		"a maker's trailer":        {behind(heicFile, "\xff\xff\xff\xffvivo"+long), ""},
		"an archive in a box":      {append(bytes.Clone(heicFile), box("sefd", "PK\x03\x04\x14\x00"+long)...), "file.polyglot"},
		"AVIF":                     {box("ftyp", "avif....mif1"), "file.type"},
		"arithmetic coding":        {bytes.Replace(jpg, []byte{0xff, 0xc0}, []byte{0xff, 0xc9}, 1), "file.unsupported"},
		"twelve bits":              {bytes.Replace(jpg, []byte{0xff, 0xc0, 0, 0x11, 8}, []byte{0xff, 0xc1, 0, 0x11, 12}, 1), "file.unsupported"},
		"a cut film behind a HEIC": {append(bytes.Clone(heicFile), box("mpvd", long)...), ""},
	} {
		reason, v := here(t, tt.file)
		if reason != tt.want {
			t.Errorf("%s: %q, want %q", name, reason, tt.want)
			continue
		}
		if reason == "" && (bytes.Contains(v.View, []byte("aaaa")) || !bytes.HasPrefix(v.View, []byte{0xff, 0xd8})) {
			t.Errorf("%s: the view keeps what was added", name)
		}
	}
}

// A picture is as its data says, whatever its PNG form.
func TestEveryFormOfPNG(t *testing.T) {
	t.Parallel()
	src := picture(45, 31)
	rect := src.Bounds()
	forms := map[string]image.Image{
		"RGB": src, "grey": image.NewGray(rect), "grey 16": image.NewGray16(rect), "RGBA": image.NewNRGBA(rect), "RGBA 16": image.NewNRGBA64(rect),
		"RGB 16": image.NewRGBA64(rect), "palette 2": image.NewPaletted(rect, color.Palette{color.White, color.Black}),
		"palette 200": image.NewPaletted(rect, func() (p color.Palette) {
			for i := range 200 {
				p = append(p, color.NRGBA{byte(i), byte(255 - i), byte(i * 3), byte(55 + i)})
			}
			return p
		}()),
	}
	for name, img := range forms {
		if d, ok := img.(interface{ Set(x, y int, c color.Color) }); ok && name != "RGB" {
			for y := range rect.Dy() {
				for x := range rect.Dx() {
					c := src.At(x, y).(color.RGBA)
					d.Set(x, y, color.NRGBA{c.R, c.G, c.B, byte(100 + x)})
					if strings.HasPrefix(name, "RGB 16") || strings.HasPrefix(name, "palette 2") && name != "palette 200" {
						d.Set(x, y, c)
					}
				}
			}
		}
		b := encodePNG(img)
		reason, v := here(t, b)
		if reason != "" {
			t.Errorf("%s: %s", name, reason)
			continue
		}
		want, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		got, err := jpeg.Decode(bytes.NewReader(v.View))
		if err != nil {
			t.Fatal(err)
		}
		if d := difference(got, want); d > 12 {
			t.Errorf("%s differs from what it is by %.1f", name, d)
		}
	}
}

// difference is the mean difference of two pictures' blurred brightness on white.
func difference(a, b image.Image) float64 {
	sum, n := 0.0, 0
	r := b.Bounds()
	for y := 0; y+4 <= r.Dy(); y += 4 {
		for x := 0; x+4 <= r.Dx(); x += 4 {
			var d [2]float64
			for i, img := range []image.Image{a, b} {
				for k := range 16 {
					r, g, bl, alpha := img.At(img.Bounds().Min.X+x+k%4, img.Bounds().Min.Y+y+k/4).RGBA()
					white := 0xffff - alpha
					d[i] += float64(r+g+bl+3*white) / 3 / 257 / 16
				}
			}
			sum, n = sum+max(d[0]-d[1], d[1]-d[0]), n+1
		}
	}
	return sum / float64(n)
}

// The orientation is kept in WebP and PNG, too.
func TestOrientationInEveryContainer(t *testing.T) {
	t.Parallel()
	exif := "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
	p := encodePNG(picture(640, 480))
	p = append(append(bytes.Clone(p[:33]), chunk("eXIf", []byte(exif))...), p[33:]...)
	plain := file(t, "small.webp")
	// The same picture in the extended container, with EXIF behind it.
	body := append([]byte("WEBPVP8X\x0a\x00\x00\x00\x08\x00\x00\x00"), 63, 0, 0, 47, 0, 0)
	body = append(body, plain[12:]...)
	body = append(body, "EXIF"...)
	body = append(binary.LittleEndian.AppendUint32(body, uint32(len(exif))), exif...)
	w := append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
	for name, tt := range map[string]struct {
		file          []byte
		width, height int
	}{"PNG": {p, 480, 640}, "WebP": {w, 48, 64}} {
		reason, v := here(t, tt.file)
		if reason != "" {
			t.Errorf("%s: %s", name, reason)
			continue
		}
		if cfg, err := jpeg.DecodeConfig(bytes.NewReader(v.View)); err != nil || cfg.Width != tt.width || cfg.Height != tt.height {
			t.Errorf("%s: %v %v", name, cfg, err)
		}
	}
}

// A long screenshot comes in tiles in which a digit is as high as it was, and a
// photograph of fifty megapixels is shown.
func TestLongAndLargePictures(t *testing.T) {
	t.Parallel()
	img := image.NewGray(image.Rect(0, 0, 1080, 9000))
	for y := range 9000 {
		for x := range 1080 {
			if y/4%2 == 0 {
				img.SetGray(x, y, color.Gray{byte(y / 40)})
			} else {
				img.SetGray(x, y, color.Gray{255})
			}
		}
	}
	reason, rep, v := shown(t, encodePNG(img))
	if reason != "" || len(v.Tiles) != 5 || len(v.Tiles) != model.TilesOf(rep.Width, rep.Height) {
		t.Fatalf("%q, %d tiles", reason, len(v.Tiles))
	}
	height := 0
	for i, b := range v.Tiles {
		tile, err := jpeg.Decode(bytes.NewReader(b))
		if err != nil || tile.Bounds().Dx() != 1080 {
			t.Fatal(err, tile.Bounds())
		}
		if i == 2 { // line 4,000: the stripes are there, one by one
			for y := 2; y < 40; y += 8 {
				dark, _, _, _ := tile.At(500, y).RGBA()
				light, _, _, _ := tile.At(500, y+4).RGBA()
				if dark>>8 > 130 || light>>8 < 220 {
					t.Errorf("line %d: %d and %d", 4000+y, dark>>8, light>>8)
				}
			}
		}
		height += tile.Bounds().Dy()
	}
	if height != 9000 {
		t.Errorf("the tiles are %d high", height)
	}
	big := encodeJPEG(image.NewGray(image.Rect(0, 0, 8160, 6144)), 75)
	reason, _, v = shown(t, big)
	if cfg, err := jpeg.DecodeConfig(bytes.NewReader(v.View)); reason != "" || err != nil || cfg.Width != 2560 {
		t.Errorf("fifty megapixels: %q %v %v", reason, cfg, err)
	}
}
