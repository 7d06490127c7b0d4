package api

import (
	"context"
	"errors"
	"net/http"

	"microcourt/model"
	"microcourt/service/performance"
)

// previewRoute tells a judge's phone what confirming would do. It writes nothing:
// a body is sent because an allocation does not fit into an address.
func (s *API) previewRoute() Route {
	return Route{
		Method: http.MethodPost, Path: "/receipts/:id/preview", For: PhoneStaff, Act: model.ActReceiptQueue, Summary: "试算确认的结果（不作登记）",
		Do: do(s.previewReceipt), Reasons: []Reason{{model.NotFound, "receipt.not_found"}},
	}
}

// correctionPreviewRoute tells a judge's phone what a correction would do.
func (s *API) correctionPreviewRoute() Route {
	return Route{
		Method: http.MethodPost, Path: "/receipts/:id/correction-preview", For: PhoneStaff, Act: model.ActReceiptDecide, Summary: "试算更正的结果（不作登记）",
		Do: do(s.previewCorrection), Reasons: []Reason{{model.NotFound, "receipt.not_found"}},
	}
}

type correctionPreviewView struct {
	ConfirmedFen model.Fen           `json:"confirmed_fen" required:"true" description:"目前已确认的金额"`
	AmountFen    model.Fen           `json:"amount_fen" required:"true" description:"更正后的金额"`
	RestFen      model.Fen           `json:"rest_fen" required:"true" description:"多出的金额，不抵充任何一期"`
	Lines        []correctedLineView `json:"lines" required:"true" description:"该回执抵充的期次，更正以前和以后"`
	Certificates []string            `json:"certificates" required:"true" description:"本案有效的自动履行证明书，更正后请决定是否撤销"`
	Stamp        string              `json:"stamp" required:"true" description:"试算所依据的台账状态；更正时原样提交，台账有变动的不登记"`
	Refused      *needView           `json:"refused,omitempty" description:"不能这样更正的原因；有此项时没有结果"`
}

type correctedLineView struct {
	InstallmentID int64      `json:"installment_id" required:"true"`
	DueOn         model.Date `json:"due_on" required:"true"`
	Name          string     `json:"name" required:"true" description:"权利人；法院账户为空"`
	What          string     `json:"what" required:"true" description:"义务的内容"`
	Part          string     `json:"part" required:"true" enum:",ordinary,doubled" description:"空为法律文书确定的金钱债务，ordinary 为一般债务利息，doubled 为加倍部分债务利息"`
	WasFen        model.Fen  `json:"was_fen" required:"true" description:"更正以前抵充的金额"`
	AmountFen     model.Fen  `json:"amount_fen" required:"true" description:"更正以后抵充的金额"`
	LeftFen       model.Fen  `json:"left_fen" required:"true" description:"该项此后尚欠的金额"`
}

func (s *API) previewCorrection(ctx context.Context, by model.Actor, in previewIn) (correctionPreviewView, error) {
	p, err := s.svc.Performance.PreviewCorrection(ctx, by, in.decision())
	if err != nil {
		return correctionPreviewView{}, err
	}
	out := correctionPreviewView{
		ConfirmedFen: p.Receipt.ConfirmedFen, AmountFen: p.AmountFen, RestFen: p.RestFen, Stamp: p.Stamp,
		Certificates: each(p.Doubtful, func(n string) string { return n }),
		Lines: each(p.Lines, func(l performance.CorrectedLine) correctedLineView {
			return correctedLineView{
				InstallmentID: l.ID, DueOn: l.Due(), Name: l.To, What: l.What, Part: string(l.Part), WasFen: l.WasFen, AmountFen: l.IsFen, LeftFen: l.LeftFen,
			}
		}),
	}
	if p.Problem != nil {
		refused := viewNeed(p.Problem)
		out.Refused = &refused
	}
	return out, nil
}

type previewIn struct {
	ID          int64     `path:"id" json:"-"`
	AmountFen   model.Fen `json:"amount_fen" required:"true"`
	Allocations []shareIn `json:"allocations" description:"自行指定的各期金额；不填时按 spreading"`
	Spreading   string    `json:"spreading,omitempty" enum:",due,proportion,chosen" description:"款项同时属于几名权利人时的分配方式；不填即 due"`
	OverReason  string    `json:"over_reason" description:"超过未履行金额的原因"`
	OrderReason string    `json:"order_reason,omitempty" description:"分配与通常不同的理由"`
}

