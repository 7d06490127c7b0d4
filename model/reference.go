package model

import (
	"fmt"
	"strings"
	"time"
)

// PaymentReference (缴款识别码) is what a payer writes into the remark of a bank
// transfer, so that the court's accountant finds the case of money that
// arrived. It says nothing to anybody else.
type PaymentReference struct {
	Code              string `gorm:"primaryKey"`
	CourtID           int64
	CaseID            int64
	EnforcementCaseID int64  `gorm:"serializer:optional"` // 0 for what is paid before enforcement
	PartyID           int64  // whose debt is paid
	InstallmentID     int64  // 0 for all that he owes there
	About             string // unique: one code for one thing that is paid
	CreatedAt         time.Time
}

// ReferenceTo is a reference without its code: what a debtor pays in a case, in the
// enforcement case where there is one, or one instalment of it.
func ReferenceTo(cs Case, enforcementID, partyID, installmentID int64) PaymentReference {
	r := PaymentReference{CourtID: cs.CourtID, CaseID: cs.ID, EnforcementCaseID: enforcementID, PartyID: partyID, InstallmentID: installmentID}
	switch {
	case installmentID != 0:
		r.About = fmt.Sprintf("%s:%d", ThingInstallment.Key(installmentID), partyID)
	case enforcementID != 0:
		r.About = fmt.Sprintf("%s:%d", ThingEnforcement.Key(enforcementID), partyID)
	default:
		r.About = fmt.Sprintf("%s:%d", ThingCase.Key(cs.ID), partyID)
	}
	return r
}

// referenceAlphabet leaves out characters that look alike. It has a prime
// number of them, so that the check character finds every wrong character and
// every two that changed places.
const referenceAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// ReferenceLength is how long a reference is, with its check character.
const ReferenceLength = 8

// NewReference makes a reference of random characters; anything that is not of
// the alphabet is passed over. It is "" when there are too few.
func NewReference(random string) string {
	var b strings.Builder
	for _, c := range strings.ToUpper(random) {
		if b.Len() < ReferenceLength-1 && strings.ContainsRune(referenceAlphabet, c) {
			b.WriteRune(c)
		}
	}
	if b.Len() < ReferenceLength-1 {
		return ""
	}
	return b.String() + string(referenceCheck(b.String()))
}

// FreshReference makes a reference of as much randomness as it takes.
func FreshReference(random func() string) string {
	for {
		if r := NewReference(random()); r != "" {
			return r
		}
	}
}

// referenceCheck makes the weighted sum of all characters a multiple of 31.
func referenceCheck(s string) byte {
	sum := 0
	for i := range len(s) {
		sum += (i + 2) * strings.IndexByte(referenceAlphabet, s[i])
	}
	n := len(referenceAlphabet)
	return referenceAlphabet[(n-sum%n)%n]
}

// ParseReference finds the reference in what somebody typed or a bank printed,
// and proves its check character.
func ParseReference(s string) (string, error) {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(referenceAlphabet, r) {
			return r
		}
		return -1
	}, NormalizeSerial(s))
	if len(s) != ReferenceLength || referenceCheck(s[:ReferenceLength-1]) != s[ReferenceLength-1] {
		return "", InvalidField("code", "reference.check", "缴款识别码不正确，应为 8 位字母和数字，请对照汇款附言核对")
	}
	return s, nil
}
