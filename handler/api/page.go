package api

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/model"
)

// pageQuery is the input of lists: where the page begins, exclusive, and how long
// it is. What a list begins with, the oldest or the newest, is its own affair: the
// next page begins after the last line of this one.
type pageQuery struct {
	After cursor `query:"after" json:"-" description:"上一页返回的 next，原样填回；第一页不填"`
	Limit int    `query:"limit" json:"-" minimum:"1" maximum:"100" default:"20" description:"每页条数，1–100，默认 20"`
}

// place is where a line stands in its list: by its number alone, or by a clock
// and then by its number.
type place struct {
	At time.Time
	ID int64
}

// cursor is the place behind which a page begins; the zero place is the
// beginning. Outside it is a text that only this program reads: what a list is
// ordered by may change without a change of the API. It holds for its own list
// alone, because the place of a line in one list is none in another.
type cursor struct {
	place
	list string
}

// sumLength is how many bytes of a sum a cursor carries. The sum shows a mistake,
// not an attack: whoever makes a cursor up sees nothing that his own list would not
// show him.
const sumLength = 6

var errCursor = model.InvalidField("after", "cursor.unknown", "分页标记（after）不正确或者属于另一个列表，请原样填写上一页返回的 next，或者从第一页重新开始")

// listOf names the list that a request asks for: the route and what its path names,
// without its filters, because one may be changed between two pages.
func listOf(c *gin.Context) string {
	list := c.FullPath()
	for _, p := range c.Params {
		list += "\x00" + p.Value
	}
	return list
}

// readCursor reads a cursor of a list; "" is its beginning.
func readCursor(list, text string) (cursor, error) {
	c := cursor{list: list}
	if text == "" {
		return c, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < sumLength {
		return c, errCursor
	}
	due, number, timed := strings.Cut(string(b[sumLength:]), ".")
	if !timed {
		due, number = "", due
	}
	if timed {
		micro, err := strconv.ParseInt(due, 10, 64)
		if err != nil {
			return c, errCursor
		}
		c.At = time.UnixMicro(micro).UTC()
	}
	if c.ID, err = strconv.ParseInt(number, 10, 64); err != nil || c.text() != text {
		return cursor{list: list}, errCursor
	}
	return c, nil
}

// text is how a cursor is written.
func (c cursor) text() string {
	key := strconv.FormatInt(c.ID, 10)
	if !c.At.IsZero() {
		key = strconv.FormatInt(c.At.UnixMicro(), 10) + "." + key
	}
	sum := sha256.Sum256([]byte(c.list + "\x00" + key))
	return base64.RawURLEncoding.EncodeToString(append(sum[:sumLength:sumLength], key...))
}

// more is how many lines are read for a page: one more than it has tells whether
// there is another.
func (in pageQuery) more() int { return in.Limit + 1 }

// cut is the page of the lines that were read for it.
func cut[Thing any](in pageQuery, list []Thing) []Thing { return list[:min(len(list), in.Limit)] }

// next is where the page after this one begins, "" when this is the last.
func next[Thing any](in pageQuery, list []Thing, id func(Thing) int64) string {
	return nextOf(in, list, func(t Thing) place { return place{ID: id(t)} })
}

// nextOf is next of a list that is ordered by a clock.
func nextOf[Thing any](in pageQuery, list []Thing, at func(Thing) place) string {
	if len(list) <= in.Limit {
		return ""
	}
	return cursor{place: at(list[in.Limit-1]), list: in.After.list}.text()
}
