package model

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// What a reader takes for the same name is the same name.
func TestNamesThatLookAlikeAreOne(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"陈建国", " 陈建国 ", "陈 建国", "陈　建国", "陈\u200b建国", "\ufeff陈建国", "陈\u00ad建国", "\u202a陈建国\u202c", "陈建\u2060国", "陈建国\U000e0020", "陈建国\ufe00", "陈建国\u3164", "陈建国\u0000"},
		{"人民", "⼈民", "⼈⺠"},
		{"马长龙", "⻢⻓⻰", "⻢长⻰"},
		{"神田", "\ufa19田"}, // compatibility ideograph
		{"买买提·艾力", "买买提•艾力", "买买提‧艾力", "买买提・艾力", "买买提･艾力", "买买提.艾力", "买买提．艾力", "买买提∙艾力", "买买提⋅艾力", "买买提 · 艾力"},
		{"O'Brien José", "O’BRIEN JOSE\u0301", "o'brien josé", "Ｏ＇Ｂｒｉｅｎ　José"},
		{"甲公司（宁波）", "甲公司(宁波)", "甲公司﹙宁波﹚", "甲公司【宁波】"},
		{"A-B公司", "A–B公司", "A—B公司", "A－B公司", "A‑B公司", "A−B公司"},
		{"ﬁne", "FINE"},
		{"한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"},
	} {
		for _, s := range same[1:] {
			if NormalizeName(s) != NormalizeName(same[0]) {
				t.Errorf("%q and %q look alike, but are %q and %q", s, same[0], NormalizeName(s), NormalizeName(same[0]))
			}
		}
	}
	for _, other := range [][2]string{{"张三", "张二"}, {"己", "已"}, {"王一", "王-"}, {"㛃", "絜"}, {"𫖯", "俯"}, {"䶮", "龑"}} {
		if NormalizeName(other[0]) == NormalizeName(other[1]) {
			t.Errorf("%q and %q are two names", other[0], other[1])
		}
	}
}

func TestIdentifiersAreFoldedBeforeTheyAreCompared(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fold func(string) string
		in   []string
		want string
	}{
		{NormalizeID, []string{"34052419800101001x", "３４０５２４１９８００１０１００１Ｘ", "340524 19800101 001x", "340524\u200b19800101001X", "340524–19800101–001X"}, "34052419800101001X"},
		{NormalizePhone, []string{"13800001234", "+86 138-0000-1234", "\u202d13800001234\u202c", "008613800001234", "１３８ ００００ １２３４", "(+86)138‐0000‐1234"}, "13800001234"},
		{NormalizeSerial, []string{"ab12-34", "ＡＢ１２３４", "AB\u00a012\u200d34", "A·B1234"}, "AB1234"},
		{NormalizeLogin, []string{"Zhang.Min", " zhang.min ", "ｚｈａｎｇ．ｍｉｎ", "zhang.\u200bmin"}, "zhang.min"},
		{ReadCode, []string{"ABCD-EFGH", "abcd efgh", "ＡＢＣＤ－ＥＦＧＨ", "AB\u200bCD–EFGH"}, "ABCDEFGH"},
		{NormalizeNumber, []string{"镇法自履证〔2026〕2号", "镇法自履证(2026)2号", "镇法自履证［２０２６］２号", "镇法自履证【2026】 2号", "镇法⾃履证〔2026〕2号"}, "镇法自履证〔2026〕2号"},
	} {
		for _, s := range tt.in {
			if got := tt.fold(s); got != tt.want {
				t.Errorf("%q is read as %q, want %q", s, got, tt.want)
			}
		}
	}
}

// Every invisible or broken character that the table of the Unicode standard
// knows is refused in a name, and rare but real ones pass.
func TestInvisibleAndBrokenTextIsRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []rune{
		0, 7, 0x1b, 0x7f, 0x85, 0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c,
		0x202d, 0x202e, 0x2060, 0x2064, 0x2066, 0x2067, 0x2068, 0x2069, 0x206a, 0x2800, 0x3164, 0xfe00, 0xfe0f, 0xfeff, 0xfff9, 0xffa0, 0x1d173, 0xe0001, 0xe0041, 0xe0100,
	} {
		if err := CheckLine("陈" + string(bad) + "建国"); ReasonOf(err) != "text.invisible" || KindOf(err) != Invalid {
			t.Errorf("U+%04X in a name: %v", bad, err)
		}
		if err := CheckText("陈" + string(bad) + "建国"); ReasonOf(err) != "text.invisible" && bad != 0xfe00 {
			t.Errorf("U+%04X in a text: %v", bad, err)
		}
	}
	for _, bad := range []string{"\ufffd", "\ufffc", "\ue000", "\uf8ff", "\U000f0001", "\U0010fffd", "\ufdd0", "\ufffe", "\uffff", "\U0001fffe", "\xff", "\xed\xa0\x80"} {
		if err := CheckLine("陈" + bad); ReasonOf(err) != "text.broken" {
			t.Errorf("%q in a name: %v", bad, err)
		}
	}
	for _, good := range []string{
		"㛃", "𫖯", "䶮", "𠀀", "𰻝", "\U00031350", "阿卜杜拉·买买提", "John O’Neill", "José María", "欧阳　明", "Ангела", "한국", "甲公司（宁波）分公司", "⼈民", "①",
	} {
		if err := CheckLine(good); err != nil {
			t.Errorf("%q is refused: %v", good, err)
		}
	}
	for _, good := range []string{"第一行\r\n第二行\t列", "谢谢👍🏽", "❤️", "👨‍👩‍👧", "1️⃣", "⚖️", "🧑🏽‍⚖️"} {
		if err := CheckText(good); err != nil {
			t.Errorf("%q is refused: %v", good, err)
		}
	}
	if CheckLine("第一行\n第二行") == nil {
		t.Error("a name of two lines passes")
	}
}

func FuzzFold(f *testing.F) {
	f.Add("⻢\u200b· Ａ")
	f.Add("A´")
	f.Add("e ¨n")
	f.Fuzz(func(t *testing.T, s string) {
		for name, fold := range map[string]func(string) string{"Fold": Fold, "name": NormalizeName, "serial": NormalizeSerial, "number": NormalizeNumber} {
			once := fold(s)
			if !utf8.ValidString(once) || fold(once) != once && !strings.ContainsRune(once, utf8.RuneError) {
				t.Fatalf("%s of %q is %q, of that %q", name, s, once, fold(once))
			}
		}
	})
}
