package document

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"text/template/parse"

	"microcourt/model"
	"microcourt/service/document/font"
)

// Templates are plain text that a court's staff can edit. {{.名称}} prints a
// variable, {{if .名称}}…{{else}}…{{end}} and {{range .清单}}…{{end}} choose and
// repeat; nothing else of Go's template language is allowed, so that a template
// can do nothing but print. A mark at the beginning of a line says how it is
// set:
//
//	# title   ## heading   > right   = no indent   - small print
//	|: 1 3 2   widths of the next table's columns
//	| a | b |  a row of a table
//	@qr        the QR code    @seal  the seal, the court's name and the date
//
//go:embed templates/*.txt
var builtIn embed.FS

// BuiltIn is the kind's template that comes with the program.
func BuiltIn(kind model.DocumentKind) (string, error) {
	b, err := builtIn.ReadFile("templates/" + string(kind) + ".txt")
	return string(b), err
}

// maxTemplate bounds a template in bytes.
const maxTemplate = 32 << 10

var (
	linePattern    = regexp.MustCompile(`paper:(\d+)`)
	unknownPattern = regexp.MustCompile(`no entry for key "([^"]+)"|<\.([^>]+)>`)
)

func badTemplate(reason, format string, args ...any) error {
	return model.InvalidField("body", reason, fmt.Sprintf(format, args...))
}

// CheckTemplate proves a template before it is saved: it parses, does nothing
// but print, names only the kind's variables and every one that the kind needs,
// its tables are even, and the typeface has its characters. Errors: Invalid
// template.*, each with the line.
func CheckTemplate(kind model.DocumentKind, body string) error {
	if len(body) > maxTemplate || strings.TrimSpace(body) == "" {
		return badTemplate("template.size", "模板不能为空，也不能超过 32 KB")
	}
	t, err := parseTemplate(body)
	if err != nil {
		return err
	}
	used := map[string]bool{}
	if err := checkNodes(t.Root, used, t); err != nil {
		return err
	}
	for _, name := range kind.RequiredVariables() {
		if !used[name] {
			return badTemplate("template.required", "缺少必需的内容：{{.%s}}", name)
		}
	}
	sample := model.SampleFacts(kind, model.Court{Name: "某某市某某区人民法院"}, model.NewDate(2026, 1, 2))
	for _, second := range []bool{true, false} { // both branches of what may be empty
		sample.Second = second
		if !second {
			sample.Code, sample.OpenFen, sample.EnforceBy = "", 0, model.Date{}
		}
		text, err := execute(t, sample)
		if err != nil {
			return err
		}
		if _, err := lay(text); err != nil {
			return err
		}
	}
	face, err := font.Kai()
	if err != nil {
		return err
	}
	missing := slices.DeleteFunc(face.Missing(body), func(r rune) bool { return r == '\n' || r == '\r' || r == '\t' })
	if len(missing) > 0 {
		return badTemplate("template.characters", "字库中没有这些字符，无法打印：%s", string(missing))
	}
	return nil
}

func parseTemplate(body string) (*template.Template, error) {
	t, err := template.New("paper").Option("missingkey=error").Parse(strings.ReplaceAll(body, "\r\n", "\n"))
	if err != nil {
		return nil, badTemplate("template.syntax", "第 %s 行的写法不正确，请检查 {{ }} 是否成对", lineOf(err))
	}
	return t, nil
}

func lineOf(err error) string {
	if m := linePattern.FindStringSubmatch(err.Error()); m != nil {
		return m[1]
	}
	return "1"
}

// checkNodes admits texts, fields, if and range over a field, and collects the
// fields.
func checkNodes(n parse.Node, used map[string]bool, t *template.Template) error {
	refuse := func(n parse.Node) error {
		at, _ := t.ErrorContext(n)
		return badTemplate("template.not_allowed", "第 %s 行：只能使用 {{.名称}}、{{if .名称}}、{{range .清单}}、{{else}}、{{end}}", lineOf(errors.New(at)))
	}
	field := func(p *parse.PipeNode) bool {
		if p == nil || len(p.Decl) > 0 || len(p.Cmds) != 1 || len(p.Cmds[0].Args) != 1 {
			return false
		}
		f, ok := p.Cmds[0].Args[0].(*parse.FieldNode)
		if !ok || len(f.Ident) != 1 {
			return false
		}
		used[f.Ident[0]] = true
		return true
	}
	branch := func(b parse.BranchNode) error {
		if !field(b.Pipe) {
			return refuse(b.Pipe)
		}
		if err := checkNodes(b.List, used, t); err != nil || b.ElseList == nil {
			return err
		}
		return checkNodes(b.ElseList, used, t)
	}
	switch n := n.(type) {
	case nil:
		return nil
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, c := range n.Nodes {
			if err := checkNodes(c, used, t); err != nil {
				return err
			}
		}
		return nil
	case *parse.TextNode, *parse.CommentNode:
		return nil
	case *parse.ActionNode:
		if !field(n.Pipe) {
			return refuse(n)
		}
		return nil
	case *parse.IfNode:
		return branch(n.BranchNode)
	case *parse.RangeNode:
		return branch(n.BranchNode)
	default:
		return refuse(n)
	}
}

