package desk

import (
	"encoding/base64"
	"html/template"
	"path"
	"strings"

	"microcourt/handler/web"
	"microcourt/service/sheet"
)

// markedSheet is a sheet that somebody sent, with its faults marked, as the part
// marked-sheet of a page gives it back.
type markedSheet struct {
	content []byte
	end     string // of its name
	source  string // what the file was called
}

// MarkedAt is the sheet within the page that tells its faults: nothing of it is kept
// here. It is the program's own data, so that the template may trust it.
func (m markedSheet) MarkedAt() template.URL {
	kind := "text/csv"
	if strings.HasSuffix(m.end, ".xlsx") {
		kind = web.MediaSheet
	}
	return template.URL("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(m.content)) //nolint:gosec // base64 of our own
}

// MarkedName is what the marked sheet is called when it is saved.
func (m markedSheet) MarkedName() string {
	name := strings.TrimSuffix(strings.TrimSuffix(path.Base(m.source), ".xlsx"), ".csv")
	name = strings.TrimSuffix(name, "-已标出错误")
	if m.Listed() {
		return name + m.end
	}
	return name + "-已标出错误" + m.end
}

// Listed tells whether the faults came back as a list, because the sheet is too large
// to be marked.
func (m markedSheet) Listed() bool { return m.end == sheet.ListEnd }
