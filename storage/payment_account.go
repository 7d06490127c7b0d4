package storage

import (
	"context"

	"microcourt/model"
)

// PaymentAccounts lists the accounts of a case's creditors, the oldest first.
func (db *DB) PaymentAccounts(ctx context.Context, caseID int64) ([]model.PaymentAccount, error) {
	var out []model.PaymentAccount
	err := db.q(ctx).Where("case_id = ?", caseID).Order("id").Limit(2000).Find(&out).Error
	return out, translate(err, "payment_account")
}

// PaymentAccount is the account with the id, for who may see its case.
func (db *DB) PaymentAccount(ctx context.Context, by model.Actor, id int64) (*model.PaymentAccount, error) {
	var a model.PaymentAccount
	if err := db.q(ctx).Take(&a, "id = ?", id).Error; err != nil {
		return nil, translate(err, "payment_account")
	}
	if _, err := db.Case(ctx, by, a.CaseID); err != nil {
		if model.KindOf(err) == model.NotFound {
			err = model.E(model.NotFound, "payment_account.not_found", "没有找到，或您无权查看").WithCause(err)
		}
		return nil, err
	}
	return &a, nil
}

// PaymentAccountByKey is what the user entered under the key; nil when nothing.
func (db *DB) PaymentAccountByKey(ctx context.Context, userID int64, key string) (*model.PaymentAccount, error) {
	var a model.PaymentAccount
	res := db.q(ctx).Where("entered_by = ? AND idem_key = ?", userID, key).Limit(1).Find(&a)
	if res.Error != nil || res.RowsAffected == 0 {
		return nil, translate(res.Error, "payment_account")
	}
	return &a, nil
}

// CreatePaymentAccount adds an account.
func (db *DB) CreatePaymentAccount(ctx context.Context, a *model.PaymentAccount) error {
	return translate(db.q(ctx).Create(a).Error, "payment_account")
}

// MovePaymentAccount writes an account's new state if nobody did since version
// seen, and the entry that says who and why.
func (db *DB) MovePaymentAccount(ctx context.Context, a *model.PaymentAccount, seen, by int64) error {
	a.Version = seen + 1
	err := changed(db.q(ctx).Model(&model.PaymentAccount{}).Where("id = ? AND version = ?", a.ID, seen).
		Select("state", "decided_by", "decided_at", "reason", "waiting_key", "active_key", "version", "updated_at").Updates(a), "payment_account")
	if err != nil {
		return err
	}
	return db.CreateAccountEntry(ctx, model.AccountEntry{AccountID: a.ID, State: a.State, ByUserID: by, Reason: a.Reason})
}

// CreateAccountEntry adds a step of an account.
func (db *DB) CreateAccountEntry(ctx context.Context, e model.AccountEntry) error {
	return translate(db.q(ctx).Create(&e).Error, "payment_account")
}

// AccountEntries lists the steps of accounts, the oldest first.
func (db *DB) AccountEntries(ctx context.Context, accounts []int64) ([]model.AccountEntry, error) {
	var out []model.AccountEntry
	err := db.q(ctx).Where("account_id IN ?", accounts).Order("id").Find(&out).Error
	return out, translate(err, "payment_account")
}

// CreateAccountCall adds a call unless the user entered it under the key before,
// and tells which.
func (db *DB) CreateAccountCall(ctx context.Context, c *model.AccountCall) (created bool, err error) {
	created, err = createOnce(db.q(ctx), c)
	return created, translate(err, "payment_account")
}

// AccountCalls lists the calls about the accounts of a case, the oldest first.
func (db *DB) AccountCalls(ctx context.Context, caseID int64) ([]model.AccountCall, error) {
	var out []model.AccountCall
	err := db.q(ctx).Where("account_id IN (SELECT id FROM payment_accounts WHERE case_id = ?)", caseID).Order("id").Find(&out).Error
	return out, translate(err, "payment_account")
}

