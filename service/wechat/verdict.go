package wechat

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
)

// verdict is what an answer says of itself: the part that WeChat's JSON answers
// share. A log-in or a token that succeeds has no errcode at all.
type verdict struct {
	Code int
	Msg  string
	// Said tells whether there is an errcode; only then does 0 mean done.
	Said bool
	// err is why nobody can tell what the answer says; nil when it is clear.
	err error
}

var (
	errNoVerdict = errors.New("the answer holds no errcode")
	errUnclear   = errors.New("the answer's errcode cannot be read")
	errNotJSON   = errors.New("the answer is not JSON")
)

// byteOrderMark is what some gateways put before a text.
var byteOrderMark = []byte("\xef\xbb\xbf")

// trimAnswer takes away what gateways on the way put around JSON. Anything but
// an object, e.g. a picture, stays as it is.
func trimAnswer(body []byte) []byte {
	t := bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), byteOrderMark))
	if bytes.HasPrefix(t, []byte("{")) {
		return t
	}
	return body
}

// verdictOf reads the verdict of a trimmed answer; what is not an object has
// none. An errcode may be a number in any form or a string of one. Two that
// differ, or one that is neither, leave the answer unclear: it is no success.
func verdictOf(body []byte) (v verdict) {
	if !bytes.HasPrefix(body, []byte("{")) {
		return v
	}
	if !json.Valid(body) {
		v.err = errNotJSON
		return v
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	_, _ = dec.Token() // the brace
	for dec.More() {
		key, _ := dec.Token() // the form was checked
		name, _ := key.(string)
		var raw json.RawMessage
		if dec.Decode(&raw) != nil {
			v.err = errNotJSON
			return v
		}
		switch {
		case strings.EqualFold(name, "errcode"):
			code, ok := wholeNumber(raw)
			if !ok || v.Said && code != v.Code {
				v.err = errUnclear
				return v
			}
			v.Code, v.Said = code, true
		case strings.EqualFold(name, "errmsg"):
			_ = json.Unmarshal(raw, &v.Msg) // some other type is no message
		}
	}
	return v
}

// wholeNumber reads a JSON number or a string of one that has no fraction: 0,
// 0.0, 1e0, "0".
func wholeNumber(raw json.RawMessage) (int, bool) {
	s := string(raw)
	if strings.HasPrefix(s, `"`) {
		if json.Unmarshal(raw, &s) != nil {
			return 0, false
		}
		s = strings.TrimSpace(s)
	}
	if n, err := strconv.Atoi(s); err == nil {
		return n, true
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1e9 || strings.ContainsAny(s, "xXpPnN_") {
		return 0, false
	}
	return int(f), true
}
