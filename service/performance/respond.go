package performance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"microcourt/model"
	"microcourt/storage"
)

func (s *Service) lockVisible(ctx context.Context, tx *storage.DB, by model.Actor, receiptID int64) (*model.Receipt, error) {
	r, err := tx.Receipt(ctx, by, receiptID)
	if err != nil {
		return nil, err
	}
	if _, err := tx.LockCase(ctx, by, r.CaseID); err != nil {
		return nil, err
	}
	return tx.LockReceipt(ctx, receiptID)
}

// Responded is an obligee's line of a receipt after his answer, and his name.
type Responded struct {
	Response model.ObligeeResponse
	Name     string
	Kind     model.ProofKind // of the receipt
}

// Respond is Answer for who acknowledges or disputes.
func (s *Service) Respond(ctx context.Context, by model.Actor, receiptID int64, state model.ResponseState, reason string) (*Responded, error) {
	return s.Answer(ctx, by, receiptID, model.ReceiptAnswer{State: state, Reason: reason})
}

// Answer records an obligee's answer to his line of a receipt: acknowledged, disputed,
// or that he got another amount, with a picture that he uploaded to the case. He may
// change it; silence neither blocks nor approves. A confirmation does not cut him off:
// what he objects to afterwards is the judge's task. Who acts for several who were asked
// says for whom he answers: each got, or did not get, his own. Errors: NotFound
// receipt.not_found, Conflict receipt.decided for one that was returned or withdrawn,
// Invalid party.ambiguous without the party, party.not_asked for another.
func (s *Service) Answer(ctx context.Context, by model.Actor, receiptID int64, a model.ReceiptAnswer) (*Responded, error) {
	if err := by.Require(model.ActReceiptAnswer); err != nil {
		return nil, err
	}
	a.Reason = strings.TrimSpace(a.Reason)
	if utf8.RuneCountInString(a.Reason) > 500 {
		return nil, model.InvalidField("reason", "field.too_long", "理由不能超过 500 字")
	}
	var out Responded
	err := s.db.Transact(ctx, func(tx *storage.DB) error {
		r, err := s.lockVisible(ctx, tx, by, receiptID)
		if err != nil {
			return err
		}
		line, party, err := s.ownLine(ctx, tx, by, r, a.PartyID)
		if err != nil {
			return err
		}
		if line.State == a.State && line.Reason == a.Reason && (a.State != model.ResponseDiffers || *line.SaidFen == a.SaidFen && line.FileID == a.FileID) {
			out = Responded{*line, party.Name, r.ProofKind}
			return nil
		}
		if r.State == model.ReceiptReturned || r.State == model.ReceiptWithdrawn {
			return model.E(model.Conflict, "receipt.decided", "该回执"+r.State.Chinese()+"，无需再答复")
		}
		if r.SetOff != nil && a.State == model.ResponseAcknowledged {
			if err := disposes(ctx, tx, by, r.CaseID, party.ID); err != nil {
				return err
			}
		}
		if r.CreditorID() != 0 && a.State == model.ResponseDiffers {
			return model.InvalidField("amount_fen", "amount.not_money", "抵销和提存没有付给您款项，请确认或者提出异议")
		}
		before := *line
		if err := line.Answers(a, by.UserID, tx.Now()); err != nil {
			return err
		}
		if a.FileID != 0 {
			if err := tx.KeepFile(ctx, a.FileID, r.CaseID, by.UserID); err != nil {
				return model.InvalidField("file_id", "file.unknown", "图片不存在、尚未上传完成或者已经用于其他事项，请重新上传").WithCause(err)
			}
		}
		if err := tx.UpdateResponse(ctx, line); err != nil {
			return err
		}
		if err := s.objected(ctx, tx, r, *line, party.Name); err != nil {
			return err
		}
		out = Responded{*line, party.Name, r.ProofKind}
		return tx.Audit(by, model.RoleParty, model.AuditEvent{
			CourtID: r.CourtID, Action: a.State.Action(), CaseID: r.CaseID, Subject: model.ThingReceipt.Of(r.ID), Before: before, After: line,
		})
	})
	if err != nil {
		return nil, fmt.Errorf("respond to receipt %d: %w", receiptID, err)
	}
	return &out, nil
}

