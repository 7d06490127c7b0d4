package performance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/service/evidence"
	"microcourt/storage"
)

// Claim is a receipt as the payer submits it.
type Claim struct {
	CaseID       int64
	PartyID      int64 // 0: the only obligor for whom the user acts
	AmountFen    model.Fen
	PaidOn       model.Date
	PayerKind    model.PayerKind
	PayerName    string
	PayeeName    string
	PayeeAccount string
	BankSerial   string
	ProofKind    model.ProofKind
	Remark       string
	Files        []int64
	Targets      []int64 // instalments that the payer says he paid
	ReplacesID   int64
	// RelativeID is the actor's own link to the debtor for whom he paid as a
	// relative (代为履行); case, debtor and payer are then known from it.
	RelativeID int64
	IdemKey    string
	relative   *model.Relative
	// SetOff and Lodged are what performs where no money reached the creditor: see
	// DeclareSetOff and Lodge. An instrument or a paper proves a set-off, so that
	// files may be missing.
	SetOff *model.SetOff
	Lodged *model.Lodgement
	// Foreign is what was paid of a debt in another currency, nil for yuan; its
	// amount in fen is then computed.
	Foreign *model.ForeignPayment
}

// DeclareSetOff takes what a debtor declares who sets a claim of his own off
// against what he owes to that creditor: the creditor is asked, the judge or, in
// enforcement, the officer decides. Errors: as Submit, and Invalid set_off.* for
// what the law does not let be set off.
// Source: 民法典 568; 异议复议规定 19.
func (s *Service) DeclareSetOff(ctx context.Context, by model.Actor, cl Claim) (*model.Receipt, error) {
	if cl.SetOff == nil {
		return nil, model.InvalidField("basis", "set_off.basis", "请填写抵销的依据")
	}
	cl.ProofKind, cl.PaidOn, cl.PayerKind = model.ProofSetOff, cl.SetOff.NoticeOn, model.PayerSelf
	return s.Submit(ctx, by, cl)
}

// Lodge takes what a debtor shows of money that he lodged for a creditor whom he
// could not pay. Errors: as Submit, and Invalid lodgement.*.
// Source: 民法典 570–574.
func (s *Service) Lodge(ctx context.Context, by model.Actor, cl Claim) (*model.Receipt, error) {
	if cl.Lodged == nil {
		return nil, model.InvalidField("ground", "lodgement.ground", "请填写提存的情况")
	}
	cl.ProofKind, cl.PaidOn, cl.PayerKind = model.ProofLodged, cl.Lodged.LodgedOn, model.PayerSelf
	return s.Submit(ctx, by, cl)
}

// otherwise checks what is declared besides a payment.
func (cl *Claim) otherwise(today model.Date) error {
	switch {
	case cl.SetOff == nil && cl.Lodged == nil:
		return nil
	case cl.RelativeID != 0:
		return model.InvalidField("proof_kind", "proof.unknown", "抵销和提存由义务人本人一方提出")
	case cl.SetOff != nil:
		return cl.SetOff.Check(cl.AmountFen, today)
	}
	return cl.Lodged.Check(today)
}

// creditor is whose debt a claim pays whatever else is owed, 0 for money.
func (cl Claim) creditor() int64 {
	return model.Receipt{SetOff: cl.SetOff, Lodged: cl.Lodged}.CreditorID()
}

