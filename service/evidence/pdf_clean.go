package evidence

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"

	pdfmodel "github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// role is as what an object is copied. What a viewer acts on depends on where
// it finds an object, so the copy is made from the pages downwards, by lists of
// what each kind of object may have.
type role int

const (
	asContent role = iota // what is drawn: streams, fonts, pictures and what they need
	asPage
	asResources
	asAnnotation
	asField
)

// kept are the entries that an object keeps in its role.
var kept = map[role]map[string]role{
	asPage: {
		"MediaBox": asContent, "CropBox": asContent, "Rotate": asContent, "UserUnit": asContent, "Group": asContent,
		"Contents": asContent, "Resources": asResources,
	},
	asResources: {
		"Font": asContent, "XObject": asContent, "ExtGState": asContent, "ColorSpace": asContent, "Pattern": asContent,
		"Shading": asContent, "Properties": asContent, "ProcSet": asContent,
	},
	// Stamps and the fields of signed receipts, as they look. No links, no actions.
	asAnnotation: {
		"Type": asContent, "Subtype": asContent, "Rect": asContent, "AP": asContent, "AS": asContent, "F": asContent, "FT": asContent,
		"Ff": asContent, "T": asContent, "Parent": asField, "BS": asContent, "Border": asContent, "C": asContent, "MK": asContent,
	},
	asField: {"FT": asContent, "Ff": asContent, "T": asContent, "Parent": asField},
}

// shownAnnotations are the kinds that are only looked at.
var shownAnnotations = map[string]bool{
	"Widget": true, "Stamp": true, "FreeText": true, "Ink": true, "Square": true, "Circle": true, "Line": true, "Polygon": true,
	"PolyLine": true, "Highlight": true, "Underline": true, "StrikeOut": true, "Squiggly": true, "Watermark": true, "Caret": true,
}

// dropped are entries of what is drawn that lead out of the file, carry
// something, or say who made it. In dictionaries of named resources a name may
// be anything, so that these are only dropped beside a Type, Subtype or Length.
var dropped = map[string]bool{
	"Metadata": true, "PieceInfo": true, "StructParent": true, "StructParents": true, "LastModified": true, "AF": true, "EF": true,
	"Ref": true, "OPI": true, "Alternates": true, "A": true, "AA": true, "Measure": true, "PtData": true,
}

// fileEntries make a stream's data come from another file.
var fileEntries = map[string]bool{"F": true, "FFilter": true, "FDecodeParms": true}

type cleaner struct {
	ctx     *pdfmodel.Context
	out     bytes.Buffer
	offsets []int           // of the objects written, by number minus 1
	numbers map[copyKey]int // of copies made or being made
	queue   []queued
}

type copyKey struct {
	object int
	as     role
}

type queued struct {
	number int
	object types.Object
	as     role
}

// cleanPDF writes the file anew from its pages: what is drawn, stamps and the
// looks of form fields. Scripts, actions, links, attachments, forms' programs,
// metadata and a password's encryption are left behind.
func cleanPDF(ctx *pdfmodel.Context) (file []byte, pages int, err error) {
	c := &cleaner{ctx: ctx, numbers: map[copyKey]int{}}
	c.out.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	catalog, tree := c.number(), c.number()
	root, err := ctx.Pages()
	if err != nil || root == nil {
		return nil, 0, errors.Join(errNoPages, err)
	}
	kids := types.Array{}
	var fields types.Array
	err = c.pages(*root, types.Dict{}, 0, map[int]bool{}, func(page types.Dict) {
		page["Type"], page["Parent"] = types.Name("Page"), *types.NewIndirectRef(tree, 0)
		fields = append(fields, asArray(page["Annots"])...)
		n := c.number()
		kids = append(kids, *types.NewIndirectRef(n, 0))
		c.write(n, page)
	})
	if err != nil {
		return nil, 0, err
	}
	c.write(tree, types.Dict{"Type": types.Name("Pages"), "Kids": kids, "Count": types.Integer(len(kids))})
	cat := types.Dict{"Type": types.Name("Catalog"), "Pages": *types.NewIndirectRef(tree, 0)}
	if len(fields) > 0 {
		cat["AcroForm"] = types.Dict{"Fields": fields}
	}
	if v, err := ctx.Catalog(); err == nil {
		if oc := v["OCProperties"]; oc != nil { // which layers are shown
			cat["OCProperties"] = c.copied(oc, asContent, 0)
		}
	}
	c.write(catalog, cat)
	for len(c.queue) > 0 {
		q := c.queue[0]
		c.queue = c.queue[1:]
		c.write(q.number, c.copied(q.object, q.as, 0))
		if c.out.Len() > maxAnswer {
			return nil, 0, errors.New("the copy is too long")
		}
	}
	c.end(catalog)
	return c.out.Bytes(), len(kids), nil
}

func asArray(o types.Object) types.Array {
	a, _ := o.(types.Array)
	return a
}

func (c *cleaner) number() int {
	c.offsets = append(c.offsets, 0)
	return len(c.offsets)
}

func (c *cleaner) write(number int, o types.Object) {
	c.offsets[number-1] = c.out.Len()
	fmt.Fprintf(&c.out, "%d 0 obj\n", number)
	if s, ok := o.(types.StreamDict); ok {
		c.out.WriteString(pdfText(s.Dict))
		c.out.WriteString("\nstream\n")
		c.out.Write(s.Raw)
		c.out.WriteString("\nendstream")
	} else {
		c.out.WriteString(pdfText(o))
	}
	c.out.WriteString("\nendobj\n")
}