func execute(t *template.Template, f model.DocumentFacts) (string, error) {
	var b strings.Builder
	if err := t.Execute(&b, f.Variables()); err != nil {
		name := "？"
		if m := unknownPattern.FindStringSubmatch(err.Error()); m != nil {
			name = m[1] + m[2]
		}
		return "", badTemplate("template.variable", "第 %s 行：没有“%s”这个变量，请对照变量列表", lineOf(err), name)
	}
	return model.Sentences(b.String()), nil
}

// block is one piece of a paper.
type block struct {
	mark   string // "", "#", "##", ">", "=", "-", "|", "@qr", "@seal"
	text   string
	rows   [][]string
	widths []float64
}

// lay splits what a template printed into blocks.
func lay(text string) ([]block, error) {
	var out []block
	var widths []float64
	seen := map[string]bool{}
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			continue
		case strings.HasPrefix(line, "|:"):
			widths = nil
			for _, f := range strings.Fields(line[2:]) {
				w, err := strconv.ParseFloat(f, 64)
				if err != nil || w <= 0 || w > 1000 {
					return nil, badTemplate("template.table", "第 %d 行：列宽应为正数", n+1)
				}
				widths = append(widths, w)
			}
			continue
		case strings.HasPrefix(line, "|"):
			var row []string
			for _, c := range strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|"), "|") {
				row = append(row, strings.TrimSpace(c))
			}
			last := len(out) - 1
			if last < 0 || out[last].mark != "|" || widths != nil {
				if widths != nil && len(widths) != len(row) {
					return nil, badTemplate("template.table", "第 %d 行：表格有 %d 列，列宽有 %d 个", n+1, len(row), len(widths))
				}
				out = append(out, block{mark: "|", widths: widths})
				widths, last = nil, len(out)-1
			}
			if rows := out[last].rows; len(rows) > 0 && len(rows[0]) != len(row) {
				return nil, badTemplate("template.table", "第 %d 行：同一表格每行的列数应相同", n+1)
			}
			out[last].rows = append(out[last].rows, row)
			continue
		case line == "@qr" || line == "@seal":
			if seen[line] {
				return nil, badTemplate("template.repeated", "第 %d 行：%s 在一份文书中只能出现一次", n+1, line)
			}
			seen[line] = true
			out = append(out, block{mark: line})
			continue
		}
		b := block{text: line}
		for _, mark := range []string{"##", "#", ">", "=", "-"} {
			if rest, ok := strings.CutPrefix(line, mark+" "); ok {
				b = block{mark: mark, text: strings.TrimSpace(rest)}
				break
			}
		}
		out = append(out, b)
	}
	return out, nil
}

// Paper prints a numbered paper from its facts and a template and signs it.
// record is told what will be signed before it is; see sign. Work stops when ctx
// ends.
func (pr *Printer) Paper(ctx context.Context, f model.DocumentFacts, body string, record func(sha256 string) error) ([]byte, error) {
	p, blocks, err := pr.layOut(ctx, f, body, f.Number)
	if err != nil {
		return nil, err
	}
	raw, err := p.bytes()
	if err != nil {
		return nil, err
	}
	says := []string{f.Number, f.CourtName}
	for _, b := range blocks {
		says = append(says, b.text)
		for _, row := range b.rows {
			says = append(says, row...)
		}
	}
	m := Metadata{Title: f.Kind.Chinese(), Kind: string(f.Kind), Number: f.Number, Court: f.CourtName, At: f.IssuedOn.Start()}
	return pr.sign(raw, p, says, m, record)
}

// Preview prints a template with facts that may be invented. It is not signed and
// says what it is.
func (pr *Printer) Preview(ctx context.Context, f model.DocumentFacts, body string) ([]byte, error) {
	p, _, err := pr.layOut(ctx, f, body, "样张，不作为正式文书")
	if err != nil {
		return nil, err
	}
	return p.bytes()
}

