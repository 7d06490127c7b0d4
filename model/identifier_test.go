package model

import "testing"

// Domain §3.9: at most the first six and the last four of a number are shown, and
// nothing of one that is too short to be hidden so.
func TestMasksOfShortNumbers(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		MaskID("34052419800101001X"): "340524********001X", MaskID("A12345678"): "*********", MaskPhone("13800138000"): "138****8000", MaskPhone("12345"): "*****",
		MaskAccount("6222020000001234"): "****1234", MaskAccount("123"): "***",
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
