package desk

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/performance"
)

// Pictures are the receipt's files in which something can be blacked out, by their
// place.
func (r *reviewData) Pictures() map[int]model.File {
	out := map[int]model.File{}
	for n, f := range r.Files {
		if strings.HasPrefix(f.MediaType, "image/") {
			out[n+1] = f
		}
	}
	return out
}

// PDFs tells whether there are files in which nothing can be blacked out here.
func (r *reviewData) PDFs() bool { return len(r.Pictures()) < len(r.Files) }

// Given are the copies that a creditor has.
func (r *reviewData) Given(partyID int64) (out []model.Redaction) {
	for _, x := range r.Redactions {
		if x.PartyID == partyID {
			out = append(out, x)
		}
	}
	return out
}

// rects reads what is to be blacked out: a line for each part, with left, top, width
// and height in per cent.
func (f *form) rects() (out []model.Rect) {
	for n, line := range strings.FieldsFunc(f.c.PostForm("rects"), func(r rune) bool { return r == '\n' || r == '\r' || r == '；' || r == ';' }) {
		var v [4]int
		parts := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(",，、 \t%％", r) })
		if len(parts) == 0 {
			continue
		}
		ok := len(parts) == len(v)
		for i := 0; ok && i < len(v); i++ {
			var err error
			v[i], err = strconv.Atoi(parts[i])
			ok = err == nil
		}
		if !ok {
			f.wrong("rects", model.InvalidField("rects", "redaction.rects", fmt.Sprintf("第 %d 行应为左、上、宽、高四个整数，例如 10,40,80,12", n+1)))
			return nil
		}
		out = append(out, model.Rect{X: v[0], Y: v[1], W: v[2], H: v[3]})
	}
	return out
}

// redact gives a creditor a copy of a picture with parts blacked out.
func (d *Desk) redact(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	in := performance.Redacting{ReceiptID: id, FileID: f.number("file"), PartyID: f.number("party"), Rects: f.rects(), IdemKey: f.key()}
	if err := f.do(func() error {
		_, err := d.svc.Performance.Redact(c.Request.Context(), web.Actor(c), in)
		return err
	}); err != nil {
		return d.refuseReceipt(c, err)
	}
	return done(c, fmt.Sprintf("/desk/receipts/%d", id), "redacted")
}

// giveCopy gives a creditor a picture that was blacked out on paper.
func (d *Desk) giveCopy(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	f := d.form(c)
	in := performance.CopyGiven{ReceiptID: id, FileID: f.number("of"), PartyID: f.number("party"), IdemKey: f.key()}
	if f.chosen() == nil {
		f.wrong("file", model.InvalidField("file", "file.missing", "请选择遮盖后扫描或者拍照的图片"))
	}
	r, err := d.svc.Performance.Receipt(c.Request.Context(), web.Actor(c), id)
	if err != nil {
		return err
	}
	in.CopyID = f.file(r.Receipt.CaseID, in.IdemKey)
	if err := f.do(func() error {
		_, err := d.svc.Performance.GiveCopy(c.Request.Context(), web.Actor(c), in)
		return err
	}); err != nil {
		return d.refuseReceipt(c, err)
	}
	return done(c, fmt.Sprintf("/desk/receipts/%d", id), "redacted")
}
