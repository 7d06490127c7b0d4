package wechat

import "strings"

// Keyword types are an open list: templates in use have types that the notes on
// subscribe messages do not name (const, short_thing, enum_string), old ones
// have keywords without any (first, remark), and others will come. Whatever is
// not known is held to the strictest reading of free text and left to WeChat.

// unknownRule is what is sent under a keyword of a type that nobody knows.
var unknownRule = fieldRule{20, nil, "20 个以内的汉字、数字、字母或符号"}

// Known tells whether the type of a keyword is one whose limits are known.
func Known(key string) bool {
	_, ok := fieldRules[FieldType(key)]
	return ok
}

// Listed tells whether a keyword takes the values of its template only: what
// they are stands in the console, and for subscribe messages in Template.Enums.
func Listed(key string) bool {
	switch FieldType(key) {
	case "enum", "enum_string", "const":
		return true
	}
	return false
}

// Text tells whether a keyword takes free text.
func Text(key string) bool {
	switch FieldType(key) {
	case "thing", "enum", "enum_string", "const":
		return true
	}
	return !Known(key)
}

// FieldType is the type in a keyword's key: thing for thing1, and the key itself
// when it has no number (first, remark); "" for what can be no keyword.
func FieldType(key string) string {
	m := keyPattern.FindStringSubmatch(key)
	if m == nil {
		return ""
	}
	return strings.ToLower(m[1])
}

func ruleOf(key string) (rule fieldRule, ok bool) {
	kind := FieldType(key)
	if kind == "" {
		return rule, false
	}
	if rule, ok = fieldRules[kind]; ok {
		return rule, true
	}
	return unknownRule, true
}
