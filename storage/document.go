package storage

import (
	"context"

	"microcourt/model"
)

// TemplateVersions lists a court's versions of a kind's template without their
// bodies, the newest first.
func (db *DB) TemplateVersions(ctx context.Context, courtID int64, kind model.DocumentKind) ([]model.DocumentTemplate, error) {
	var out []model.DocumentTemplate
	err := db.q(ctx).Omit("body").Where("court_id = ? AND kind = ?", courtID, kind).Order("version DESC").Find(&out).Error
	return out, translate(err, "template")
}

// Template is a version of a court's template.
func (db *DB) Template(ctx context.Context, courtID int64, kind model.DocumentKind, version int) (*model.DocumentTemplate, error) {
	var t model.DocumentTemplate
	err := db.q(ctx).Take(&t, "court_id = ? AND kind = ? AND version = ?", courtID, kind, version).Error
	return &t, translate(err, "template")
}

// TemplateByKey is what a user saved under a key; nil when he saved nothing.
func (db *DB) TemplateByKey(ctx context.Context, userID int64, key string) (*model.DocumentTemplate, error) {
	var list []model.DocumentTemplate
	err := db.q(ctx).Where("created_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&list).Error
	if err != nil || len(list) == 0 {
		return nil, translate(err, "template")
	}
	return &list[0], nil
}

// newestTemplates are the newest versions of a court's templates by kind.
func (db *DB) newestTemplates(ctx context.Context, courtID int64) (map[model.DocumentKind]int, error) {
	var rows []struct {
		Kind    model.DocumentKind
		Version int
	}
	err := db.q(ctx).Model(&model.DocumentTemplate{}).Select("kind, MAX(version) AS version").Where("court_id = ?", courtID).Group("kind").Scan(&rows).Error
	out := map[model.DocumentKind]int{}
	for _, r := range rows {
		out[r.Kind] = r.Version
	}
	return out, translate(err, "template")
}

// CreateTemplate adds the next version of a court's template. Two at once make
// two versions, or the second gets a Conflict.
func (db *DB) CreateTemplate(ctx context.Context, t *model.DocumentTemplate) error {
	newest, err := db.newestTemplates(ctx, t.CourtID)
	if err != nil {
		return err
	}
	t.Version = newest[t.Kind] + 1
	return translate(db.q(ctx).Create(t).Error, "template")
}

// CreateDocuments adds papers of one court with its newest templates, in
// batches.
func (db *DB) CreateDocuments(ctx context.Context, list []model.Document) error {
	if len(list) == 0 {
		return nil
	}
	newest, err := db.newestTemplates(ctx, list[0].CourtID)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].TemplateVersion, list[i].CreatedAt = newest[list[i].Kind], db.Now()
	}
	return translate(db.q(ctx).CreateInBatches(list, insertBatch).Error, "document")
}

// KnownDocument loads the paper that is there under the key of d, and tells whether
// there is one.
func (db *DB) KnownDocument(ctx context.Context, d *model.Document) (known bool, err error) {
	var old []model.Document
	if err := db.q(ctx).Where("dedupe_key = ?", d.DedupeKey).Limit(1).Find(&old).Error; err != nil {
		return false, translate(err, "document")
	}
	if len(old) > 0 {
		*d = old[0]
	}
	return len(old) > 0, nil
}

// CreateDocument adds a paper once by its key: a repeat gives the one that is
// there. number is asked for only when it is new.
func (db *DB) CreateDocument(ctx context.Context, d *model.Document, number func() (string, error)) (created bool, err error) {
	if known, err := db.KnownDocument(ctx, d); err != nil || known {
		return false, err
	}
	if d.Number == "" {
		if d.Number, err = number(); err != nil {
			return false, err
		}
	}
	d.Facts.Number = d.Number
	list := []model.Document{*d}
	if err := db.CreateDocuments(ctx, list); err != nil {
		return false, err
	}
	*d = list[0]
	return true, nil
}

// ServedOn is the day on which a paper with a key was served on a party through
// the program by the rules of electronic service, zero when the record does not
// show it.
func (db *DB) ServedOn(ctx context.Context, caseID, partyID int64, key string) (model.Date, error) {
	var docs []model.Document
	err := db.q(ctx).Select("id", "notice_id", "created_at").Where("case_id = ? AND dedupe_key = ?", caseID, key).Limit(1).Find(&docs).Error
	if err != nil || len(docs) == 0 || docs[0].NoticeID == 0 {
		return model.Date{}, translate(err, "document")
	}
	bindings, err := db.CaseBindings(ctx, caseID)
	if err != nil {
		return model.Date{}, err
	}
	consents, err := db.Consents(ctx, caseID)
	if err != nil {
		return model.Date{}, err
	}
	reads, err := db.AllReads(ctx, []int64{docs[0].NoticeID})
	if err != nil {
		return model.Date{}, err
	}
	traces := model.TracesOf(docs[0].NoticeID, partyID, docs[0].CreatedAt, bindings, reads)
	at, rule := model.ServiceOfProcess(partyID, consents, traces)
	if rule == model.NotServed {
		return model.Date{}, nil
	}
	return model.DateOf(at), nil
}

// visibleDocument refuses a paper that the actor may not see:
// a party sees those to the parties for whom he acts, staff those of their cases.
func (db *DB) visibleDocument(ctx context.Context, by model.Actor, d *model.Document) error {
	if by.IsSystem() { // the program prints it for the file of its case
		return nil
	}
	if _, err := db.Case(ctx, by, d.CaseID); err != nil {
		return model.E(model.NotFound, "document.not_found", "没有找到，或您无权查看").WithCause(err)
	}
	if !by.IsParty() {
		return nil
	}
	var n int64
	err := db.q(ctx).Model(&model.Binding{}).Where("user_id = ? AND party_id = ? AND party_id <> 0 AND ended_at IS NULL", by.UserID, d.PartyID).Count(&n).Error
	if err == nil && (n == 0 || !d.Kind.ForParties()) {
		return model.E(model.NotFound, "document.not_found", "没有找到，或您无权查看")
	}
	return translate(err, "document")
}