// objected tells the judge of an objection; one that comes after his confirmation is
// a task of whoever is responsible now, also while the confirmation can be taken back:
// he did not know it when he decided. Who then finds that the money
// came ends his own task, and no other creditor's.
func (s *Service) objected(ctx context.Context, tx *storage.DB, r *model.Receipt, line model.ObligeeResponse, name string) error {
	if line.State.Objects() {
		if err := tx.AddNotice(ctx, model.AnsweredNotice(*r, line, name)); err != nil {
			return err
		}
	}
	if r.State == model.ReceiptSubmitted {
		if r.PendingDecisionID == 0 {
			return nil
		}
		d, err := tx.DeskAct(ctx, r.PendingDecisionID)
		if err != nil || d.Kind != model.DecideConfirm {
			return err
		}
	}
	if !line.State.Objects() {
		return tx.EndTasks(ctx, model.TaskCancelled, 0, "权利人已确认收到", model.TaskMatch{
			CaseID: r.CaseID, Kinds: []model.TaskKind{model.TaskObjection}, Subject: model.ThingReceipt.Of(r.ID), PartyID: line.PartyID,
		})
	}
	task := r.ObjectionTask(line, name, tx.Now())
	if r.OfficerID != 0 { // to whose successors it goes with his case
		var err error
		if task.EnforcementCaseID, err = tx.EnforcedIn(ctx, r.PartyID); err != nil {
			return err
		}
	}
	_, err := tx.AddTask(ctx, task)
	return err
}