func (pr *Printer) layOut(ctx context.Context, f model.DocumentFacts, body, footer string) (*paper, []block, error) {
	t, err := parseTemplate(body)
	if err != nil {
		return nil, nil, err
	}
	text, err := execute(t, f)
	if err != nil {
		return nil, nil, err
	}
	blocks, err := lay(text)
	if err != nil {
		return nil, nil, err
	}
	p, err := pr.fitted(ctx, f, footer, blocks)
	return p, blocks, err
}

// instruments are the papers that keep to the measures of court instruments
// whatever their length: what the court decides, orders and gives notice of in
// enforcement. The others are set smaller if that spares a second page.
func instrument(k model.DocumentKind) bool {
	return k.Measure() || k == model.DocumentEnforcementNotice || k == model.DocumentEnforcementWarning
}

// fitted sets a paper. An instrument's court name, day and seal stand on a page
// with some of its text: its lines come a little closer, or move apart, for that
// (法〔2016〕221号).
func (pr *Printer) fitted(ctx context.Context, f model.DocumentFacts, footer string, blocks []block) (*paper, error) {
	type setting struct{ size, leading float64 }
	list := []setting{{usualBody, usualLeading}, {12, usualLeading * 12 / usualBody}, {10.5, usualLeading * 10.5 / usualBody}}
	whole := instrument(f.Kind)
	if whole {
		list = list[:0]
		for _, more := range []float64{0, -1, -2, -3, -4, -5, 1, 2, 3, 4, 5, 6, 7, 8} {
			list = append(list, setting{bodySize, lineHeight + more})
		}
	}
	var first *paper
	for _, in := range list {
		p, err := pr.newPaper(f.Kind.Chinese()+" "+f.Number, footer, f.IssuedOn.Start())
		if err != nil {
			return nil, err
		}
		p.size, p.leading, p.instrument = in.size, in.leading, whole
		p.page()
		if err := pr.set(ctx, p, f, blocks); err != nil {
			return nil, err
		}
		if whole && !p.alone || p.pages == 1 {
			return p, nil
		}
		if first == nil {
			first = p
		}
	}
	return first, nil
}

func (pr *Printer) set(ctx context.Context, p *paper, f model.DocumentFacts, blocks []block) error {
	qr := false
	if p.instrument {
		p.y += 2*lineHeight - 0.6*titleSize // the title follows two empty lines
	}
	for _, b := range blocks {
		if err := ctx.Err(); err != nil {
			return err
		}
		switch b.mark {
		case "#", "##":
			size := titleSize
			if !p.instrument && b.mark == "##" {
				size = 20
			}
			p.centred(size, b.text)
			p.y += 4
		case ">":
			p.right(p.numberSize(), b.text)
			p.y += 4
		case "=":
			p.flow(b.text, p.size, p.leading, "")
		case "-":
			size, leading := p.size-2, p.leading-5
			if p.instrument {
				size, leading = 12, 20
			}
			p.flow(b.text, size, leading, "")
		case "|":
			p.y += 8
			p.table(columns(b), b.rows)
			p.y += 4
		case "@qr":
			qr = f.Scene != "" || f.ContactScene != ""
		case "@seal":
			before := p.pages
			p.room(122)
			p.alone = p.pages > before || p.pages > 1 && p.y < marginTop+2*p.leading
			top := p.y + 16
			if qr && f.Scene == "" {
				p.code(f.ContactScene, "微信扫码，联系承办法院", marginX+20, top, 92)
			} else if qr {
				p.code(f.Scene, f.Kind.CodeName()+" "+f.Code, marginX+20, top, 92)
			}
			seal, err := pr.seal(f.CourtName)
			if err != nil {
				return err
			}
			p.picture(seal, marginX+textWidth-150, top-10, 119)
			p.y = top + 18
			p.right(max(15, p.numberSize()), f.CourtName)
			p.right(max(14, p.numberSize()), chineseDate(f.IssuedOn))
		default:
			p.paragraph(b.text)
		}
	}
	return nil
}

// numberSize is the size of a paper's number.
func (p *paper) numberSize() float64 {
	if p.instrument {
		return bodySize
	}
	return 13
}

// columns are the widths of a table's columns in points.
func columns(b block) []float64 {
	n := len(b.rows[0])
	parts := b.widths
	if len(parts) != n {
		parts = slices.Repeat([]float64{1}, n)
	}
	sum := 0.0
	for _, w := range parts {
		sum += w
	}
	out := make([]float64, n)
	for i, w := range parts {
		out[i] = textWidth * w / sum
	}
	return out
}