// waitingAccounts are the states of an account that waits for a judge; see
// model.PaymentAccount.Waits.
var waitingAccounts = []model.AccountState{model.AccountEntered, model.AccountDoubted}

// doubtAccounts stops payers from being shown the accounts that a user entered by phone
// for a party for whom he acts no longer, and tells the party: the judge uses one again
// when the court called the number on file.
func (db *DB) doubtAccounts(ctx context.Context, ended model.Binding, by int64) error {
	list, err := db.PaymentAccounts(ctx, ended.CaseID)
	if err != nil {
		return err
	}
	bound, err := db.CaseBindings(ctx, ended.CaseID)
	if err != nil {
		return err
	}
	for i := range list {
		a := &list[i]
		if !a.DoubtedBy(ended, bound) {
			continue
		}
		seen := a.Version
		if err := a.Move(model.AccountDoubted, by, model.DoubtedWords, db.Now()); err != nil {
			return err
		}
		if err := db.MovePaymentAccount(ctx, a, seen, by); err != nil {
			return err
		}
		cs, err := db.CaseByID(ctx, a.CaseID)
		if err != nil {
			return err
		}
		court, err := db.Court(ctx, a.CourtID)
		if err != nil {
			return err
		}
		gone, err := db.gone(ctx, []int64{a.PartyID})
		if err != nil {
			return err
		}
		if !cs.Held && !gone[a.PartyID] { // nobody has been told of the case yet, or nobody is there to be told
			if err := db.AddNotice(ctx, model.AccountNotice(*court, *cs, *a)); err != nil {
				return err
			}
		}
		err = db.Audit(model.System(), model.RolePublic, model.AuditEvent{
			CourtID: a.CourtID, Action: model.AuditAccountDoubt, CaseID: a.CaseID, Subject: model.ThingAccount.Of(a.ID), After: *a,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// WaitingAccounts lists the accounts that wait for a judge, the oldest first: of the
// cases that the actor looks after.
func (db *DB) WaitingAccounts(ctx context.Context, by model.Actor, after int64, limit int) ([]model.WaitingAccount, error) {
	var out []model.WaitingAccount
	err := db.q(ctx).Table("payment_accounts").
		Joins("JOIN cases ON cases.id = payment_accounts.case_id").Joins("JOIN parties ON parties.id = payment_accounts.party_id").
		Where("payment_accounts.state IN ? AND payment_accounts.court_id = ? AND payment_accounts.id > ?", waitingAccounts, by.CourtID, after).
		Where("payment_accounts.case_id IN (?)", db.visible(ctx, by).Model(&model.Case{}).Select("cases.id")).
		Select(`payment_accounts.*, cases.case_no AS case_no, cases.judge_id AS judge_id, parties.name AS creditor,
			payment_accounts.state = 'doubted' OR EXISTS (SELECT 1 FROM payment_accounts o WHERE o.party_id = payment_accounts.party_id AND o.id <> payment_accounts.id AND o.state IN ('in_use', 'doubted', 'replaced', 'stopped')) AS changes,
			EXISTS (SELECT 1 FROM account_calls k WHERE k.account_id = payment_accounts.id AND k.answer = 'agreed'
				AND (payment_accounts.decided_at IS NULL OR k.called_at >= payment_accounts.decided_at)) AS agreed`).
		Order("payment_accounts.id").Limit(limit).Find(&out).Error
	return out, translate(err, "payment_account")
}

// CountWaitingAccounts counts them.
func (db *DB) CountWaitingAccounts(ctx context.Context, by model.Actor) (int64, error) {
	var n int64
	err := db.q(ctx).Model(&model.PaymentAccount{}).Where("state IN ? AND court_id = ?", waitingAccounts, by.CourtID).
		Where("case_id IN (?)", db.visible(ctx, by).Model(&model.Case{}).Select("cases.id")).Count(&n).Error
	return n, translate(err, "payment_account")
}
