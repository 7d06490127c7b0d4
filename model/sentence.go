package model

import "strings"

// joints are the marks that meet where a text that somebody typed with its full stop
// ends within a sentence of ours, each with what stands there instead.
var joints = strings.NewReplacer(
	"。。", "。", "。；", "；", "。，", "，", "；。", "。", "，。", "。", "！。", "！", "？。", "？",
	"。）。", "）。", "。）；", "）；", "。），", "），",
)

// Sentences mends the punctuation where typed text meets the words around it
// (“理由：已付清。。”): notices and papers go through it. It changes no other sign.
func Sentences(s string) string { return joints.Replace(s) }
