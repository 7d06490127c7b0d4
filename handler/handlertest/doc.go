// Package handlertest is what tests tell their stories with: a World, which is a
// whole installation on real storage behind its HTTP interface, Clients, who are
// people and programs that use it, and Pages, which are browser tabs at the desk.
// Every answer that a Client gets is held against the API document.
//
//	w := handlertest.New(t)
//	judge, clerk := w.Staff("zhang.min", model.RoleJudge), w.Staff("wan.tt", model.RoleClerk)
//	f := w.File(clerk)
//	debtor := w.Phone("13800000001")
//	debtor.Bind(clerk, f.ID, f.Debtor)
//	judge.Confirm(debtor.Submit(f, 500_00, 1), 500_00)
package handlertest
