package demo

import (
	"fmt"
	"net/http"
	"time"

	"github.com/pquerna/otp/totp"
)

// OneTimeCode shows the one-time code with which the staff of the
// demonstration log in, for visitors without an authenticator.
func OneTimeCode(now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		code, err := totp.GenerateCode(TOTPSecret, now())
		if err != nil {
			http.Error(w, "no code", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = fmt.Fprintf(w, "%s\n", code) // the reader went away
	})
}
