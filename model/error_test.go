package model

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// What is for the log holds the reason and the cause and not the user's sentence;
// what is no error of ours is an internal one, whatever wraps it.
func TestErrorsForUsersAndForLogs(t *testing.T) {
	t.Parallel()
	cause := errors.New("duplicate key")
	e := InvalidField("phone", "phone.format", "手机号码应为 11 位").WithCause(cause)
	wrapped := fmt.Errorf("bind: %w", e)
	if got := e.Error(); !strings.Contains(got, "phone.format (phone): duplicate key") || strings.Contains(got, "手机") {
		t.Errorf("the log says %s", got)
	}
	if !errors.Is(wrapped, cause) || KindOf(wrapped) != Invalid || ReasonOf(wrapped) != "phone.format" || FieldOf(wrapped) != "phone" {
		t.Errorf("%v, %s, %s", KindOf(wrapped), ReasonOf(wrapped), FieldOf(wrapped))
	}
	if KindOf(cause) != Internal || ReasonOf(cause) != "" || FieldOf(cause) != "" {
		t.Error("a fault of the program passes for a user's mistake")
	}
	if moved := AtField(wrapped, "call_phone"); FieldOf(moved) != "call_phone" || FieldOf(e) != "phone" {
		t.Errorf("%s, and the original %s", FieldOf(moved), FieldOf(e))
	}
	if !errors.Is(AtField(cause, "x"), cause) {
		t.Error("what is no error of ours is lost")
	}
}
