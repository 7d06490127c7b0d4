package web

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
)

// Address is the address of a page with values in its query. It is the only way
// in which pages and handlers make one: a value is escaped here, once, and what
// is empty is left out, so that a filter that is not set does not stand in the
// address. Pairs are names and values; a truth is written as 1. A part after #
// stays at the end.
func Address(path string, pairs ...any) string {
	if len(pairs)%2 != 0 {
		panic(fmt.Sprintf("web: address %s: %d names and values", path, len(pairs)))
	}
	path, part, _ := strings.Cut(path, "#")
	var b strings.Builder
	b.WriteString(path)
	mark := byte('?')
	for i := 0; i < len(pairs); i += 2 {
		v := reflect.ValueOf(pairs[i+1])
		if !v.IsValid() || v.IsZero() {
			continue
		}
		text := fmt.Sprint(pairs[i+1])
		if v.Kind() == reflect.Bool {
			text = "1"
		}
		b.WriteByte(mark)
		mark = '&'
		b.WriteString(url.QueryEscape(fmt.Sprint(pairs[i])))
		b.WriteByte('=')
		b.WriteString(url.QueryEscape(text))
	}
	if part != "" {
		b.WriteString("#" + part)
	}
	return b.String()
}
