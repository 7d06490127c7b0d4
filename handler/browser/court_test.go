package browser_test

import (
	"context"
	"strings"
	"testing"

	"microcourt/handler/handlertest"
	"microcourt/model"
)

// An administrator makes an account, changes the court's settings and a
// template, and checks the audit chain; what is wrong changes nothing.
func TestAdministratorAtWork(t *testing.T) {
	t.Parallel()
	w := handlertest.New(t)
	admin := w.Staff("shen.ji", model.RoleAdmin)
	p := browser(w, admin)
	p.Open("/desk/staff")
	p.Click("新建账号")
	p.Fill("#login", "li.na")
	p.Fill("#name", "李娜")
	p.Submit("main form")
	p.Sees("请至少指定一个角色")
	eval[bool](p, `(document.querySelector("#rjudge").click(), true)`)
	p.Submit("main form")
	p.Sees("本页只显示一次")
	secret := eval[string](p, `document.querySelector(".secret").innerText`)
	p.Open("/desk/staff")
	p.Sees("李娜")
	if strings.Contains(p.Text(), secret) {
		t.Error("the first password is shown a second time")
	}

	p.Open("/desk/settings")
	p.Fill("#phone", "0574-86280000")
	p.Fill("[name=second_civil]", "1")
	p.Submit("main form")
	p.Sees("第二次应晚于第一次")
	p.Fill("[name=second_civil]", "15")
	p.Submit("main form")
	p.Sees("已保存。")
	court, err := w.DB.Court(context.Background(), w.Court.ID)
	if err != nil {
		t.Fatal(err)
	}
	if court.Phone != "0574-86280000" || court.Settings.ScheduleFor(model.CaseCivil).SecondDemandDays != 15 || court.Settings.ScheduleFor(model.CaseCriminal).SecondDemandDays != 10 {
		t.Errorf("the court became %+v", court)
	}

	p.Open("/desk/templates?kind=reminder")
	body := eval[string](p, `document.querySelector("#body").value`)
	p.Fill("#body", body+"\n{{.NoSuchField}}")
	p.Click("保存为新版本")
	p.Until(`document.querySelector(".problem")`)
	if v := eval[string](p, `document.querySelector("#body").value`); !strings.Contains(v, "NoSuchField") {
		t.Error("what was typed is lost")
	}
	p.Fill("#body", body+"\n如有疑问，请致电本院。")
	p.Click("保存为新版本")
	p.Sees("已保存。")
	p.Sees("第 1 版")

	audit := browser(w, w.Staff("xu.he", model.RoleAuditor))
	audit.Open("/desk/audit")
	audit.Sees("修改本院设置")
	audit.Click("检查审计链")
	audit.Sees("审计链完整")
	p.Open("/desk/operations")
	p.Sees("等待发送")
	silent(t, p)
}

// A leader sees the court's state; every number opens to its list, which has
// that many cases.
func TestLeaderOpensEveryNumber(t *testing.T) {
	t.Parallel()
	w, people := handlertest.Demo(t)
	p := browser(w, people["chen.zj"])
	p.Open("/desk/overview")
	p.Until(`document.querySelector("[data-chart] canvas")`)
	type card struct {
		Href string
		N    int
	}
	cards := eval[[]card](p, `[...document.querySelectorAll(".cards a[href*='/cases']")].map((a) => ({Href: a.getAttribute("href"), N: Number(a.querySelector("strong").innerText)}))`)
	if len(cards) < 5 {
		t.Fatal(cards)
	}
	for _, c := range cards {
		p.Open(c.Href)
		if n := eval[int](p, `document.querySelectorAll("main tbody tr").length`); n != c.N {
			t.Errorf("%s lists %d cases, the card says %d", c.Href, n, c.N)
		}
	}
	silent(t, p)
}
