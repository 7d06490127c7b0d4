package model

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// IDKind is what kind of document identifies a subject.
type IDKind string

// The kinds of identifying document.
const (
	IDCitizen  IDKind = "citizen_id" // 公民身份号码, GB 11643-1999
	IDResident IDKind = "resident"   // 港澳台居民居住证, same structure, regions 81 82 83
	IDPassport IDKind = "passport"   // 护照及其他旅行证件
	IDUSCC     IDKind = "uscc"       // 统一社会信用代码, GB 32100-2015
)

// CheckID checks a normalised identifier of the given kind. today bounds birth
// dates.
func CheckID(kind IDKind, id string, today Date) error {
	switch kind {
	case IDCitizen, IDResident:
		return checkCitizenID(id, today)
	case IDUSCC:
		return checkUSCC(id)
	case IDPassport:
		if !passportPattern.MatchString(id) {
			return E(Invalid, "id.passport", "证件号码应为 5 到 20 位字母或数字")
		}
		return nil
	}
	return E(Invalid, "id.kind", "证件种类不正确")
}

var passportPattern = regexp.MustCompile(`^[A-Z0-9]{5,20}$`)

var citizenPattern = regexp.MustCompile(`^[1-9]\d{16}[\dX]$`)

// checkCitizenID checks by GB 11643-1999: a real date of birth that is not in
// the future, and the check character.
func checkCitizenID(id string, today Date) error {
	if len(id) == 15 {
		return E(Invalid, "id.old", "15 位旧身份证号已停用，请填写 18 位公民身份号码")
	}
	if !citizenPattern.MatchString(id) {
		return E(Invalid, "id.format", "公民身份号码应为 18 位，最后一位可以是 X")
	}
	born, err := birthDate(id)
	if err != nil || born.After(today) || born.Year < 1850 {
		return E(Invalid, "id.birth", "公民身份号码中的出生日期不正确，请核对")
	}
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += w * int(id[i]-'0')
	}
	if "10X98765432"[sum%11] != id[17] {
		return E(Invalid, "id.check_digit", "公民身份号码的校验位不正确，请核对是否输错")
	}
	return nil
}

func birthDate(id string) (Date, error) {
	t, err := time.Parse("20060102", id[6:14])
	if err != nil {
		return Date{}, err
	}
	return NewDate(t.Year(), t.Month(), t.Day()), nil
}

// IsMinor tells whether the holder of a checked citizen's number is under 18
// on the day.
func IsMinor(kind IDKind, id string, today Date) bool {
	if kind != IDCitizen && kind != IDResident || len(id) != 18 {
		return false
	}
	born, err := birthDate(id)
	return err == nil && today.Before(NewDate(born.Year+18, born.Month, born.Day))
}

const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY" // no I O Z S V

// checkUSCC checks by GB 32100-2015: alphabet without I O Z S V, weights 3^i
// mod 31, check = (31 − Σ mod 31) mod 31.
func checkUSCC(id string) error {
	if len(id) != 18 {
		return E(Invalid, "uscc.format", "统一社会信用代码应为 18 位")
	}
	sum, weight := 0, 1
	for i := range 18 {
		v := strings.IndexByte(usccAlphabet, id[i])
		if v < 0 {
			return E(Invalid, "uscc.format", "统一社会信用代码只能包含数字和大写字母（不含 I、O、Z、S、V）")
		}
		if i == 17 {
			if (31-sum%31)%31 != v {
				return E(Invalid, "uscc.check_digit", "统一社会信用代码的校验位不正确，请核对是否输错")
			}
			break
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return nil
}

var phonePattern = regexp.MustCompile(`^1[3-9]\d{9}$`)

// CheckPhone checks a normalised mainland mobile number.
func CheckPhone(p string) error {
	if phonePattern.MatchString(p) {
		return nil
	}
	return E(Invalid, "phone.format", "手机号码应为 11 位中国大陆手机号")
}

// MaskName masks a natural person's name for people who need not know it:
// 张*, 欧阳*. Organisations are shown in full.
func MaskName(kind SubjectKind, name string) string {
	if kind == Organisation || name == "" {
		return name
	}
	keep := 1
	for _, double := range []string{"欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯"} {
		if strings.HasPrefix(name, double) && utf8.RuneCountInString(name) > 2 {
			keep = 2
		}
	}
	r := []rune(name)
	return string(r[:min(keep, len(r))]) + "*"
}

// MaskMiddle is a name for whoever holds a paper with the whole of it: a person's
// first and last character, so that a changed name is noticed; of two characters
// the first. Organisations are shown in full.
func MaskMiddle(kind SubjectKind, name string) string {
	r := []rune(name)
	if kind == Organisation || len(r) == 0 {
		return name
	}
	if len(r) < 3 {
		return string(r[:1]) + "*"
	}
	return string(r[:1]) + strings.Repeat("*", len(r)-2) + string(r[len(r)-1:])
}

// MaskID shows the first six and the last four characters at most.
func MaskID(id string) string {
	if len(id) <= 10 {
		return strings.Repeat("*", len(id))
	}
	return id[:6] + strings.Repeat("*", len(id)-10) + id[len(id)-4:]
}

// MaskPhone shows 138****1234.
func MaskPhone(p string) string {
	if len(p) != 11 {
		return strings.Repeat("*", len(p))
	}
	return p[:3] + "****" + p[7:]
}

// MaskAccount shows the last four digits of a bank account.
func MaskAccount(a string) string {
	if len(a) <= 4 {
		return strings.Repeat("*", len(a))
	}
	return "****" + a[len(a)-4:]
}
