package api

import (
	"context"

	"microcourt/model"
)

type receivedIn struct {
	ID        int64     `path:"id" json:"-"`
	AmountFen model.Fen `json:"amount_fen" required:"true" description:"实际收到的金额（分）"`
	Reason    string    `json:"reason" description:"说明，可不填"`
	FileID    int64     `json:"file_id" description:"已上传到本案的一张图片，例如本人账户的到账记录；可不填"`
}

func (s *API) receivedOther(ctx context.Context, by model.Actor, in receivedIn) (responseView, error) {
	return viewOwnResponse(s.svc.Performance.Answer(ctx, by, in.ID, model.ReceiptAnswer{
		State: model.ResponseDiffers, SaidFen: in.AmountFen, Reason: in.Reason, FileID: in.FileID,
	}))
}
