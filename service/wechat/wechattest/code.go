package wechattest

import (
	"bytes"
	"image/jpeg"
	"image/png"
	"regexp"
	"strings"
	"time"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

var scenePattern = regexp.MustCompile(`^[0-9A-Za-z!#$&'()*+,/:;=?@._~-]*$`)

// miniProgramCode draws the page and the scene as a QR code: the platform's own
// round codes cannot be read by any other program, this one can.
func (f *Fake) miniProgramCode(c *call) any {
	in := struct {
		Scene     string `json:"scene"`
		Page      string `json:"page"`
		CheckPath *bool  `json:"check_path"`
		Width     int    `json:"width"`
		Hyaline   bool   `json:"is_hyaline"`
	}{Width: 430}
	if no, bad := c.read(&in); bad {
		return no
	}
	switch {
	case in.Scene == "", len(in.Scene) > 32:
		return refusal{40129, "invalid scene size"}
	case !scenePattern.MatchString(in.Scene):
		return refusal{40169, "invalid length for scene, or the data is not json string"}
	case strings.HasPrefix(in.Page, "/"), strings.Contains(in.Page, "?"),
		(in.CheckPath == nil || *in.CheckPath) && in.Page != "" && !f.hasPage(in.Page):
		return refusal{41030, "invalid page"}
	}
	plain, err := qr.Encode(in.Page+"?scene="+in.Scene, qr.M, qr.Auto)
	if err != nil {
		return refusal{-1, "system error"}
	}
	width := min(max(in.Width, 280), 1280)
	scaled, err := barcode.Scale(plain, width, width)
	if err != nil {
		return refusal{-1, "system error"}
	}
	var b bytes.Buffer
	if in.Hyaline {
		err = png.Encode(&b, scaled)
	} else {
		err = jpeg.Encode(&b, scaled, &jpeg.Options{Quality: 90})
	}
	if err != nil {
		return refusal{-1, "system error"}
	}
	if in.Hyaline {
		return picture{"image/png", b.Bytes()}
	}
	return picture{"image/jpeg", b.Bytes()}
}

const longestLink = 30 * 24 * time.Hour

func (f *Fake) urlLink(c *call) any {
	var in struct {
		Path  string `json:"path"`
		Query string `json:"query"`
		Type  int    `json:"expire_type"`
		Time  int64  `json:"expire_time"`     // Unix seconds
		Days  int64  `json:"expire_interval"` // days
	}
	if no, bad := c.read(&in); bad {
		return no
	}
	life := longestLink
	switch {
	case in.Type == 1:
		life = time.Duration(in.Days) * 24 * time.Hour
	case in.Time != 0:
		life = time.Unix(in.Time, 0).Sub(c.now)
	}
	switch {
	case f.unpublished:
		return refusal{85079, "miniprogram has no online release"}
	case life < time.Minute, life > longestLink:
		return refusal{85401, "invalid expire time, must be between 1 minute and 30 days"}
	case len(in.Query) > 1024:
		return refusal{40212, "invalid query"}
	case in.Path != "" && !f.hasPage(strings.TrimPrefix(in.Path, "/")):
		return refusal{40165, "invalid weapp pagepath"}
	}
	return reply{"errcode": 0, "errmsg": "ok", "url_link": "https://wxaurl.cn/" + f.id(11)}
}
