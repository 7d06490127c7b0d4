package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"

	"microcourt/model"
)

//go:embed assets
var files embed.FS

// asset is one embedded file. Its address holds its hash, so that a browser
// may keep it for ever.
type asset struct {
	address   string
	mediaType string
	plain     []byte
	packed    func() []byte // gzip, made when it is first asked for
}

var assets = load()

func load() map[string]*asset {
	all := map[string]*asset{}
	entries, err := files.ReadDir("assets")
	if err != nil {
		panic(err) // embedded by the compiler
	}
	for _, e := range entries {
		b, err := fs.ReadFile(files, "assets/"+e.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(b)
		ext := path.Ext(e.Name())
		a := &asset{
			address:   fmt.Sprintf("/assets/%s.%s%s", strings.TrimSuffix(e.Name(), ext), hex.EncodeToString(sum[:6]), ext),
			mediaType: mime.TypeByExtension(ext), plain: b,
		}
		if ext == ".js" {
			a.mediaType = "text/javascript; charset=utf-8"
		}
		a.packed = sync.OnceValue(func() []byte { return pack(b, gzip.BestCompression) })
		all[e.Name()] = a
	}
	return all
}

func pack(b []byte, level int) []byte { return packBy(packer(level), b) }

func packer(level int) *gzip.Writer {
	w, err := gzip.NewWriterLevel(io.Discard, level) // packBy says where to
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}

func packBy(w *gzip.Writer, b []byte) []byte {
	var out bytes.Buffer
	w.Reset(&out)
	_, _ = w.Write(b) // memory does not fail
	_ = w.Close()
	return out.Bytes()
}

// Asset is the address of an embedded file.
func Asset(name string) (string, error) {
	a, ok := assets[name]
	if !ok {
		return "", fmt.Errorf("web: there is no asset %q", name)
	}
	return a.address, nil
}

// Mount serves the embedded files.
func Mount(e *gin.Engine) {
	for _, a := range assets {
		e.GET(a.address, func(c *gin.Context) {
			h := c.Writer.Header()
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
			h.Set("Vary", "Accept-Encoding")
			if accepts(c.Request) {
				h.Set("Content-Encoding", "gzip")
				c.Data(http.StatusOK, a.mediaType, a.packed())
				return
			}
			c.Data(http.StatusOK, a.mediaType, a.plain)
		})
	}
}

// LeaveNothing tells a browser that somebody logs out: what it keeps of ours,
// pictures, pages and what was typed, is gone with him. Browsers obey over https;
// the desk's script clears what was typed in any case.
func LeaveNothing(c *gin.Context) { c.Header("Clear-Site-Data", `"cache", "storage"`) }

// File answers with a file of the court's, in whole or in part. original makes
// it a download under a name that says so.
func File(c *gin.Context, content io.ReadSeeker, f model.File, variant, mediaType string, original bool) {
	h := c.Writer.Header()
	h.Set("Content-Type", mediaType)
	h.Set("ETag", `"`+f.SHA256+"-"+variant+`"`)
	h.Set("Cache-Control", "private, no-store") // the next one at the machine shall not find it
	h.Set("Content-Disposition", "inline")
	confine(h, mediaType, original)
	if original {
		h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="original-%d"`, f.ID))
	}
	http.ServeContent(c.Writer, c.Request, "", f.CreatedAt, content) // ranges and conditional requests
}

// Tile answers with one tile of a long screenshot.
func Tile(c *gin.Context, content io.Reader, size int64, f model.File, n int64) {
	h := c.Writer.Header()
	h.Set("ETag", fmt.Sprintf(`"%s-tile%d"`, f.SHA256, n))
	h.Set("Cache-Control", "private, max-age=3600")
	h.Set("Content-Disposition", "inline")
	confine(h, "image/jpeg", false)
	c.DataFromReader(http.StatusOK, size, "image/jpeg", content, nil)
}

// confine makes a browser take a stranger's file for what it is said to be, and
// run nothing of it. A view that is a PDF is framed by the desk's own pages and
// shown by the browser's viewer, which a sandbox would keep out; it was written
// anew and has nothing to run.
func confine(h http.Header, mediaType string, original bool) {
	h.Set("X-Content-Type-Options", "nosniff")
	if original || mediaType != "application/pdf" {
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	}
}