// check says all that is wrong with a claim at once, in the order of its form.
func (cl *Claim) check(today model.Date) error {
	var wrong model.Faults
	wrong.Add(cl.otherwise(today))
	wrong.If(!cl.ProofKind.Valid() || (cl.ProofKind == model.ProofSetOff) != (cl.SetOff != nil) || (cl.ProofKind == model.ProofLodged) != (cl.Lodged != nil),
		"proof_kind", "proof.unknown", "请选择凭证种类")
	wrong.Add(cl.checkAmount())
	switch {
	case cl.PaidOn.IsZero():
		wrong.Add(model.InvalidField("paid_on", "field.required", "请填写付款日期"))
	case cl.PaidOn.After(today):
		wrong.Add(model.InvalidField("paid_on", "date.future", "付款日期不能晚于今天"))
	default:
		wrong.Add(model.CheckDay("paid_on", cl.PaidOn, today))
	}
	long := func(s string, n int) bool { return utf8.RuneCountInString(s) > n }
	wrong.If(!cl.PayerKind.Valid(), "payer_kind", "payer.unknown", "请选择付款人是本人、亲属、单位还是其他人")
	wrong.If(cl.creditor() == 0 && strings.TrimSpace(cl.PayerName) == "" || long(cl.PayerName, 100), "payer_name", "field.required", "请填写付款人姓名或名称，不超过 100 字")
	wrong.If(long(cl.PayeeName, 100), "payee_name", "field.too_long", "收款人不能超过 100 字")
	wrong.If(long(cl.PayeeAccount, 40), "payee_account", "field.too_long", "收款账号不能超过 40 字")
	wrong.If(long(cl.BankSerial, 100), "bank_serial", "field.too_long", "流水号不能超过 100 字")
	wrong.If(long(cl.Remark, 500), "remark", "field.too_long", "备注不能超过 500 字")
	wrong.Add(cl.checkFiles())
	return wrong.Err()
}

func (cl *Claim) checkAmount() error {
	switch {
	case cl.ProofKind == model.ProofConduct && cl.AmountFen != 0:
		return model.InvalidField("amount_fen", "amount.not_money", "行为或交付义务的完成证明不填金额")
	case cl.Foreign != nil:
		if cl.AmountFen != 0 || cl.Foreign.Currency.Chinese() == "" || cl.creditor() != 0 || cl.ProofKind == model.ProofConduct {
			return model.InvalidField("currency", "currency.unknown", "请选择币种并填写外币金额，不填人民币金额；行为、抵销和提存不选币种")
		}
	case cl.ProofKind != model.ProofConduct:
		return model.CheckAmount("amount_fen", cl.AmountFen)
	}
	return nil
}

func (cl *Claim) checkFiles() error {
	switch {
	case len(cl.Files) == 0 && cl.SetOff == nil && cl.ProofKind != model.ProofNone:
		return model.InvalidField("file_ids", "file.missing", "请至少上传一张回执图片或一份 PDF")
	case len(cl.Files) > model.MaxReceiptFiles:
		return model.InvalidField("file_ids", "file.too_many", "一份回执最多 9 个文件")
	}
	for i, f := range cl.Files {
		if slices.Contains(cl.Files[:i], f) {
			return model.InvalidField("file_ids", "file.repeated", "同一个文件只能提交一次")
		}
	}
	return nil
}

// submitting is the act by which the actor submits receipts: a party by phone,
// a clerk at the window for somebody who has none.
func submitting(by model.Actor) model.Act {
	if by.AgencyID != 0 {
		return model.ActAgencyDesk
	}
	if by.IsParty() || !by.May(model.ActReceiptWindow) {
		return model.ActReceiptSubmit
	}
	return model.ActReceiptWindow
}

