package model_test

import (
	"testing"

	"microcourt/model"
)

// What people really choose falls; what nobody predicts stands.
func TestCommonPasswordsAreRefused(t *testing.T) {
	t.Parallel()
	words := []string{"zhang.min", "zhang", "min", "zhangmin", "zhm", "zhenhai", "zhenhaiqu", "zhfy", "fayuan", "宁波市镇海区人民法院", "镇法", "张敏", "浙0211"}
	for password, want := range map[string]string{
		"short":                        "password.weak",
		"密码太短了":                        "password.weak",
		"1234567890":                   "password.common",
		"qwertyuiop":                   "password.common",
		"1qaz2wsx3edc":                 "password.common",
		"Password123":                  "password.common",
		"P@ssw0rd2026!":                "password.common",
		"Admin@123456":                 "password.common",
		"woaini1314520":                "password.common",
		"5201314520":                   "password.common",
		"aaaaaaaaaaaa":                 "password.common",
		"abababababab":                 "password.common",
		"ｑｗｅｒｔｙ１２３４５６":                 "password.common",
		"zhang.min2026":                "password.common",
		"ZhangMin@19870612":            "password.common",
		"Zhenhai@2026":                 "password.common",
		"zhfy@2026!!":                  "password.common",
		"zhenhaifayuan2026":            "password.common",
		"镇法2026镇法2026":                 "password.common",
		"宁波市镇海区人民法院1":                  "password.common",
		"!!!!!!!!!!!!":                 "password.common",
		"a fresh password":             "",
		"kettle-moss-ninety-lantern":   "",
		"xT7#pLq9vRz2":                 "",
		"山高月小水落石出夜行":                   "",
		"rainy tuesday in zhenhai, 14": "",
	} {
		if got := model.ReasonOf(model.CheckPassword(password, words)); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}
