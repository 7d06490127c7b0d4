package model

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed common_passwords.txt
var commonPasswordList string

// commonPasswords are the embedded list's lines, as a set.
var commonPasswords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(commonPasswordList) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			out[line] = true
		}
	}
	return out
})

// Limits of a password, in characters, and of its bytes: hashing has to stay
// cheap for us.
const (
	minPassword      = 10
	maxPasswordBytes = 200
	// minPasswordCost is what a password's parts must cost together: a character
	// that nothing predicts costs 1, a common word 2, a walk over the keyboard, a
	// year or a word of the account or the court 1, a sign nothing.
	minPasswordCost = 5
)

// walks are the ways over a keyboard that fingers like, and what is counted.
var walks = []string{
	"0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
	"1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujmikolp", "147258369", "789456123", "zaqxswcdevfrbgtnhymjukilop",
}

// dear are short numbers that are dear to many: they sound like words.
var dear = map[string]bool{"520": true, "521": true, "1314": true, "168": true, "518": true, "110": true, "119": true, "120": true, "007": true}

// CheckPassword refuses a password that somebody would guess: one that is too
// short, common (the embedded list, also behind digits and signs), or made of
// the account's own words: login name, name, court. words are those, in small
// letters, as they are and in pinyin. What makes it weak is told, with field
// new_password.
func CheckPassword(password string, words []string) error {
	if utf8.RuneCountInString(password) < minPassword || len(password) > maxPasswordBytes || !utf8.ValidString(password) {
		return InvalidField("new_password", "password.weak", "新密码至少 10 位，不超过 200 个字节")
	}
	p := []rune(foldPassword(password))
	if commonPasswords()[string(p)] || passwordCost(p, words) < minPasswordCost {
		return InvalidField("new_password", "password.common",
			"新密码太容易猜到：不要用常见密码、键盘上相邻的字符、姓名、登录名、法院名称和年份日期，也不要只在其后加数字；可以用三四个互不相关的词")
	}
	return nil
}

// foldPassword makes the writings of one password equal: small letters, half
// width, and the digits and signs that stand for letters stay, see unleet.
func foldPassword(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		case r == '　':
			r = ' '
		}
		return unicode.ToLower(r)
	}, s)
}

// unleet reads the digits and signs that stand for letters.
var unleet = strings.NewReplacer("@", "a", "4", "a", "8", "b", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t")

// passwordCost is the least that the password costs, cut into parts.
func passwordCost(p []rune, words []string) int {
	own := map[string]bool{}
	for _, w := range words {
		if utf8.RuneCountInString(w) >= 2 {
			own[w] = true
		}
	}
	common := commonPasswords()
	cost := make([]int, len(p)+1)
	for end := 1; end <= len(p); end++ {
		cost[end] = cost[end-1]
		if r := p[end-1]; unicode.IsLetter(r) || unicode.IsDigit(r) {
			cost[end]++
		}
		for from := end - 2; from >= max(0, end-40); from-- {
			part := string(p[from:end])
			c := 0
			switch {
			case own[part] || own[unleet.Replace(part)] || dear[part]:
				c = 1
			case end-from >= 3 && (walked(p[from:end]) || end-from <= 8 && isDay(part)):
				c = 1
			case end-from >= 4 && (common[part] || common[unleet.Replace(part)]):
				c = 2
			default:
				continue
			}
			cost[end] = min(cost[end], cost[from]+c)
		}
	}
	return cost[len(p)]
}

// walked tells whether the characters are one repeated, two in turn, or a way
// over the keyboard or the alphabet, forwards or backwards.
func walked(p []rune) bool {
	same, turn := true, len(p) >= 4
	for i := range p {
		same = same && p[i] == p[0]
		turn = turn && p[i] == p[i%2]
	}
	if same || turn {
		return true
	}
	s := string(p)
	back := make([]rune, len(p))
	for i, r := range p {
		back[len(p)-1-i] = r
	}
	for _, w := range walks {
		if strings.Contains(w, s) || strings.Contains(w, string(back)) {
			return true
		}
	}
	return false
}

// isDay tells whether the digits are a year or a day: 1987, 198706, 19870612.
func isDay(s string) bool {
	if len(s) != 4 && len(s) != 6 && len(s) != 8 || strings.Trim(s, "0123456789") != "" {
		return false
	}
	year := s[:4] >= "1930" && s[:4] <= "2049"
	switch len(s) {
	case 4:
		return year
	case 6:
		return year && s[4:] >= "01" && s[4:] <= "12"
	default:
		return year && s[4:6] >= "01" && s[4:6] <= "12" && s[6:] >= "01" && s[6:] <= "31"
	}
}