// Submit takes a receipt from an obligor's side. A repeat under the same key
// is the first receipt. The judge is told, the obligees are asked, and what
// looks like a second use is flagged, never silently accepted.
func (s *Service) Submit(ctx context.Context, by model.Actor, cl Claim) (*model.Receipt, error) {
	if err := by.Require(submitting(by)); err != nil {
		return nil, err
	}
	if err := s.db.CheckAsked(ctx, by); err != nil {
		return nil, err
	}
	if old, err := s.db.ReceiptByKey(ctx, by.UserID, cl.IdemKey); err != nil || old != nil {
		return old, err
	}
	if cl.RelativeID != 0 {
		if err := s.onBehalf(ctx, by, &cl); err != nil {
			return nil, err
		}
	} else if _, err := s.db.Case(ctx, by, cl.CaseID); err != nil {
		return nil, err
	}
	if err := cl.check(model.DateOf(s.db.Now())); err != nil {
		return nil, err
	}
	if err := s.decodeFiles(ctx, by, cl); err != nil {
		return nil, err
	}
	var r *model.Receipt
	err := s.db.Once(ctx, by, func(tx *storage.DB) (err error) {
		r, err = tx.ReceiptByKey(ctx, by.UserID, cl.IdemKey)
		if err == nil && r == nil {
			r, err = s.submit(ctx, tx, by, cl)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("submit receipt: %w", err)
	}
	return r, nil
}

// decodeFiles decodes every picture of a claim before its receipt exists; outside the
// transaction, because it takes its time and reads the object store.
func (s *Service) decodeFiles(ctx context.Context, by model.Actor, cl Claim) error {
	files, err := s.db.UserFiles(ctx, by.UserID, cl.CaseID, cl.Files)
	if err != nil {
		return err
	}
	for i := range files {
		if files[i].State != model.FileStored {
			continue // reported in the transaction
		}
		if err := s.ensureViews(ctx, &files[i]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) submit(ctx context.Context, tx *storage.DB, by model.Actor, cl Claim) (*model.Receipt, error) {
	cs, err := lockClaimed(ctx, tx, by, cl)
	if err != nil {
		return nil, err
	}
	d, err := loadDebt(ctx, tx, cs.ID)
	if err != nil {
		return nil, err
	}
	party, err := s.obligor(ctx, tx, by, cl, d)
	if err != nil {
		return nil, err
	}
	if cs.Kind == model.CaseCriminal && party.Role == model.Accused && len(d.obligations) == 0 {
		return nil, model.E(model.Conflict, "receipt.before_judgment", "判决以前没有应当履行的判项。自愿预交退赔款或者拟缴罚金的，请登记为暂存款")
	}
	open := d.openOf(party.ID)
	if err := d.reckons(ctx, tx, cs); err != nil {
		return nil, err
	}
	if cl.Foreign != nil {
		paid := *cl.Foreign
		cl.Foreign = &paid
		if err := d.booked(party.ID, &cl, model.DateOf(tx.Now())); err != nil {
			return nil, err
		}
	}
	if cl.creditor() != 0 {
		cl.PayerName, cl.PayeeName, cl.BankSerial = party.Name, d.in.Party(cl.creditor()).Name, ""
		if err := d.mayPerformOtherwise(party.ID, cl); err != nil {
			return nil, err
		}
	}
	if err := checkDebt(cl, d, party.ID); err != nil {
		return nil, err
	}
	files, err := s.claimedFiles(ctx, tx, by, cl)
	if err != nil {
		return nil, err
	}
	old, err := checkReplaced(ctx, tx, by, cl)
	if err != nil {
		return nil, err
	}
	r := newReceipt(by, cl, cs, party, open, tx.Now())
	if old != nil && old.GroupID != 0 && cl.creditor() == 0 { // it takes the place of one case's part of a payment
		r.GroupID = old.GroupID
		if err := checkPart(ctx, tx, r, r.ClaimedFen); err != nil {
			return nil, err
		}
	}
	return s.keep(ctx, tx, by, cl, r, files, d)
}

// newReceipt is a receipt as it is when it comes in.
func newReceipt(by model.Actor, cl Claim, cs *model.Case, party *model.Party, open []model.Installment, now time.Time) *model.Receipt {
	r := &model.Receipt{
		CourtID: cs.CourtID, CaseID: cs.ID, PartyID: party.ID, UserID: by.UserID, JudgeID: cs.JudgeID, IdemKey: cl.IdemKey,
		State: model.ReceiptSubmitted, ClaimedFen: cl.AmountFen, PaidOn: cl.PaidOn, PayerKind: cl.PayerKind,
		PayerName: model.Clean(cl.PayerName), PayerNorm: model.NormalizeName(cl.PayerName), PayeeName: model.Clean(cl.PayeeName), PayeeAccount: cl.PayeeAccount,
		BankSerial: strings.TrimSpace(cl.BankSerial), SerialNorm: model.NormalizeSerial(cl.BankSerial), ProofKind: cl.ProofKind,
		Remark: cl.Remark, ReplacesID: cl.ReplacesID, CaseNo: cs.CaseNo, CaseKind: cs.Kind, DueOn: model.NextDue(open),
		Version: 1, SubmittedAt: now, SetOff: cl.SetOff, Lodged: cl.Lodged, Foreign: cl.Foreign,
	}
	if cl.SetOff != nil { // by which a claim that was used before is found
		r.SerialNorm = model.NormalizeSerial(cl.SetOff.InstrumentNo)
	}
	if cl.relative != nil {
		r.RelativeID, r.PayerRelation = cl.RelativeID, cl.relative.Relation
	}
	return r
}

// keep writes a receipt with its flags and files, tells who has to know, and asks
// the obligees.
func (s *Service) keep(ctx context.Context, tx *storage.DB, by model.Actor, cl Claim, r *model.Receipt, files []model.File, d *debt) (*model.Receipt, error) {
	var err error
	if r.HandedBy, err = handedBy(ctx, tx, by, r); err != nil {
		return nil, err
	}
	if r.OfficerID, err = tx.OfficerOf(ctx, r.PartyID); err != nil {
		return nil, err
	}
	flags, err := s.flags(ctx, tx, r, files, d)
	if err != nil {
		return nil, err
	}
	r.Flagged = len(flags) > 0
	created, err := tx.CreateReceipt(ctx, r)
	if err != nil || !created {
		return r, err
	}
	for i := range flags {
		flags[i].ReceiptID = r.ID
	}
	if err := storage.Insert(ctx, tx, flags); err != nil {
		return nil, err
	}
	for i, id := range cl.Files {
		if err := tx.AttachFile(ctx, id, r.ID, i+1); err != nil {
			return nil, err
		}
	}
	if err := tx.SetTargets(ctx, r.ID, cl.Targets); err != nil {
		return nil, err
	}
	if err := s.tellSubmitted(ctx, tx, r, d, cl.Targets); err != nil {
		return nil, err
	}
	return r, tx.Audit(by, by.RoleFor(submitting(by)), model.AuditEvent{
		CourtID: r.CourtID, Action: model.AuditReceiptSubmit, CaseID: r.CaseID, Subject: model.ThingReceipt.Of(r.ID), After: r,
	})
}

// obligor finds the debtor for whom the user submits. Before a judgment nobody
// owes anything yet; then any party may show a payment.
//
// At the court's window a clerk says for whom he does it.
func (s *Service) obligor(ctx context.Context, tx *storage.DB, by model.Actor, cl Claim, d *debt) (*model.Party, error) {
	if !by.IsParty() || cl.RelativeID != 0 {
		p, err := tx.Party(ctx, cl.CaseID, cl.PartyID)
		if err != nil || len(d.obligations) > 0 && !d.owes(p.ID) {
			return nil, model.InvalidField("party_id", "party.not_obligor", "所选的当事人不是本案的义务人").WithCause(err)
		}
		return p, nil
	}
	own, err := tx.PartiesOf(ctx, cl.CaseID, by.UserID)
	if err != nil {
		return nil, err
	}
	own = slices.DeleteFunc(own, func(p model.Party) bool {
		return cl.PartyID != 0 && p.ID != cl.PartyID || len(d.obligations) > 0 && !d.owes(p.ID)
	})
	switch len(own) {
	case 0:
		return nil, model.InvalidField("party_id", "party.not_obligor", "您不是本案的义务人，不能提交汇款回执")
	case 1:
		return &own[0], nil
	}
	return nil, model.InvalidField("party_id", "party.ambiguous", "您代理多名义务人，请选择为谁提交")
}

func checkDebt(cl Claim, d *debt, partyID int64) error {
	for _, t := range cl.Targets {
		if !slices.ContainsFunc(d.of(partyID), func(i model.Installment) bool { return i.ID == t }) {
			return model.InvalidField("installment_ids", "installment.unknown", "所选的期次不存在，或不属于该义务人")
		}
	}
	if len(d.obligations) == 0 || cl.ProofKind == model.ProofConduct {
		return nil
	}
	owed := d.owed(partyID, d.payment(&model.Receipt{PaidOn: cl.PaidOn, SetOff: cl.SetOff, Lodged: cl.Lodged, Foreign: cl.Foreign}, 0, nil))
	switch {
	case owed.SumFen() == 0 && cl.Foreign == nil && d.otherCurrency(partyID) != nil:
		return d.otherCurrency(partyID)
	case cl.creditor() != 0 && owed.SumFen() == 0:
		return model.InvalidField("amount_fen", "amount.nothing_owed", "应向该权利人履行、可以用这种方式履行的金钱义务，没有尚未履行的部分")
	case cl.creditor() != 0 && cl.AmountFen > owed.SumFen():
		return model.InvalidField("amount_fen", "amount.over_debt", "金额超过应向该权利人履行、可以用这种方式履行的 "+owed.PrincipalFen.Yuan()+" 元"+withInterest(owed)+"，请核对")
	case owed.SumFen() == 0:
		return model.InvalidField("amount_fen", "amount.nothing_owed", "该义务人的金钱义务已全部履行，无需再提交回执")
	case cl.AmountFen > owed.SumFen():
		return model.InvalidField("amount_fen", "amount.over_debt", "金额超过尚未履行的 "+owed.PrincipalFen.Yuan()+" 元"+withInterest(owed)+
			"，请核对；如确实多付，请按尚未履行的金额提交并在备注中说明")
	}
	return nil
}

func (s *Service) claimedFiles(ctx context.Context, tx *storage.DB, by model.Actor, cl Claim) ([]model.File, error) {
	files, err := tx.UserFiles(ctx, by.UserID, cl.CaseID, cl.Files)
	if err != nil {
		return nil, err
	}
	if len(files) != len(cl.Files) {
		return nil, model.InvalidField("file_ids", "file.unknown", "有文件不存在，请重新上传")
	}
	for _, f := range files {
		switch {
		case f.State == model.FileAttached:
			return nil, model.InvalidField("file_ids", "file.attached", "有文件已用于其他回执，请重新上传")
		case f.State == model.FileDamaged:
			return nil, model.InvalidField("file_ids", "file.damaged", "文件“"+f.Name+"”已损坏，请重新拍照或重新保存后上传")
		case f.State != model.FileStored:
			return nil, model.InvalidField("file_ids", "file.unknown", "有文件尚未上传完成或已失效，请重新上传")
		}
	}
	return files, nil
}

// checkReplaced is the returned receipt whose place a claim takes, nil for none. It is
// replaced once: what takes its place is replaced in turn when it comes back as well.
func checkReplaced(ctx context.Context, tx *storage.DB, by model.Actor, cl Claim) (*model.Receipt, error) {
	if cl.ReplacesID == 0 {
		return nil, nil //nolint:nilnil // documented
	}
	read := tx.Receipt
	if cl.RelativeID != 0 {
		read = tx.RelativeReceipt
	}
	old, err := read(ctx, by, cl.ReplacesID)
	if err != nil && model.KindOf(err) != model.NotFound {
		return nil, err
	}
	if err != nil || old.CaseID != cl.CaseID || old.UserID != by.UserID || old.State != model.ReceiptReturned {
		return nil, model.InvalidField("replaces_id", "receipt.not_returned", "只能替换本人被退回的回执")
	}
	replaced, err := tx.Replaced(ctx, old.ID)
	if err != nil {
		return nil, err
	}
	if replaced {
		return nil, model.E(model.Conflict, "receipt.replaced", "这份被退回的回执已经重新提交过，请查看重新提交的那一份；另有付款的，请作为新的回执提交")
	}
	return old, nil
}

// flags finds what the judge should look at twice.
func (s *Service) flags(ctx context.Context, tx *storage.DB, r *model.Receipt, files []model.File, d *debt) ([]model.ReceiptFlag, error) {
	var out []model.ReceiptFlag
	seen := map[string]bool{}
	parts, err := partsBeside(ctx, tx, r)
	if err != nil {
		return nil, err
	}
	add := func(kind model.FlagKind, other int64, caseNo string) {
		k := fmt.Sprint(kind, other)
		if seen[k] || parts[other] {
			return
		}
		seen[k] = true
		out = append(out, model.ReceiptFlag{CourtID: r.CourtID, Kind: kind, OtherReceiptID: other, OtherCaseNo: caseNo})
	}
	others := map[model.FlagKind][]int64{}
	var hashes []string
	for _, f := range files {
		hashes = append(hashes, f.SHA256)
	}
	same, err := tx.SameBytes(ctx, r.CourtID, hashes, 0)
	if err != nil {
		return nil, err
	}
	for _, f := range same {
		others[model.FlagSameBytes] = append(others[model.FlagSameBytes], f.ReceiptID)
	}
	for _, f := range files {
		print := evidence.ParseFingerprint(f.Fingerprint)
		if len(print.Detail) == 0 {
			continue
		}
		candidates, err := tx.SimilarCandidates(ctx, r.CourtID, print.Bands(), 0)
		if err != nil {
			return nil, err
		}
		for _, c := range candidates {
			if c.SHA256 != f.SHA256 && evidence.Similar(print, evidence.ParseFingerprint(c.Fingerprint)) {
				others[model.FlagSimilarPicture] = append(others[model.FlagSimilarPicture], c.ReceiptID)
			}
		}
	}
	var ids []int64
	for _, list := range others {
		ids = append(ids, list...)
	}
	numbers := map[int64]string{}
	if len(ids) > 0 {
		if numbers, err = tx.ReceiptNumbers(ctx, ids); err != nil {
			return nil, err
		}
	}
	for _, kind := range []model.FlagKind{model.FlagSameBytes, model.FlagSimilarPicture} {
		for _, id := range others[kind] {
			add(kind, id, numbers[id])
		}
	}
	serials, err := tx.SameSerial(ctx, r.CourtID, r.SerialNorm, 0)
	if err != nil {
		return nil, err
	}
	for _, o := range serials {
		switch {
		case r.SetOff == nil && o.SetOff == nil:
			add(model.FlagSameSerial, o.ID, o.CaseNo)
		case r.SetOff != nil && o.SetOff != nil:
			add(model.FlagSameClaim, o.ID, o.CaseNo)
		}
	}
	if err := flagClaims(ctx, tx, r, d, add); err != nil {
		return nil, err
	}
	if on := d.effectiveOn(r.PartyID); !on.IsZero() && r.PaidOn.Before(on) {
		add(model.FlagBeforeEffective, 0, "")
	}
	if r.PayerKind != model.PayerSelf {
		add(model.FlagPaidByOther, 0, "")
	}
	if r.PayeeName != "" && r.ProofKind != model.ProofCourtAccount && len(d.obligations) > 0 && !d.owedTo(r.PartyID, r.PayeeName) {
		add(model.FlagPayeeMismatch, 0, "")
	}
	return out, nil
}

// tellSubmitted tells payer and judge, and asks the obligees concerned.
func (s *Service) tellSubmitted(ctx context.Context, tx *storage.DB, r *model.Receipt, d *debt, targets []int64) error {
	court, err := tx.Court(ctx, r.CourtID)
	if err != nil {
		return err
	}
	if r.GroupID == 0 || r.ReplacesID != 0 { // of a payment for several cases its payer is told once
		if err := tx.AddNotice(ctx, model.ReceiptReceivedNotice(*court, *r)); err != nil {
			return err
		}
		if err := tellRelative(ctx, tx, r); err != nil {
			return err
		}
	}
	if err := tx.AddNotice(ctx, model.ReceiptSubmittedNotice(*court, *r)); err != nil {
		return err
	}
	due := model.DateOf(tx.Now()).AddDays(court.Settings.ObligeeAnswerDays)
	lines := d.asked(r, targets, due)
	if err := storage.Insert(ctx, tx, lines); err != nil {
		return err
	}
	if err := tx.NoteAnswer(ctx, r.ID); err != nil {
		return err
	}
	for _, l := range lines {
		if err := tx.AddNotice(ctx, model.ObligeeAskedNotice(*court, r.SeenBy(l.PartyID, l.OwnFen), l.PartyID, due)); err != nil {
			return err
		}
	}
	return nil
}
