package desk

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/deposit"
)

// depositRoutes are about money that an accused pays before the judgment; what
// they show is on the tab of the items of property.
func (d *Desk) depositRoutes() []Route {
	return []Route{
		{Method: http.MethodPost, Path: "/cases/:id/deposits", Act: model.ActDepositMake, MaxBody: 24 << 20, Timeout: time.Minute, handle: d.enterDeposit},
		post("/cases/:id/deposits/confirm", model.ActDepositDecide, d.onDeposit("deposit", func(c *gin.Context, f *form, id, seen int64) func() error {
			amount := f.yuan("amount", "amount_fen")
			return func() error {
				_, err := d.svc.Deposit.Confirm(c.Request.Context(), web.Actor(c), id, seen, amount)
				return err
			}
		})),
		post("/cases/:id/deposits/return", model.ActDepositDecide, d.onDeposit("returned", func(c *gin.Context, f *form, id, seen int64) func() error {
			reason := f.text("reason")
			return func() error {
				_, err := d.svc.Deposit.Return(c.Request.Context(), web.Actor(c), id, seen, reason)
				return err
			}
		})),
		post("/cases/:id/deposits/correct", model.ActDepositDecide, d.onDeposit("deposit", func(c *gin.Context, f *form, id, seen int64) func() error {
			amount, reason := f.yuan("amount", "amount_fen"), f.text("reason")
			if f.is("less") {
				amount = -amount
			}
			return func() error {
				_, err := d.svc.Deposit.Correct(c.Request.Context(), web.Actor(c), id, seen, amount, reason)
				return err
			}
		})),
		{
			Method: http.MethodPost, Path: "/cases/:id/deposits/wish", Act: model.ActDepositMake, MaxBody: 12 << 20, Timeout: time.Minute,
			handle: d.addToDeposit("deposit_wish", func(c *gin.Context, f *form, id int64) func() error {
				w := model.DepositWish{DepositID: id, IdemKey: f.key(), Purpose: model.DepositPurpose(f.text("new_purpose")), Wish: f.text("new_wish")}
				if caseID, err := number(c); err == nil {
					w.WishFileID = f.file(caseID, w.IdemKey)
				}
				return func() error {
					_, err := d.svc.Deposit.ChangeWish(c.Request.Context(), web.Actor(c), w)
					return err
				}
			}),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/deposits/signed-wish", Act: model.ActDepositMake, MaxBody: 12 << 20, Timeout: time.Minute,
			handle: d.addToDeposit("deposit_wish_signed", func(c *gin.Context, f *form, id int64) func() error {
				var file int64
				if caseID, err := number(c); err == nil {
					file = f.file(caseID, f.key())
				}
				return func() error {
					_, err := d.svc.Deposit.KeepSignedWish(c.Request.Context(), web.Actor(c), id, file)
					return err
				}
			}),
		},
		post("/cases/:id/deposits/wish-decide", model.ActDepositDecide, d.onDeposit("deposit", func(c *gin.Context, f *form, id, seen int64) func() error {
			wish, accept, reason := f.number("wish"), f.is("accept"), f.text("reason")
			return func() error {
				_, err := d.svc.Deposit.DecideWish(c.Request.Context(), web.Actor(c), id, seen, wish, accept, reason)
				return err
			}
		})),
		post("/cases/:id/deposits/set-off", model.ActDepositDecide, d.onDeposit("deposit_set_off", func(c *gin.Context, f *form, id, seen int64) func() error {
			o := deposit.Offset{DepositID: id, Version: seen, AmountFen: f.yuan("amount", "amount_fen"), OrderReason: f.text("order_reason")}
			return func() error {
				_, err := d.svc.Deposit.SetOff(c.Request.Context(), web.Actor(c), o)
				return err
			}
		})),
		post("/cases/:id/deposits/refund", model.ActDepositDecide, d.onDeposit("deposit_refund", func(c *gin.Context, f *form, id, seen int64) func() error {
			amount, ground, reason := f.yuan("amount", "amount_fen"), model.RefundGround(c.PostForm("ground")), f.text("reason")
			return func() error {
				_, err := d.svc.Deposit.Refund(c.Request.Context(), web.Actor(c), id, seen, amount, ground, reason)
				return err
			}
		})),
		{
			Method: http.MethodPost, Path: "/cases/:id/deposits/repay", Act: model.ActDepositRepay, MaxBody: 12 << 20, Timeout: time.Minute,
			handle: d.onDeposit("deposit_repaid", func(c *gin.Context, f *form, id, seen int64) func() error {
				r := deposit.Repayment{DepositID: id, Version: seen, AmountFen: f.yuan("amount", "amount_fen"), PaidOn: f.date("paid_on"), BankSerial: f.text("bank_serial")}
				if ground := model.LodgementGround(c.PostForm("ground")); ground != "" {
					r.Lodged = &model.Lodgement{
						Ground: ground, Reason: f.text("fact"), With: f.text("with"), Number: f.text("number"), NoticeOn: f.date("notice_on"), How: f.text("notice_by"),
					}
				}
				key := f.key()
				if caseID, err := number(c); err == nil {
					r.FileID = f.file(caseID, key)
				}
				return func() error {
					_, err := d.svc.Deposit.Repay(c.Request.Context(), web.Actor(c), r)
					return err
				}
			}),
		},
	}
}

// onDeposit runs a form that changes a deposit as its page showed it, and shows the
// tab again.
func (d *Desk) onDeposit(said string, read func(c *gin.Context, f *form, id, seen int64) func() error) func(*gin.Context) error {
	return d.addToDeposit(said, func(c *gin.Context, f *form, id int64) func() error { return read(c, f, id, f.version()) })
}

// addToDeposit runs a form that adds something to a deposit, whatever became of it
// since.
func (d *Desk) addToDeposit(said string, read func(c *gin.Context, f *form, id int64) func() error) func(*gin.Context) error {
	return func(c *gin.Context) error {
		return d.onPenalty(c, said, func(int64) error {
			f := d.form(c)
			act := read(c, f, f.number("deposit"))
			return f.do(act)
		})
	}
}

// enterDeposit is a clerk who enters at the window what somebody paid for an
// accused.
func (d *Desk) enterDeposit(c *gin.Context) error {
	return d.onPenalty(c, "deposit_made", func(id int64) error {
		f := d.form(c)
		p := model.Deposit{
			CaseID: id, IdemKey: f.key(), PartyID: f.number("party"), Purpose: model.DepositPurpose(c.PostForm("purpose")), AmountFen: f.yuan("amount", "amount_fen"),
			PaidOn: f.date("paid_on"), PayerKind: model.PayerKind(c.PostForm("payer_kind")), PayerName: f.text("payer_name"), PayerAccount: f.text("payer_account"),
			Wish: f.text("wish"),
		}
		p.ProofFileID = f.file(id, p.IdemKey)
		if scan, err := c.FormFile("wish_file"); err == nil && scan.Filename != "" && f.err == nil {
			p.WishFileID, err = d.keepScan(c, id, p.IdemKey+"-w", scan)
			f.wrong("wish_file", err)
		}
		return f.do(func() error {
			_, err := d.svc.Deposit.Submit(c.Request.Context(), web.Actor(c), p)
			return err
		})
	})
}