type previewView struct {
	AmountFen model.Fen           `json:"amount_fen" required:"true"`
	RestFen   model.Fen           `json:"rest_fen" required:"true" description:"多出的金额，不抵充任何一期"`
	Common    bool                `json:"common" required:"true" description:"款项是否同时属于几名权利人，可以选择分配方式"`
	Spreading string              `json:"spreading" required:"true" enum:"due,proportion,chosen" description:"以上结果所用的分配方式"`
	Creditors []creditorShareView `json:"creditors" required:"true" description:"各权利人分得的金额"`
	Lines     []allottedView      `json:"lines" required:"true" description:"抵充的期次"`
	Choices   []choiceView        `json:"choices" required:"true" description:"各种分配方式的结果；只属于一名权利人的为空"`
	Needs     []needView          `json:"needs" required:"true" description:"确认时还需要填写的理由"`
	Stamp     string              `json:"stamp" required:"true" description:"试算所依据的台账状态；确认时原样提交，台账有变动的不登记"`
	Refused   *needView           `json:"refused,omitempty" description:"不能这样确认的原因；有此项时没有结果"`
}

type creditorShareView struct {
	PartyIDs  []int64   `json:"party_ids" required:"true" description:"权利人；法院账户为空"`
	Name      string    `json:"name" required:"true" description:"权利人；法院账户为空"`
	AmountFen model.Fen `json:"amount_fen" required:"true"`
	LeftFen   model.Fen `json:"left_fen" required:"true" description:"此后尚欠的金额，含截至付款日的利息"`
}

type allottedView struct {
	InstallmentID int64      `json:"installment_id" required:"true"`
	DueOn         model.Date `json:"due_on" required:"true"`
	Name          string     `json:"name" required:"true" description:"权利人；法院账户为空"`
	What          string     `json:"what" required:"true" description:"义务的内容"`
	Part          string     `json:"part" required:"true" enum:",ordinary,doubled" description:"空为法律文书确定的金钱债务，ordinary 为一般债务利息，doubled 为加倍部分债务利息"`
	AmountFen     model.Fen  `json:"amount_fen" required:"true"`
	LeftFen       model.Fen  `json:"left_fen" required:"true" description:"该项此后尚欠的金额"`
}

type choiceView struct {
	Spreading string              `json:"spreading" required:"true" enum:"due,proportion,chosen" description:"分配方式"`
	Name      string              `json:"name" required:"true" description:"分配方式的中文名称"`
	Creditors []creditorShareView `json:"creditors" required:"true" description:"各权利人分得的金额"`
}

type needView struct {
	Field   string `json:"field" required:"true" description:"应填写的字段"`
	Reason  string `json:"reason" required:"true" description:"稳定的错误代码"`
	Message string `json:"message" required:"true" description:"说明"`
}

func (in previewIn) decision() performance.Decision {
	return performance.Decision{
		ReceiptID: in.ID, AmountFen: in.AmountFen, OverReason: in.OverReason, OrderReason: in.OrderReason, Spreading: model.Spreading(in.Spreading),
		Allocations: each(in.Allocations, func(a shareIn) model.Share {
			return model.Share{InstallmentID: a.InstallmentID, AmountFen: a.AmountFen}
		}),
	}
}

func (s *API) previewReceipt(ctx context.Context, by model.Actor, in previewIn) (previewView, error) {
	p, err := s.svc.Performance.Preview(ctx, by, in.decision())
	if err != nil {
		return previewView{}, err
	}
	creditors := func(list []model.CreditorShare) []creditorShareView {
		return each(list, func(c model.CreditorShare) creditorShareView {
			return creditorShareView{PartyIDs: each(c.Parties, func(id int64) int64 { return id }), Name: p.Names(c.Parties), AmountFen: c.AmountFen, LeftFen: c.LeftFen}
		})
	}
	out := previewView{
		AmountFen: p.AmountFen, RestFen: p.RestFen, Stamp: p.Stamp, Common: p.Common, Spreading: string(p.Spreading), Creditors: creditors(p.Creditors),
		Lines: each(p.Lines, func(l model.Allotted) allottedView {
			return allottedView{InstallmentID: l.ID, DueOn: l.Due(), Name: p.To(l), What: p.What(l), Part: string(l.Part), AmountFen: l.AmountFen, LeftFen: l.LeftFen}
		}),
		Choices: each(p.Choices, func(c performance.Choice) choiceView {
			return choiceView{Spreading: string(c.Spreading), Name: c.Spreading.Chinese(), Creditors: creditors(c.Creditors)}
		}),
		Needs: each(p.Asks, viewNeed),
	}
	if out.Spreading == "" {
		out.Spreading = string(model.SpreadDue)
	}
	if p.Problem != nil {
		refused := viewNeed(p.Problem)
		out.Refused = &refused
	}
	return out, nil
}

// viewNeed says what a decision still lacks.
func viewNeed(err error) needView {
	e, ok := errors.AsType[*model.Error](err)
	if !ok {
		return needView{}
	}
	return needView{Field: e.Field, Reason: e.Reason, Message: e.Message}
}
