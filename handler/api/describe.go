package api

import (
	"slices"
	"strings"
)

// describer puts into the document what its properties and parameters mean, and
// remembers which of meanings it used.
type describer map[string]bool

// schema describes the properties of a schema and of what stands in it without a
// name of its own.
func (d describer) schema(name string, s map[string]any) {
	properties, _ := s["properties"].(map[string]any)
	for property, p := range properties {
		if p, ok := p.(map[string]any); ok {
			d.describe(name, property, p, p)
			d.schema(name, p)
		}
	}
}

// operation describes the parameters of an operation.
func (d describer) operation(o map[string]any) {
	id, _ := o["operationId"].(string)
	list, _ := o["parameters"].([]any)
	for _, p := range list {
		if p, ok := p.(map[string]any); ok {
			name, _ := p["name"].(string)
			schema, _ := p["schema"].(map[string]any)
			delete(schema, "description") // the parameter has it
			d.describe(id, name, p, schema)
		}
	}
}

// describe writes into a property or a parameter what it means; its own words go
// first.
func (d describer) describe(of, name string, at, schema map[string]any) {
	text, _ := at["description"].(string)
	for _, key := range []string{of + "." + name, name} {
		if m, ok := meanings[key]; ok && text == "" {
			text, d[key] = m, true
		}
	}
	if text == "" {
		return // a test names it
	}
	if strings.HasSuffix(name, "_fen") {
		text = strings.Replace(text, "（分）", "", 1) + "（单位：分）"
	}
	if ref, _ := schema["$ref"].(string); strings.HasSuffix(ref, "/Day") || schema["pattern"] == dayPattern {
		text += "（北京时间的日期）"
	}
	if schema["format"] == "date-time" {
		text += "（UTC 时刻）"
	}
	at["description"] = text + inChinese(text, schema)
}

// inChinese says what the words of an enum mean, unless the text before does.
func inChinese(text string, schema map[string]any) string {
	var words []string
	list, _ := schema["enum"].([]any)
	for _, v := range list {
		if v, ok := v.(string); ok && v != "" {
			words = append(words, v)
		}
	}
	if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) }) {
		return ""
	}
	say := vocabularyOf(words)
	if say == nil {
		return ""
	}
	for i, w := range words {
		words[i] = w + " " + say(w)
	}
	mark := "："
	if strings.Contains(text, "：") {
		mark = "；"
	}
	return mark + strings.Join(words, "；")
}

// vocabularyOf finds what says the words of an enum in Chinese, nil when nothing
// does.
func vocabularyOf(words []string) func(string) string {
	for _, exact := range []bool{true, false} {
		for _, v := range vocabularies {
			listed := strings.Split(v.words, ",")
			has := func(w string) bool { return slices.Contains(listed, w) }
			if v.words == "" {
				has = func(w string) bool { return v.chinese(w) != "" }
			}
			if !slices.ContainsFunc(words, func(w string) bool { return !has(w) }) && (!exact || v.words != "" && len(words) == len(listed)) {
				return v.chinese
			}
		}
	}
	return nil
}
