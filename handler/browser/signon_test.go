package browser_test

import (
	"net/http"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// The desk shows a QR code; the phone agrees; the desk opens. Nobody else can
// collect it.
func TestScanningOpensTheDesk(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	judge := w.Staff("zhang.min", model.RoleJudge)
	p := browser(w, nil)
	p.Open("/desk/receipts")
	p.Until(`location.pathname === "/desk/login"`)
	p.Click("显示二维码")
	p.Until(`document.querySelector("img.qr") && document.querySelector("img.qr").naturalWidth > 100`)
	ticket := eval[string](p, `document.querySelector("[name=ticket]").value`)
	if secret := eval[string](p, `document.querySelector("[name=secret]").value`); secret == ticket {
		t.Error("the secret is in the picture")
	}
	phone := &handlertest.Client{W: w, OpenID: judge.OpenID}
	phone.Login()
	code, err := w.Fake.LoginCode(judge.OpenID)
	if err != nil {
		t.Fatal(err)
	}
	phone.Must(http.StatusNoContent, http.MethodPost, "/sessions/scan/approve", handlertest.Obj{"ticket": ticket, "code": code})
	p.Until(`location.pathname === "/desk/receipts"`)
	p.Sees("法官zhang.min")

	// The list of devices shows both, and the other one can be sent away.
	other := w.Visitor(judge)
	if res, _ := other.Send(http.MethodGet, "", nil, nil); res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	p.Open("/desk/me")
	p.Sees("本设备")
	p.Click("退出该设备")
	p.Sees("该会话已退出。")
	if res, _ := other.Send(http.MethodGet, "", nil, nil); res.StatusCode != http.StatusSeeOther {
		t.Errorf("the device that was sent away answers %d", res.StatusCode)
	}
	silent(t, p)
}
