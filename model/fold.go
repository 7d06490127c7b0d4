package model

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// radicals pairs each sign of the blocks CJK Radicals Supplement and CJK Strokes
// with the ideograph that it stands for: text taken out of a PDF is full of them,
// and they look like the ideographs. NFKC folds only the Kangxi radicals. Source:
// EquivalentUnifiedIdeograph.txt of Unicode 14.
const radicals = "" +
	"⺁厂 ⺂乛 ⺃乚 ⺄乙 ⺅亻 ⺆冂 ⺇𠘨 ⺈刀 ⺉刂 ⺊卜 ⺋㔾 ⺌小 ⺍小 ⺎兀 ⺏尣 ⺐尢 ⺑𡯂 ⺒巳 ⺓幺 ⺔彑 ⺕彐 ⺖忄 ⺗心 ⺘扌" + " " +
	"⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺧牛 ⺨犭 ⺩王 ⺪𤴔 ⺫目 ⺬示 ⺭礻 ⺮𥫗 ⺯糹 ⺰纟 ⺱罓 ⺲罒" + " " +
	"⺳㓁 ⺴冗 ⺵𦉫 ⺶羊 ⺷𦍌 ⺸𦍋 ⺹耂 ⺺肀 ⺻聿 ⺼肉 ⺽𦥑 ⺾艹 ⺿艹 ⻀艹 ⻁虎 ⻂衤 ⻃覀 ⻄西 ⻅见 ⻆角 ⻇𧢲 ⻈讠 ⻉贝 ⻊𧾷" + " " +
	"⻋车 ⻌辶 ⻍辶 ⻎辶 ⻏邑 ⻐钅 ⻑長 ⻒镸 ⻓长 ⻔门 ⻕𨸏 ⻖阝 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻞𩙿 ⻟飠 ⻠饣 ⻡𩠐 ⻢马" + " " +
	"⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀 ㇆𠃌 ㇏乀 ㇐一 ㇑丨 ㇒丿 ㇓丿 ㇔丶 ㇕𠃍" + " " +
	"㇖乛 ㇗𠃊 ㇘𠃎 ㇙𠄌 ㇚亅 ㇛𡿨 ㇜𠃋 ㇝乀 ㇞𠃑 ㇟乚 ㇠乙 ㇡𠄎"

var ideographOf = func() map[rune]rune {
	m := map[rune]rune{}
	for pair := range strings.FieldsSeq(radicals) {
		r := []rune(pair)
		m[r[0]] = r[1]
	}
	return m
}()

// Fold is the one folding of text for comparison: what a reader takes for the
// same text gives the same string. It is NFKC (full and half width, compatibility
// ideographs, Kangxi radicals, composed letters) with the other radicals and
// strokes as ideographs, one kind of space, dash, middle dot and apostrophe, and
// without what nobody sees: format and control characters, variation selectors,
// fillers. Runs of spaces are one, and there are none at the ends. Letters keep
// their case. Everything that is compared, hashed for look-up or searched for goes
// through it; what is shown stays as it was written.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range quotes.Replace(norm.NFKC.String(quotes.Replace(visibleOnly(s)))) {
		if u, ok := ideographOf[r]; ok {
			r = u
		}
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case unicode.Is(unicode.Dash, r):
			r = '-'
		case strings.ContainsRune("•‧・∙⋅ꞏ⸱", r):
			r = '·'
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// quotes are apostrophes as people type them. They are read before the
// compatibility forms, which take an acute accent on its own apart into a space
// and an accent for the letter before it, and after them, which bring forth others.
var quotes = strings.NewReplacer("‘", "'", "’", "'", "ʼ", "'", "′", "'", "ʹ", "'", "`", "'", "´", "'")

