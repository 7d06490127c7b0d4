package model

import "testing"

func TestSentences(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"理由：已付清。。":          "理由：已付清。",
		"履行完毕（案款到账。），依照":    "履行完毕（案款到账），依照",
		"理由：是否到账？。":         "理由：是否到账？",
		"承办法官决定：不再计收；。":     "承办法官决定：不再计收。",
		"一、怎样履行。请汇款。（见附页。）": "一、怎样履行。请汇款。（见附页。）",
	} {
		if got := Sentences(in); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
	}
}