func pdfText(o types.Object) string {
	if o == nil {
		return "null"
	}
	return o.PDFString()
}

func (c *cleaner) end(catalog int) {
	start := c.out.Len()
	fmt.Fprintf(&c.out, "xref\n0 %d\n0000000000 65535 f \n", len(c.offsets)+1)
	for _, at := range c.offsets {
		fmt.Fprintf(&c.out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&c.out, "trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(c.offsets)+1, catalog, start)
}

// pages walks the page tree and gives the copy of each page, with what it
// inherits.
func (c *cleaner) pages(ref types.IndirectRef, inherited types.Dict, depth int, seen map[int]bool, give func(types.Dict)) error {
	nr := ref.ObjectNumber.Value()
	if depth > maxNesting || seen[nr] {
		return errNoPages
	}
	seen[nr] = true
	o, err := c.ctx.Dereference(ref)
	if err != nil {
		return err
	}
	d, ok := o.(types.Dict)
	if !ok {
		return errNoPages
	}
	now := types.Dict{}
	for _, k := range []string{"Resources", "MediaBox", "CropBox", "Rotate"} {
		if v, ok := d[k]; ok {
			now[k] = v
		} else if v, ok := inherited[k]; ok {
			now[k] = v
		}
	}
	children, isNode := c.value(d["Kids"]).(types.Array)
	if !isNode {
		page, _ := c.limited(d, asPage, 0).(types.Dict)
		for _, k := range names(now) {
			page[k] = c.copied(now[k], kept[asPage][k], 1)
		}
		if list, ok := c.value(d["Annots"]).(types.Array); ok {
			if shown := c.annotations(list); len(shown) > 0 {
				page["Annots"] = shown
			}
		}
		give(page)
		return nil
	}
	for _, k := range children {
		kid, ok := k.(types.IndirectRef)
		if !ok {
			return errNoPages
		}
		if err := c.pages(kid, now, depth+1, seen, give); err != nil {
			return err
		}
	}
	return nil
}

func (c *cleaner) annotations(list types.Array) types.Array {
	shown := types.Array{}
	for _, o := range list {
		d, ok := c.value(o).(types.Dict)
		if !ok || d["AP"] == nil {
			continue
		}
		n, _ := c.value(d["Subtype"]).(types.Name)
		if !shownAnnotations[plainName(string(n))] {
			continue
		}
		number := c.number()
		c.queue = append(c.queue, queued{number, d, asAnnotation})
		shown = append(shown, *types.NewIndirectRef(number, 0))
	}
	return shown
}

func (c *cleaner) value(o types.Object) types.Object {
	v, err := c.ctx.Dereference(o)
	if err != nil {
		return nil
	}
	return v
}

// copied is the copy of an object in its role; what it refers to is queued.
func (c *cleaner) copied(o types.Object, as role, depth int) types.Object {
	if depth > maxNesting {
		return nil
	}
	if ref, ok := o.(types.IndirectRef); ok {
		return c.reference(ref, as)
	}
	if s, ok := stream(o); ok {
		d, _ := c.drawn(s.Dict, depth, true).(types.Dict)
		n := int64(len(s.Raw))
		d["Length"] = types.Integer(n)
		return types.StreamDict{Dict: d, Raw: s.Raw}
	}
	switch o := o.(type) {
	case types.Dict:
		if as != asContent {
			return c.limited(o, as, depth)
		}
		return c.drawn(o, depth, false)
	case types.Array:
		out := make(types.Array, len(o))
		for i, v := range o {
			out[i] = c.copied(v, as, depth+1)
		}
		return out
	}
	return o
}

func (c *cleaner) reference(ref types.IndirectRef, as role) types.Object {
	key := copyKey{ref.ObjectNumber.Value(), as}
	n, ok := c.numbers[key]
	if !ok {
		v := c.value(ref)
		if v == nil {
			return nil
		}
		n = c.number()
		c.numbers[key] = n
		c.queue = append(c.queue, queued{n, v, as})
	}
	return *types.NewIndirectRef(n, 0)
}

// limited keeps the listed entries.
func (c *cleaner) limited(d types.Dict, as role, depth int) types.Object {
	out := types.Dict{}
	for _, k := range names(d) {
		if inner, ok := kept[as][plainName(k)]; ok {
			out[k] = c.copied(d[k], inner, depth+1)
		}
	}
	return out
}

// drawn keeps everything of what is drawn but what is dropped. Pages, actions
// and annotations are not drawn: a way back to them ends here.
func (c *cleaner) drawn(d types.Dict, depth int, isStream bool) types.Object {
	typ, _ := c.value(d["Type"]).(types.Name)
	switch plainName(string(typ)) {
	case "Page", "Pages", "Catalog", "Annot", "Action", "Filespec", "F", "EmbeddedFile", "Outlines", "Sig", "StructTreeRoot", "StructElem":
		if !isStream {
			return nil
		}
		return types.Dict{}
	}
	ofOneKind := isStream || d["Type"] != nil || d["Subtype"] != nil
	out := types.Dict{}
	for _, k := range names(d) {
		name := plainName(k)
		if ofOneKind && dropped[name] || isStream && fileEntries[name] {
			continue
		}
		out[k] = c.copied(d[k], asContent, depth+1)
	}
	return out
}

// names are a dictionary's entries in order: copies are numbered as they are met,
// and the same file gives the same copy.
func names(d types.Dict) []string { return slices.Sorted(maps.Keys(d)) }