// Document is a paper that the actor may see.
func (db *DB) Document(ctx context.Context, by model.Actor, id int64) (*model.Document, error) {
	var d model.Document
	if err := db.q(ctx).Take(&d, "id = ?", id).Error; err != nil {
		return nil, translate(err, "document")
	}
	return &d, db.visibleDocument(ctx, by, &d)
}

// Documents lists a case's papers that the actor may see, the newest first. The
// case's own visibility is the caller's matter.
func (db *DB) Documents(ctx context.Context, by model.Actor, caseID, before int64, limit int) ([]model.Document, error) {
	q := db.q(ctx).Omit("facts").Where("case_id = ?", caseID)
	if by.IsParty() {
		q = q.Where("kind IN ? AND party_id <> 0 AND party_id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL)", model.PartyDocuments(), by.UserID)
	}
	if before > 0 {
		q = q.Where("id < ?", before)
	}
	var out []model.Document
	err := q.Order("id DESC").Limit(limit).Find(&out).Error
	return out, translate(err, "document")
}

// DocumentsOfNotices are the papers that belong to notices of cases, by notice.
func (db *DB) DocumentsOfNotices(ctx context.Context, cases, notices []int64) (map[int64]int64, error) {
	var list []model.Document
	err := db.q(ctx).Select("id", "notice_id").Where("case_id IN ? AND notice_id IN ?", cases, notices).Order("id").Find(&list).Error
	out := map[int64]int64{}
	for _, d := range list {
		out[d.NoticeID] = d.ID
	}
	return out, translate(err, "document")
}

// PapersOfNotices are the papers of notices that the actor may open, by notice.
func (db *DB) PapersOfNotices(ctx context.Context, by model.Actor, cases, notices []int64) (map[int64]int64, error) {
	q := db.q(ctx).Select("id", "notice_id").Where("case_id IN ? AND notice_id IN ?", cases, notices)
	if by.IsParty() {
		q = q.Where("kind IN ? AND party_id <> 0 AND party_id IN (SELECT party_id FROM bindings WHERE user_id = ? AND ended_at IS NULL)", model.PartyDocuments(), by.UserID)
	} else {
		q = q.Where("case_id IN (?)", db.visible(ctx, by).Model(&model.Case{}).Select("cases.id"))
	}
	var list []model.Document
	err := q.Order("id").Find(&list).Error
	out := map[int64]int64{}
	for _, d := range list {
		out[d.NoticeID] = d.ID
	}
	return out, translate(err, "document")
}

// SetDocumentContent records what is going to be signed, as long as no signed
// paper is there.
func (db *DB) SetDocumentContent(ctx context.Context, id int64, sum string) error {
	return translate(db.q(ctx).Model(&model.Document{}).Where("id = ? AND pdf_key = ''", id).Update("content_sha256", sum).Error, "document")
}

// SetDocumentPDF records the printed paper, once, and tells whether this one is
// it.
func (db *DB) SetDocumentPDF(ctx context.Context, id int64, key, sum string) (bool, error) {
	res := db.q(ctx).Model(&model.Document{}).Where("id = ? AND pdf_key = ''", id).Updates(map[string]any{"pdf_key": key, "pdf_sha256": sum})
	return res.RowsAffected == 1, translate(res.Error, "document")
}

// SetDocumentNotice ties a paper to the notice that serves it.
func (db *DB) SetDocumentNotice(ctx context.Context, id, noticeID int64) error {
	return translate(db.q(ctx).Model(&model.Document{}).Where("id = ? AND notice_id = 0", id).Update("notice_id", noticeID).Error, "document")
}

// CaseStatements lists the statements of a case, the newest first, with what
// they say.
func (db *DB) CaseStatements(ctx context.Context, caseID int64) ([]model.Document, error) {
	var out []model.Document
	err := db.q(ctx).Where("case_id = ? AND kind = ?", caseID, model.DocumentPenaltyStatement).Order("id DESC").Limit(100).Find(&out).Error
	return out, translate(err, "document")
}

// RecordServiceOfProcess addresses a paper that nobody had, with the notice that serves
// it.
func (db *DB) RecordServiceOfProcess(ctx context.Context, id, partyID, noticeID int64) error {
	return translate(db.q(ctx).Model(&model.Document{}).Where("id = ? AND notice_id = 0", id).
		Updates(map[string]any{"party_id": partyID, "notice_id": noticeID}).Error, "document")
}

// AddPrint records what is going to be signed of a paper that is printed once.
func (db *DB) AddPrint(ctx context.Context, p *model.PaperPrint) error {
	return translate(db.q(ctx).Create(p).Error, "document")
}

// SetPrinted records the file that is about to leave, once.
func (db *DB) SetPrinted(ctx context.Context, id int64, sum string) error {
	return changed(db.q(ctx).Model(&model.PaperPrint{}).Where("id = ? AND pdf_sha256 = ''", id).Update("pdf_sha256", sum), "document")
}

// Prints lists the prints of a case's papers with one-time codes, the newest
// first, without what they say.
func (db *DB) Prints(ctx context.Context, caseID int64) ([]model.PaperPrint, error) {
	var out []model.PaperPrint
	err := db.q(ctx).Omit("facts").Where("case_id = ?", caseID).Order("id DESC").Limit(100).Find(&out).Error
	return out, translate(err, "document")
}