// visibleOnly drops what nobody sees. Spaces and line breaks stay.
func visibleOnly(s string) string {
	return strings.Map(func(r rune) rune {
		if invisible(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// invisible tells whether a character takes no place on a screen or paper, so
// that two texts with and without it look alike.
func invisible(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) ||
		r == '\u2800' // the empty Braille pattern
}

// broken tells whether a character is no character: the mark of bytes that could
// not be read, what stood for a picture, and the areas that mean another sign on
// each machine or none at all.
func broken(r rune) bool {
	return r == utf8.RuneError || r == '\ufffc' || unicode.In(r, unicode.Co, unicode.Cs, unicode.Noncharacter_Code_Point)
}

// CheckLine refuses one line of text (a name, a number, a title) that holds what
// nobody sees (text.invisible: control and format characters, line breaks, marks
// that turn the direction of writing) or what is no character (text.broken). The
// error is Invalid and names no field; see AtField.
func CheckLine(s string) error { return checkText(s, false) }

// CheckText is CheckLine for text of several lines: line breaks and tabs may
// stand in it, and what joins the parts of one emoji.
func CheckText(s string) error { return checkText(s, true) }

func checkText(s string, lines bool) error {
	if !utf8.ValidString(s) {
		return E(Invalid, "text.broken", "文字编码已损坏，请重新输入")
	}
	var before rune
	for i, r := range s {
		switch {
		case broken(r):
			return E(Invalid, "text.broken", "含有无法识别的字符（"+codePoint(r)+"），可能是乱码或者自造字，请改用标准汉字重新输入")
		case !invisible(r) || lines && (r == '\n' || r == '\r' || r == '\t') || lines && joinsEmoji(before, r, s[i+utf8.RuneLen(r):]):
		default:
			return E(Invalid, "text.invisible", "含有看不见的字符（"+codePoint(r)+"），请删除后重新输入，不要从其他地方粘贴")
		}
		before = r
	}
	return nil
}

// joinsEmoji tells whether an invisible character is part of one emoji: the
// selector of its colour, or the joiner between two.
func joinsEmoji(before, r rune, rest string) bool {
	switch r {
	case '\ufe0e', '\ufe0f':
		return unicode.In(before, unicode.So, unicode.Sm, unicode.Po, unicode.Nd, unicode.Sk)
	case '\u200d':
		next, _ := utf8.DecodeRuneInString(rest)
		return (before == '\ufe0f' || unicode.In(before, unicode.So, unicode.Sk)) && unicode.In(next, unicode.So, unicode.Sm)
	}
	return false
}

func codePoint(r rune) string {
	const hex = "0123456789ABCDEF"
	digits := ""
	for ; r > 0 || len(digits) < 4; r >>= 4 {
		digits = string(hex[r&15]) + digits
	}
	return "U+" + digits
}

// Clean is text as it is stored and shown: as it was written, in composed form
// (NFC) and without white space at its ends.
func Clean(s string) string { return strings.TrimSpace(norm.NFC.String(s)) }

// NormalizeName folds a name for comparison: Fold without spaces, one form of the
// middle dot of minority and foreign names, one kind of brackets, upper case Latin.
func NormalizeName(s string) string {
	// An accent that stood behind a space joins its letter.
	return norm.NFC.String(strings.ToUpper(strings.Map(func(r rune) rune {
		switch r {
		case ' ':
			return -1
		case '.', '。':
			return '·'
		case '[', '〔', '【', '{', '〈', '《':
			return '('
		case ']', '〕', '】', '}', '〉', '》':
			return ')'
		}
		return r
	}, Fold(s))))
}

// NormalizeSerial folds a bank serial number (流水号) or an account for
// comparison: Fold, upper case, letters and digits only.
func NormalizeSerial(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.Nd) {
			return r
		}
		return -1
	}, strings.ToUpper(Fold(s)))
}

// NormalizeID folds an identifier for checking and comparison: half width,
// upper case, no spaces or dashes.
func NormalizeID(s string) string { return NormalizeSerial(s) }

// NormalizePhone folds a mainland mobile number: half width, no spaces or
// dashes, no +86.
func NormalizePhone(s string) string {
	p := NormalizeSerial(s)
	if len(p) == 15 {
		p = strings.TrimPrefix(p, "00")
	}
	if len(p) == 13 {
		p = strings.TrimPrefix(p, "86")
	}
	return p
}

// NormalizeLogin folds the log-in name of a staff account: lower case, no spaces
// at its ends.
func NormalizeLogin(s string) string { return strings.ToLower(Fold(s)) }

// NormalizeCode folds the code of a court's agency or duty: upper case, no spaces.
func NormalizeCode(s string) string {
	return norm.NFC.String(strings.ToUpper(strings.ReplaceAll(Fold(s), " ", "")))
}

// NormalizeNumber folds the number of a document, e.g. 镇法自履证〔2020〕1号, in the
// ways in which it is typed: any kind of brackets, no spaces.
func NormalizeNumber(s string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		switch r {
		case '[', '(', '【':
			return '〔'
		case ']', ')', '】':
			return '〕'
		case ' ':
			return -1
		}
		return r
	}, Fold(s)))
}
