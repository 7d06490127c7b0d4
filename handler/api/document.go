package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
)

// printing adds what a route that signs a paper answers with while the signing
// certificate is not valid: nothing is signed then, and the paper waits.
func printing(reasons []Reason) []Reason {
	return append(slices.Clone(reasons), Reason{model.Unavailable, "signing.certificate"})
}

// paperRoutes are about the court's numbered papers.
func (s *API) paperRoutes() []Route {
	onCase := []Reason{{model.NotFound, "case.not_found"}}
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/documents", For: Phone, Act: model.ActDocumentRead, Summary: "本案文书（新的在前）；当事人只看到发给自己的",
			Reasons: onCase, Do: do(s.listDocuments),
		},
		{
			Method: http.MethodGet, Path: "/documents/:id/pdf", For: Phone, Act: model.ActDocumentRead, Summary: "下载带电子签名的文书 PDF",
			Produces: "application/pdf", Do: do(s.documentPDF), Reasons: printing([]Reason{
				{model.NotFound, "document.not_found"},
				{model.Unavailable, "files.unavailable"},
			}),
		},
	}
}

type documentQuery struct {
	ID int64 `path:"id" json:"-"`
	pageQuery
}

type documentView struct {
	ID              int64     `json:"id" required:"true"`
	Kind            string    `json:"kind" required:"true" enum:"performance_notice,reminder,creditor_sheet,binding_slip,liaison_slip,relative_slip,contact_record,service_proof,penalty_statement,conversation_record,deposit_wish,enforcement_notice,enforcement_warning,listing_decision,consumption_order,tracing_decision,exit_ban_decision,detention_decision,fine_decision,family_notice,lift_decision,prolong_decision,spending_permit"`
	Title           string    `json:"title" required:"true"`
	Number          string    `json:"number" required:"true"`
	PartyID         int64     `json:"party_id" required:"true" description:"0 为存卷文书"`
	NoticeID        int64     `json:"notice_id" required:"true" description:"所属的通知，0 为无"`
	TemplateVersion int       `json:"template_version" required:"true"`
	At              time.Time `json:"at" required:"true"`
}

type documentList struct {
	Documents []documentView `json:"documents" required:"true"`
	Next      string         `json:"next" required:"true"`
}

func viewDocument(d model.Document) documentView {
	return documentView{
		ID: d.ID, Kind: string(d.Kind), Title: d.Kind.Chinese(), Number: d.Number, PartyID: d.PartyID, NoticeID: d.NoticeID,
		TemplateVersion: d.TemplateVersion, At: d.CreatedAt,
	}
}

func (s *API) listDocuments(ctx context.Context, by model.Actor, in documentQuery) (documentList, error) {
	list, err := s.svc.Paper.Documents(ctx, by, in.ID, in.After.ID, in.more())
	return documentList{
		Documents: each(cut(in.pageQuery, list), viewDocument), Next: next(in.pageQuery, list, func(d model.Document) int64 { return d.ID }),
	}, err
}

func (s *API) documentPDF(ctx context.Context, by model.Actor, in idPath) (content, error) {
	b, d, err := s.svc.Paper.PDF(ctx, by, in.ID)
	if err != nil {
		return content{}, err
	}
	return content{mediaType: "application/pdf", body: b, name: fmt.Sprintf("%s-%d.pdf", d.Kind, d.ID), shown: true}, nil
}
