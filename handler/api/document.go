package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"microcourt/model"
	"microcourt/service/paper"
)

// printing adds what a route that signs a paper answers with while the signing
// certificate is not valid: nothing is signed then, and the paper waits.
func printing(reasons []Reason) []Reason {
	return append(slices.Clone(reasons), Reason{model.Unavailable, "signing.certificate"})
}

// paperRoutes are about the court's numbered papers and their templates.
func (s *API) paperRoutes() []Route {
	onCase := []Reason{{model.NotFound, "case.not_found"}}
	kind := []Reason{{model.Invalid, "document.kind"}}
	version := append([]Reason{{model.NotFound, "template.not_found"}}, kind...)
	body := append([]Reason{
		{model.Invalid, "template.size"},
		{model.Invalid, "template.syntax"},
		{model.Invalid, "template.not_allowed"},
		{model.Invalid, "template.variable"},
		{model.Invalid, "template.required"},
		{model.Invalid, "template.table"},
		{model.Invalid, "template.repeated"},
		{model.Invalid, "template.characters"},
	}, kind...)
	return []Route{
		{
			Method: http.MethodGet, Path: "/cases/:id/documents", For: Phone, Act: model.ActDocumentRead, Summary: "本案文书（新的在前）；当事人只看到发给自己的",
			Reasons: onCase, Do: do(s.listDocuments),
		},
		{
			Method: http.MethodPost, Path: "/cases/:id/documents", Act: model.ActDocumentMake, Summary: "制作催告书、权利人须知、联系记录或者送达凭证",
			Status: http.StatusCreated, Do: do(s.makeDocument), Reasons: slices.Concat(onCase, kind, []Reason{
				{model.Conflict, "document.nothing_open"},
				{model.NotFound, "party.not_found"},
				{model.NotFound, "contact.not_found"},
				{model.NotFound, "notice.not_found"},
			}),
		},
		{
			Method: http.MethodGet, Path: "/documents/:id/pdf", For: Phone, Act: model.ActDocumentRead, Summary: "下载带电子签名的文书 PDF",
			Produces: "application/pdf", Do: do(s.documentPDF), Reasons: printing([]Reason{
				{model.NotFound, "document.not_found"},
				{model.Unavailable, "files.unavailable"},
			}),
		},
		{
			Method: http.MethodGet, Path: "/templates/:kind", Act: model.ActTemplateRead, Summary: "某种文书的模板：各版本和可用的变量",
			Reasons: kind, Do: do(s.listTemplates),
		},
		{
			Method: http.MethodGet, Path: "/templates/:kind/versions/:version", Act: model.ActTemplateRead, Summary: "某一版本的模板（0 为系统自带）",
			Reasons: version, Do: do(s.readTemplate),
		},
		{
			Method: http.MethodPost, Path: "/templates/:kind", Act: model.ActTemplateWrite, Summary: "保存模板的新版本（已制作的文书仍用原版本）",
			Status: http.StatusCreated, Do: do(s.saveTemplate),
			Reasons: body,
		},
		{
			Method: http.MethodPost, Path: "/templates/:kind/preview", Act: model.ActTemplateRead, Summary: "用示例数据预览模板（无需保存）",
			Produces: "application/pdf", Reasons: body, Do: do(s.previewTemplate),
		},
	}
}

type documentQuery struct {
	ID int64 `path:"id" json:"-"`
	pageQuery
}

type documentView struct {
	ID              int64     `json:"id" required:"true"`
	Kind            string    `json:"kind" required:"true" enum:"performance_notice,reminder,creditor_sheet,binding_slip,liaison_slip,relative_slip,contact_record,service_proof,penalty_statement,conversation_record,enforcement_notice,enforcement_warning,listing_decision,consumption_order,tracing_decision,exit_ban_decision,detention_decision,fine_decision,family_notice,lift_decision,prolong_decision,spending_permit"`
	Title           string    `json:"title" required:"true"`
	Number          string    `json:"number" required:"true"`
	PartyID         int64     `json:"party_id" required:"true" description:"0 为存卷文书"`
	NoticeID        int64     `json:"notice_id" required:"true" description:"所属的通知，0 为无"`
	TemplateVersion int       `json:"template_version" required:"true"`
	At              time.Time `json:"at" required:"true"`
}

type documentList struct {
	Documents []documentView `json:"documents" required:"true"`
	Next      int64          `json:"next" required:"true"`
}

func viewDocument(d model.Document) documentView {
	return documentView{
		ID: d.ID, Kind: string(d.Kind), Title: d.Kind.Chinese(), Number: d.Number, PartyID: d.PartyID, NoticeID: d.NoticeID,
		TemplateVersion: d.TemplateVersion, At: d.CreatedAt,
	}
}

