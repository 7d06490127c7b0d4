package desk

import (
	"strconv"

	"github.com/gin-gonic/gin"

	"microcourt/handler/web"
	"microcourt/model"
	"microcourt/service/notice"
)

const untoldKey = "untold"

// untold are the parties whom what the court decided has not reached, for the page
// that is shown: what the handler noted, and whom the address names because the act
// before could not be told to him.
func (d *Desk) untold(c *gin.Context) []notice.Untold {
	v, _ := c.Get(untoldKey)
	out, _ := v.([]notice.Untold)
	id, err := strconv.ParseInt(c.Query(untoldKey), 10, 64)
	if err != nil || id <= 0 || c.Query("done") == "" {
		return out
	}
	if u := d.unreachableDebtor(c, id); u != nil {
		out = append(out, *u)
	}
	return out
}

// unreachableDebtor is the debtor of a receipt if nothing could tell him anything, nil
// otherwise; a page that is shown does not fail for it.
func (d *Desk) unreachableDebtor(c *gin.Context, receiptID int64) *notice.Untold {
	ctx, by := c.Request.Context(), web.Actor(c)
	if !by.May(model.ActServiceOfProcessRead) || !by.May(model.ActReceiptQueue) {
		return nil
	}
	r, err := d.svc.Performance.Receipt(ctx, by, receiptID)
	if err != nil {
		return nil
	}
	u, err := d.svc.Notice.Unreachable(ctx, by, r.Receipt.CaseID, r.Receipt.PartyID)
	if err != nil || u == nil {
		return nil
	}
	u.Notice = model.Notice{CaseID: r.Receipt.CaseID, Title: "汇款回执被退回（" + r.Receipt.CaseNo + "）"}
	return u
}

// noteUntold notes whom of a case's parties a returned receipt has not reached, a
// party's alone unless partyID is 0.
func (d *Desk) noteUntold(c *gin.Context, caseID, partyID int64) error {
	by := web.Actor(c)
	if !by.May(model.ActServiceOfProcessRead) {
		return nil
	}
	list, err := d.svc.Notice.Untold(c.Request.Context(), by, caseID, model.NoticeReceiptReturned)
	if err != nil {
		return err
	}
	var out []notice.Untold
	for _, u := range list {
		if partyID == 0 || u.Party.ID == partyID {
			out = append(out, u)
		}
	}
	if len(out) > 0 {
		c.Set(untoldKey, out)
	}
	return nil
}
