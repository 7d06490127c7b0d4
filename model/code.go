package model

import (
	"strings"
	"time"
)

const (
	// codeAlphabet leaves out characters that look alike on paper: 0 O 1 I L.
	codeAlphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
	// codeLength gives 59 bits, typed as three groups of four.
	codeLength = 12
)

// PaperCode draws a code to be printed and typed from secrets of base32
// letters, whose characters have more randomness than the code shows.
func PaperCode(secret func() string) string {
	var b strings.Builder
	for b.Len() < codeLength {
		for _, c := range []byte(secret()) {
			if b.Len() < codeLength && strings.IndexByte(codeAlphabet, c) >= 0 {
				b.WriteByte(c)
			}
		}
	}
	return b.String()
}

// ReadCode is a code as somebody typed it, folded, with what he put between its
// groups taken off.
func ReadCode(typed string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(codeAlphabet, r) {
			return r
		}
		return -1
	}, strings.ToUpper(Fold(typed)))
}

// GroupCode writes a code in its groups: ABCD-EFGH-JKMN.
func GroupCode(code string) string {
	var groups []string
	for ; len(code) > 4; code = code[4:] {
		groups = append(groups, code[:4])
	}
	return strings.Join(append(groups, code), "-")
}

// IssuedCode is a binding code in the clear, for the paper notice. It cannot
// be shown again.
type IssuedCode struct {
	Code      string // ABCD-EFGH-JKMN
	Scene     string // of the mini-program QR code, at most 32 characters
	ExpiresAt time.Time
	Party     Party
	Case      Case
	Court     Court
}

// FamilyCode is a code for a debtor's family in the clear; it cannot be shown
// again.
type FamilyCode struct {
	Code      string
	Scene     string // what the QR code of the mini-program holds
	ExpiresAt time.Time
	// Enforcement and PartyID say for whose family it is.
	Enforcement EnforcementCase
	PartyID     int64
}
