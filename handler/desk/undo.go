package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/conversation"
	"microcourt/service/performance"
)

// undo takes back what the actor decided of a receipt, and goes back to it with what
// he had typed.
func (d *Desk) undo(c *gin.Context) error {
	undone, err := d.takeBack(c, func(v model.DeskAct, id int64) bool { return v.ReceiptID == id })
	if err != nil {
		return d.refuseReceipt(c, err)
	}
	return done(c, inList(c, fmt.Sprintf("/desk/receipts/%d", undone.ReceiptID), "decision", strconv.FormatInt(undone.ID, 10)), "undone")
}

// undoAnswer takes back what the actor answered in a conversation, and goes back to it
// with his words in the box.
func (d *Desk) undoAnswer(c *gin.Context) error {
	id, err := number(c)
	if err != nil {
		return err
	}
	undone, err := d.takeBack(c, func(v model.DeskAct, id int64) bool { return v.ConversationID == id })
	if err != nil {
		return d.refuseAnswer(c, id, err)
	}
	t, err := d.thread(c, undone.ConversationID)
	if err != nil { // it is another's by now
		return done(c, address("/desk/conversations", "decision", undone.ID), "undone")
	}
	return done(c, threadAddress(t.CaseID, t.ID, t.RelativeID, "decision", undone.ID), "undone")
}

// takeBack takes an act back that is about the thing in the path.
func (d *Desk) takeBack(c *gin.Context, about func(v model.DeskAct, id int64) bool) (undone *model.DeskAct, err error) {
	id, err := number(c)
	if err != nil {
		return nil, err
	}
	f := d.form(c)
	decision := f.number("decision")
	err = f.do(func() error {
		v, err := d.svc.DeskAct.Own(c.Request.Context(), web.Actor(c), decision)
		if err == nil && !about(v.DeskAct, id) {
			err = model.E(model.NotFound, "decision.not_found", "没有找到，或您无权查看")
		}
		if err == nil {
			undone, err = d.svc.DeskAct.Undo(c.Request.Context(), web.Actor(c), decision)
		}
		return err
	})
	return undone, err
}

// carryOut lets what the actor decided take effect at once, because something that
// he wants to do rests on it, and goes back to where he was.
func (d *Desk) carryOut(c *gin.Context) error {
	if _, err := d.svc.DeskAct.CarryOutNow(c.Request.Context(), web.Actor(c)); err != nil {
		return err
	}
	return done(c, unmarked(d.form(c).text("to")), "carried_out")
}

// unmarked is an address of the desk without the marks of what was done.
func unmarked(to string) string {
	u, err := url.Parse(local(to))
	if err != nil {
		return "/desk"
	}
	q := u.Query()
	for _, name := range []string{"done", "decision"} {
		q.Del(name)
	}
	u.RawQuery = q.Encode()
	return local(u.RequestURI())
}

// recall shows what became of what was just done, by how it stands now, and on every
// page what can still be taken back. The words of an answer that was not sent come back
// into the box.
func (d *Desk) recall(c *gin.Context, a model.Actor, f *frame) {
	if a.IsParty() || !a.May(model.ActReceiptDecide) && !a.May(model.ActMessageWrite) {
		return
	}
	ctx := c.Request.Context()
	if id, err := strconv.ParseInt(c.Query("decision"), 10, 64); err == nil && c.Request.Method == http.MethodGet {
		if v, err := d.svc.DeskAct.Own(ctx, a, id); err == nil {
			if f.Said = v.Sentence(); v.Undoable() {
				f.Undo = v
			}
			if v.Kind == model.DecideAnswer && v.Unsent() {
				text, files := conversation.Asked(v.DeskAct)
				f.Form = map[string]string{"text": text}
				if files > 0 {
					f.Said += "附件请重新选择。"
				}
			}
			return
		}
	}
	if v, err := d.svc.DeskAct.Last(ctx, a); err == nil && v != nil && v.Undoable() {
		f.Undo = v
	}
}

// showAgain shows a receipt; of one about which a decision was just taken back, with
// what had been typed.
func (d *Desk) showAgain(c *gin.Context, data *reviewData) error {
	fr := d.frame(c, "receipt", "回执审核", data)
	if id, err := strconv.ParseInt(c.Query("decision"), 10, 64); err == nil && data.Pending == nil {
		v, err := d.svc.DeskAct.Own(c.Request.Context(), web.Actor(c), id)
		if err == nil && v.Unsent() && v.ReceiptID == data.Receipt.ID {
			asked := performance.Asked(v.DeskAct)
			data.Undone, fr.Form = v.Kind, typed(v.Kind, asked)
			for _, id := range asked.Obligations {
				data.Ticked[id] = true
			}
			if v.Kind == model.DecideConfirm {
				if data.Allocation, err = d.allocated(c, web.Actor(c), asked); err != nil {
					return err
				}
			}
		}
	}
	d.write(c, http.StatusOK, "receipt", "layout", fr)
	return nil
}

// typed is a decision as the fields of its form.
func typed(kind model.DeskActKind, dec performance.Decision) map[string]string {
	if kind == model.DecideReturn {
		return map[string]string{"reason": dec.Reason}
	}
	out := map[string]string{
		"amount": dec.AmountFen.String(), "differs": dec.AmountFen.String(), "over_reason": dec.OverReason, "order_reason": dec.OrderReason,
		"reason": dec.Reason, "doubt_reason": dec.DoubtReason, "spreading": string(dec.Spreading),
	}
	if !dec.PerformedOn.IsZero() {
		out["performed_on"] = dec.PerformedOn.String()
	}
	for _, s := range dec.Allocations {
		out[fmt.Sprintf("part_%d", s.InstallmentID)] = s.AmountFen.String()
	}
	return out
}