// disposes refuses an agent without 特别授权: who acknowledges a claim against the
// party disposes of what it is owed.
// Source: 民事诉讼法 62.
func disposes(ctx context.Context, tx *storage.DB, by model.Actor, caseID, partyID int64) error {
	bound, err := tx.CaseBindings(ctx, caseID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(bound, func(b model.Binding) bool {
		return b.UserID == by.UserID && b.PartyID == partyID && b.EndedAt == nil && b.Disposes()
	}) {
		return nil
	}
	return model.E(model.Conflict, "set_off.authority", "委托代理人认可对方用来抵销的债权，须有委托人的特别授权；请持特别授权的委托书到法院登记，或者提出异议")
}

// ownLine is the line of a receipt for which the user answers: of the party that he
// names, else of the only one of his that was asked.
func (s *Service) ownLine(ctx context.Context, tx *storage.DB, by model.Actor, r *model.Receipt, partyID int64) (*model.ObligeeResponse, *model.Party, error) {
	own, err := tx.PartiesOf(ctx, r.CaseID, by.UserID)
	if err != nil {
		return nil, nil, err
	}
	lines, err := tx.Responses(ctx, r.ID)
	if err != nil {
		return nil, nil, err
	}
	var line *model.ObligeeResponse
	var party *model.Party
	var asked []string
	for i := range lines {
		j := slices.IndexFunc(own, func(p model.Party) bool { return p.ID == lines[i].PartyID })
		if j < 0 {
			continue
		}
		if asked = append(asked, own[j].Name); partyID == 0 || partyID == own[j].ID {
			line, party = &lines[i], &own[j]
		}
	}
	switch {
	case len(asked) == 0:
		return nil, nil, model.E(model.NotFound, "receipt.not_found", "没有找到，或您无权查看")
	case line == nil:
		return nil, nil, model.InvalidField("party_id", "party.not_asked", "所选的当事人不是这份回执所问、由您答复的权利人，请从“"+strings.Join(asked, "、")+"”中选择")
	case partyID == 0 && len(asked) > 1:
		return nil, nil, model.InvalidField("party_id", "party.ambiguous", "这份回执问到由您答复的几名权利人（"+strings.Join(asked, "、")+"），请选择为谁答复；各人收到的情况分别答复")
	}
	return line, party, nil
}

// Detail is a receipt with everything that the actor may see.
type Detail struct {
	Receipt model.Receipt
	// Files are the pictures that the actor may see: an obligee the receipt's own only
	// where the money is his alone, else the copies that the judge gave him.
	Files     []model.File
	Flags     []model.ReceiptFlag     // staff only
	Responses []model.ObligeeResponse // staff and payer all, an obligee his own
	Entries   []model.Confirmation
	Names     map[int64]string // of the parties mentioned
	// Window is the clerk who submitted it for the party at the court's window, ""
	// when it came by phone. Staff only.
	Window string
	// Group is the payment for several cases of which this is one's part, nil for
	// others. An obligee does not see it.
	Group *OfGroup
	// Hidden says that the actor sees of the amounts his own part alone: OwnFen is what
	// is said to be his, OwnConfirmedFen what of it stands in the ledger; nil when not known.
	// Who acts for several creditors reads there what is theirs together, and of each in
	// his line and in Confirmed.
	Hidden          bool
	OwnFen          *model.Fen
	OwnConfirmedFen *model.Fen
	Confirmed       map[int64]model.Fen
	Redactions      []model.Redaction // staff all
	// OwnHand is why the actor may not decide it, "" when he had no hand in it.
	OwnHand string
	// Responsible is who decides it now. Staff only.
	Responsible model.Responsible
	// Earlier are the receipts that its flags point to. Staff only.
	Earlier []model.Earlier
	// Beside are decisions about other receipts of the case that do not count in its
	// ledger yet, because they can be taken back. Staff only.
	Beside []model.DeskAct
	// Standing is what was decided of it and can still be taken back, in words, "" for
	// nothing. Staff only.
	Standing string
}

// Receipt is one receipt for whoever may see it: staff of the case, the
// payer's side, and obligees with a line of theirs. Staff's look is recorded.
func (s *Service) Receipt(ctx context.Context, by model.Actor, id int64) (*Detail, error) {
	if err := by.Require(model.ActCaseRead); err != nil {
		return nil, err
	}
	r, err := s.db.Receipt(ctx, by, id)
	if err != nil {
		return nil, err
	}
	details, err := s.details(ctx, by, r.CaseID, []model.Receipt{*r})
	if err != nil {
		return nil, err
	}
	if len(details) == 0 {
		return nil, model.E(model.NotFound, "receipt.not_found", "没有找到，或您无权查看")
	}
	if !by.IsParty() {
		err := s.db.AuditLook(ctx, by, by.RoleFor(model.ActCaseRead), model.AuditEvent{
			CourtID: r.CourtID, Action: model.AuditReceiptLook, CaseID: r.CaseID, Subject: model.ThingReceipt.Of(id),
		})
		if err != nil {
			return nil, err
		}
		who := r.Responsible()
		names, err := s.db.UserNames(ctx, []int64{who.UserID})
		if err != nil {
			return nil, err
		}
		who.Name = names[who.UserID]
		details[0].Responsible = who
	}
	if details[0].Earlier, err = s.earlier(ctx, by, details[0].Flags); err != nil {
		return nil, err
	}
	if !by.IsParty() {
		if details[0].Beside, err = s.db.DecidedBeside(ctx, r.CaseID, r.ID); err != nil {
			return nil, err
		}
	}
	if by.May(model.ActReceiptDecide) {
		if details[0].OwnHand, err = s.db.OwnHand(ctx, model.MatterReceipt, by.UserID, r.UserID); err != nil {
			return nil, err
		}
	}
	return &details[0], nil
}

// CaseReceipts lists the receipts of a case that the actor may see.
func (s *Service) CaseReceipts(ctx context.Context, by model.Actor, caseID int64) ([]Detail, error) {
	if err := by.Require(model.ActCaseRead); err != nil {
		return nil, err
	}
	if _, err := s.db.Case(ctx, by, caseID); err != nil {
		return nil, err
	}
	list, err := s.db.CaseReceipts(ctx, caseID)
	if err != nil {
		return nil, err
	}
	return s.details(ctx, by, caseID, list)
}

// details loads what belongs to receipts of one case in a fixed number of
// queries and leaves out what the actor may not see.
func (s *Service) details(ctx context.Context, by model.Actor, caseID int64, list []model.Receipt) ([]Detail, error) {
	if len(list) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	files, err := s.db.ReceiptFiles(ctx, ids...)
	if err != nil {
		return nil, err
	}
	responses, err := s.db.Responses(ctx, ids...)
	if err != nil {
		return nil, err
	}
	entries, err := s.db.Confirmations(ctx, caseID, 0)
	if err != nil {
		return nil, err
	}
	parties, err := s.db.Parties(ctx, caseID)
	if err != nil {
		return nil, err
	}
	var flags []model.ReceiptFlag
	var own []model.Party
	standing := map[int64]string{}
	if !by.IsParty() && slices.ContainsFunc(list, func(r model.Receipt) bool { return r.PendingDecisionID != 0 }) {
		waiting, err := s.db.DecidedBeside(ctx, caseID, 0)
		if err != nil {
			return nil, err
		}
		for _, d := range waiting {
			standing[d.ReceiptID] = d.Standing()
		}
	}
	users := map[int64]model.User{}
	if by.IsParty() {
		own, err = s.db.PartiesOf(ctx, caseID, by.UserID)
	} else {
		from := make([]int64, len(list))
		for i, r := range list {
			from[i] = r.UserID
		}
		if users, err = s.db.Users(ctx, from); err == nil {
			flags, err = s.db.Flags(ctx, ids...)
		}
	}
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, p := range parties {
		names[p.ID] = p.Name
	}
	shown, err := s.shown(ctx, caseID, ids)
	if err != nil {
		return nil, err
	}
	groups, err := s.groupsOf(ctx, list)
	if err != nil {
		return nil, err
	}
	isOwn := func(id int64) bool { return slices.ContainsFunc(own, func(p model.Party) bool { return p.ID == id }) }
	var out []Detail
	for _, r := range list {
		d := Detail{Receipt: r, Names: names, Standing: standing[r.ID]}
		if u := users[r.UserID]; r.Hand() == model.HandedByWindow {
			d.Window = u.Name
		}
		payer := !by.IsParty() || isOwn(r.PartyID)
		if payer {
			d.Group = groups[r.ID]
		}
		for _, l := range responses {
			if l.ReceiptID == r.ID && (payer || isOwn(l.PartyID)) {
				d.Responses = append(d.Responses, l)
			}
		}
		if !payer && len(d.Responses) == 0 {
			continue
		}
		for _, f := range files {
			if f.ReceiptID == r.ID && (payer || r.SolePayee(responses)) {
				d.Files = append(d.Files, f)
			}
		}
		shown.to(&d, payer, isOwn)
		for _, f := range flags {
			if f.ReceiptID == r.ID {
				d.Flags = append(d.Flags, f)
			}
		}
		for _, e := range entries {
			if e.ReceiptID == r.ID && (payer || r.CreditorID() != 0) {
				d.Entries = append(d.Entries, e)
			}
		}
		if by.IsParty() { // what made the court look twice is its own affair
			for i := range d.Entries {
				d.Entries[i].DoubtReason = ""
			}
		}
		if !payer && r.CreditorID() == 0 { // an obligee sees that money was paid to him, not from which account or to whom else
			d.Receipt.PayeeAccount, d.Receipt.Remark, d.Receipt.ClaimedFen, d.Receipt.ConfirmedFen = "", "", 0, 0
			d.Receipt.ReturnReason = ""
			if !r.SolePayee(responses) {
				d.Receipt.BankSerial = ""
			}
		}
		out = append(out, d)
	}
	return out, nil
}

// Queue lists the receipts that wait for staff, oldest first. A judge gets his
// own, whatever he asks for; clerks and leaders the court's.
func (s *Service) Queue(ctx context.Context, by model.Actor, f model.QueueFilter) ([]model.Receipt, map[int64][]model.ReceiptFlag, error) {
	if err := by.Require(model.ActReceiptQueue); err != nil {
		return nil, nil, err
	}
	if utf8.RuneCountInString(f.Text) > 200 {
		return nil, nil, model.InvalidField("text", "filter.unknown", "查找的内容不能超过 200 字")
	}
	if own := by.Owner(); own != (model.Owner{}) {
		f.Owner = own
	}
	list, err := s.db.Queue(ctx, by, f)
	if err != nil || len(list) == 0 {
		return nil, nil, err
	}
	var ids []int64
	for _, r := range list {
		if r.Flagged {
			ids = append(ids, r.ID)
		}
	}
	flags := map[int64][]model.ReceiptFlag{}
	if len(ids) > 0 {
		rows, err := s.db.Flags(ctx, ids...)
		if err != nil {
			return nil, nil, err
		}
		for _, fl := range rows {
			flags[fl.ReceiptID] = append(flags[fl.ReceiptID], fl)
		}
	}
	return list, flags, nil
}

// Ledger is what was owed, paid and is open in a case, as far as the actor may
// see it.
type Ledger struct {
	Entries      []model.Confirmation
	Allocations  []model.Allocation
	Installments []model.Installment
	Declared     []model.DebtEntry // what was entered about the debts, with what was taken back
	OwedFen      model.Fen
	ConfirmedFen model.Fen
	ForgivenFen  model.Fen // by the creditor, of what is owed
	Today        model.Date
	Settings     model.CourtSettings
	debts        model.Debts
	paid         model.Payments
}

// Reckon says what an instalment amounts to today: of all that was paid of it,
// whoever looks.
func (l *Ledger) Reckon(i model.Installment) model.Reckoning {
	return l.debts.Reckon(i, l.paid, l.Settings, l.Today)
}

// Sum adds up all that is listed, as of today.
func (l *Ledger) Sum() model.Reckoning {
	return l.debts.ReckonAll(l.Installments, l.paid, l.Settings, l.Today)
}

// Performance is how far what is listed is performed.
func (l *Ledger) Performance() model.Performance {
	return l.debts.Performance(l.Installments, l.paid, l.Settings, l.Today)
}

// InterestRule is the rule by which late money bears the doubled part, or that
// none of what is listed does.
func (l *Ledger) InterestRule() string {
	return l.debts.DoubledRule(l.Installments, l.paid, l.Settings)
}

// Ledger lists the entries of a case: for staff all, for an obligor those of
// his obligations, for an obligee his own lines.
func (s *Service) Ledger(ctx context.Context, by model.Actor, caseID int64) (*Ledger, error) {
	if err := by.Require(model.ActCaseRead); err != nil {
		return nil, err
	}
	cs, err := s.db.Case(ctx, by, caseID)
	if err != nil {
		return nil, err
	}
	court, err := s.db.Court(ctx, cs.CourtID)
	if err != nil {
		return nil, err
	}
	d, err := loadDebt(ctx, s.db, caseID)
	if err != nil {
		return nil, err
	}
	l := &Ledger{Today: model.DateOf(s.db.Now()), Settings: court.Settings}
	if l.Entries, err = s.db.Confirmations(ctx, caseID, 0); err != nil {
		return nil, err
	}
	if l.Allocations, err = s.db.Allocations(ctx, caseID); err != nil {
		return nil, err
	}
	l.debts = d.debts(*cs)
	if l.paid, err = s.db.PaymentsOf(ctx, caseID, l.Entries, l.Allocations); err != nil {
		return nil, err
	}
	if l.Declared, err = s.db.DebtEntries(ctx, caseID); err != nil {
		return nil, err
	}
	if err := s.payers(ctx, caseID, l.Entries); err != nil {
		return nil, err
	}
	d.installments = l.debts.OnDay(l.paid, l.Today)
	l.debts.Installments, l.Installments = d.installments, d.installments
	if by.IsParty() {
		own, err := s.db.PartiesOf(ctx, caseID, by.UserID)
		if err != nil {
			return nil, err
		}
		l.narrow(d, own)
	}
	for _, i := range l.Installments {
		l.OwedFen += i.AmountFen
		l.ConfirmedFen += i.ConfirmedFen
		l.ForgivenFen += i.ForgivenFen
	}
	return l, nil
}

// payers says of each entry who paid when it was not the debtor himself.
func (s *Service) payers(ctx context.Context, caseID int64, entries []model.Confirmation) error {
	if len(entries) == 0 {
		return nil
	}
	receipts, err := s.db.CaseReceipts(ctx, caseID)
	if err != nil {
		return err
	}
	by, means := map[int64]string{}, map[int64]string{}
	for _, r := range receipts {
		if r.PayerKind != model.PayerSelf {
			by[r.ID] = r.Payer()
		}
		if r.CreditorID() != 0 || r.Foreign != nil {
			means[r.ID] = r.Means()
		}
	}
	for i := range entries {
		entries[i].PaidBy, entries[i].Means = by[entries[i].ReceiptID], means[entries[i].ReceiptID]
	}
	return nil
}

func (l *Ledger) narrow(d *debt, own []model.Party) {
	mine := func(obligationID int64) bool {
		ob := d.obligation(obligationID)
		return slices.ContainsFunc(own, func(p model.Party) bool {
			return ob.OwedTo(p.ID) || d.names(p.ID, obligationID)
		})
	}
	l.Installments = slices.DeleteFunc(slices.Clone(l.Installments), func(i model.Installment) bool { return !mine(i.ObligationID) })
	l.Allocations = slices.DeleteFunc(l.Allocations, func(a model.Allocation) bool { return !mine(a.ObligationID) })
	l.Declared = slices.DeleteFunc(l.Declared, func(e model.DebtEntry) bool { return !mine(e.ObligationID) })
	part := map[int64]model.Fen{}
	for _, a := range l.Allocations {
		part[a.ConfirmationID] += a.AmountFen
	}
	l.Entries = slices.DeleteFunc(l.Entries, func(e model.Confirmation) bool { _, ok := part[e.ID]; return !ok })
	for i := range l.Entries {
		// His part of an entry, not the whole: the rest is other people's.
		l.Entries[i].AmountFen = part[l.Entries[i].ID]
		l.Entries[i].OverFen, l.Entries[i].OverReason, l.Entries[i].DoubtReason = 0, "", ""
	}
}