func (s *API) listDocuments(ctx context.Context, by model.Actor, in documentQuery) (documentList, error) {
	list, err := s.svc.Paper.Documents(ctx, by, in.ID, in.After, in.Limit)
	return documentList{
		Documents: each(list, viewDocument), Next: next(list, in.Limit, func(d model.Document) int64 { return d.ID }),
	}, err
}

type newDocument struct {
	ID int64 `path:"id" json:"-"`
	withKey
	Kind         string `json:"kind" required:"true" enum:"reminder,creditor_sheet,contact_record,service_proof"`
	PartyID      int64  `json:"party_id,omitempty" description:"催告书、权利人须知的受送达人"`
	InstrumentID int64  `json:"instrument_id,omitempty" description:"权利人须知所依据的法律文书"`
	ContactID    int64  `json:"contact_id,omitempty" description:"联系记录"`
	NoticeID     int64  `json:"notice_id,omitempty" description:"要证明送达的通知"`
}

func (s *API) makeDocument(ctx context.Context, by model.Actor, in newDocument) (documentView, error) {
	d, err := s.svc.Paper.MakeByHand(ctx, by, paper.Request{
		Kind: model.DocumentKind(in.Kind), CaseID: in.ID, PartyID: in.PartyID, InstrumentID: in.InstrumentID, ContactID: in.ContactID,
		NoticeID: in.NoticeID, Key: in.Key,
	})
	if err != nil {
		return documentView{}, err
	}
	return viewDocument(*d), nil
}

func (s *API) documentPDF(ctx context.Context, by model.Actor, in idPath) (content, error) {
	b, d, err := s.svc.Paper.PDF(ctx, by, in.ID)
	if err != nil {
		return content{}, err
	}
	return content{mediaType: "application/pdf", body: b, name: fmt.Sprintf("%s-%d.pdf", d.Kind, d.ID), shown: true}, nil
}

type templatePath struct {
	Kind string `path:"kind" json:"-"`
}

type versionPath struct {
	Kind    string `path:"kind" json:"-"`
	Version int    `path:"version" json:"-" minimum:"0"`
}

type templateView struct {
	Kind    string     `json:"kind" required:"true" enum:"performance_notice,reminder,creditor_sheet,binding_slip,liaison_slip,relative_slip,contact_record,service_proof,penalty_statement,conversation_record,enforcement_notice,enforcement_warning,listing_decision,consumption_order,tracing_decision,exit_ban_decision,detention_decision,fine_decision,family_notice,lift_decision,prolong_decision,spending_permit"`
	Version int        `json:"version" required:"true" description:"0 为系统自带"`
	Body    string     `json:"body,omitempty"`
	At      *time.Time `json:"at,omitempty"`
}

type templateList struct {
	Title     string         `json:"title" required:"true"`
	Variables []string       `json:"variables" required:"true" description:"可以使用的变量，清单中的变量写作“清单.变量”"`
	Required  []string       `json:"required" required:"true" description:"必须出现的变量"`
	Versions  []templateView `json:"versions" required:"true" description:"新的在前"`
}

func viewTemplate(t model.DocumentTemplate) templateView {
	v := templateView{Kind: string(t.Kind), Version: t.Version, Body: t.Body}
	if t.Version > 0 {
		v.At = &t.CreatedAt
	}
	return v
}

func (s *API) listTemplates(ctx context.Context, by model.Actor, in templatePath) (templateList, error) {
	kind := model.DocumentKind(in.Kind)
	list, err := s.svc.Paper.Templates(ctx, by, kind)
	if err != nil {
		return templateList{}, err
	}
	return templateList{Title: kind.Chinese(), Variables: kind.VariableNames(), Required: kind.RequiredVariables(), Versions: each(list, viewTemplate)}, nil
}

func (s *API) readTemplate(ctx context.Context, by model.Actor, in versionPath) (templateView, error) {
	t, err := s.svc.Paper.Template(ctx, by, model.DocumentKind(in.Kind), in.Version)
	if err != nil {
		return templateView{}, err
	}
	return viewTemplate(*t), nil
}

type newTemplate struct {
	Kind string `path:"kind" json:"-"`
	Body string `json:"body" required:"true"`
	withKey
}

func (s *API) saveTemplate(ctx context.Context, by model.Actor, in newTemplate) (templateView, error) {
	t, err := s.svc.Paper.SaveTemplate(ctx, by, model.DocumentKind(in.Kind), in.Body, in.Key)
	if err != nil {
		return templateView{}, err
	}
	return viewTemplate(*t), nil
}

type previewRequest struct {
	Kind string `path:"kind" json:"-"`
	Body string `json:"body" required:"true"`
}

func (s *API) previewTemplate(ctx context.Context, by model.Actor, in previewRequest) (content, error) {
	b, err := s.svc.Paper.Preview(ctx, by, model.DocumentKind(in.Kind), in.Body)
	return content{mediaType: "application/pdf", body: b, name: "preview.pdf", shown: true}, err
}
