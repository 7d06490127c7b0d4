package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	"microcourt/model"
)

// Whoever logs out ends the session that he asks with, and no parameter of the
// document says so.
func TestTheDoorHandsOnTheToken(t *testing.T) {
	t.Parallel()
	var got string
	r := Route{Method: http.MethodDelete, Path: "/sessions/current", Do: do(func(_ context.Context, _ model.Actor, in ownSession) (nothing, error) {
		got = in.Token
		return nothing{}, nil
	})}
	if err := r.finish(); err != nil {
		t.Fatal(err)
	}
	for header, want := range map[string]string{"Bearer abc_D-1": "abc_D-1", "ApiKey": "", "": ""} {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest(http.MethodDelete, "/sessions/current", nil)
		c.Request.Header.Set("Authorization", header)
		if err := r.Handle(c); err != nil || got != want {
			t.Errorf("%q: %v %q; want %q", header, err, got, want)
		}
	}
}
