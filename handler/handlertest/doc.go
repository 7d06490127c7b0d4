// Package handlertest is what tests tell their stories with: a World, which is a
// whole installation on real storage behind its HTTP interface, Clients, who are
// people and programs that use it, and Visitors, who send the desk's forms without
// scripts. Every answer that a Client gets is held against the API document. What
// needs a real browser is in handler/browser.
//
//	w := handlertest.New(t)
//	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
//	f := w.File(clerk)
//	debtor := w.Phone("13800000001")
//	debtor.Bind(clerk, f.ID, f.Debtor)
//	judge.Confirm(debtor.Submit(f, 500_00, 1), 500_00)
package handlertest
