package api

import (
	"context"

	"microcourt/model"
)

// answerIn is an answer that says nothing but for whom, in the address: it has no body.
type answerIn struct {
	ID      int64 `path:"id" json:"-"`
	PartyID int64 `query:"party_id" json:"-" minimum:"0" description:"为哪名权利人答复；只代理一名时可不填"`
}

type disputeIn struct {
	ID      int64  `path:"id" json:"-"`
	PartyID int64  `json:"party_id,omitempty" description:"为哪名权利人答复；只代理一名时可不填"`
	Reason  string `json:"reason" required:"true"`
}

type receivedIn struct {
	ID        int64     `path:"id" json:"-"`
	PartyID   int64     `json:"party_id,omitempty" description:"为哪名权利人答复；只代理一名时可不填"`
	AmountFen model.Fen `json:"amount_fen" required:"true" description:"实际收到的金额（分）"`
	Reason    string    `json:"reason" description:"说明，可不填"`
	FileID    int64     `json:"file_id" description:"已上传到本案的一张图片，例如本人账户的到账记录；可不填"`
}

func (s *API) receivedOther(ctx context.Context, by model.Actor, in receivedIn) (responseView, error) {
	return viewOwnResponse(s.svc.Performance.Answer(ctx, by, in.ID, model.ReceiptAnswer{
		PartyID: in.PartyID, State: model.ResponseDiffers, SaidFen: in.AmountFen, Reason: in.Reason, FileID: in.FileID,
	}))
}
