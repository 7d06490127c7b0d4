package handler_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"microcourt/handler/handlertest"

	"microcourt/model"
	"microcourt/service/performance"
)

func confirmOne(w *handlertest.World, by model.Actor, receipt int64) error {
	_, err := w.Svc.Performance.Confirm(context.Background(), by, performance.Decision{
		ReceiptID: receipt, Version: 1, AmountFen: 100, DoubtReason: "已核实。", IdemKey: fmt.Sprintf("bench-%d", receipt),
	})
	return err
}

// confirmByHand writes the rows that a confirmation writes, with the locks
// that it needs, and nothing else: no rule is checked.
func confirmByHand(db *sql.DB, court, judge int64, f handlertest.Filed, user, receipt int64) error {
	ctx := context.Background()
	tx, err := db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	var ignored, installment, confirmed int64
	for _, q := range []struct {
		text string
		args []any
		to   []any
	}{
		{"SELECT id FROM cases WHERE id = ? FOR UPDATE", []any{f.ID}, []any{&ignored}},
		{"SELECT version FROM receipts WHERE id = ? FOR UPDATE", []any{receipt}, []any{&ignored}},
		{"SELECT id, confirmed_fen FROM installments WHERE case_id = ? ORDER BY seq LIMIT 1", []any{f.ID}, []any{&installment, &confirmed}},
	} {
		if err := tx.QueryRowContext(ctx, q.text, q.args...).Scan(q.to...); err != nil {
			return err
		}
	}
	exec := func(text string, args ...any) (int64, error) {
		res, err := tx.ExecContext(ctx, text, args...)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", text, err)
		}
		return res.LastInsertId()
	}
	key := fmt.Sprintf("hand-%d", receipt)
	c, err := exec(`INSERT INTO confirmations (court_id, case_id, receipt_id, kind, amount_fen, paid_on, by_user_id, idem_key, created_at)
		VALUES (?, ?, ?, 'confirm', 100, '2026-03-01', ?, ?, NOW())`, court, f.ID, receipt, judge, key)
	if err != nil {
		return err
	}
	hash := strings.Repeat("0", 64)
	for _, e := range []struct {
		text string
		args []any
	}{
		{`INSERT INTO allocations (court_id, case_id, confirmation_id, receipt_id, obligation_id, installment_id, amount_fen, created_at)
			VALUES (?, ?, ?, ?, 1, ?, 100, NOW())`, []any{court, f.ID, c, receipt, installment}},
		{"UPDATE installments SET confirmed_fen = confirmed_fen + 100, updated_at = NOW() WHERE id = ?", []any{installment}},
		{
			"UPDATE receipts SET state = 'confirmed', confirmed_fen = 100, decided_by = ?, decided_at = NOW(), version = 2, updated_at = NOW() WHERE id = ? AND version = 1",
			[]any{judge, receipt},
		},
		{"UPDATE cases SET performance = 'partial', next_due_on = '2026-03-31' WHERE id = ?", []any{f.ID}},
	} {
		if _, err := exec(e.text, e.args...); err != nil {
			return err
		}
	}
	for _, party := range []int64{f.Debtor, f.Creditor} {
		n, err := exec(`INSERT INTO notices (court_id, case_id, party_id, kind, dedupe_key, title, body, page, card, created_at)
			VALUES (?, ?, ?, 'receipt.confirmed', ?, '履行款项已确认', '承办法官已确认付款。', 'pages/receipt/detail', '{}', NOW())`,
			court, f.ID, party, fmt.Sprintf("hand:%d:%d", receipt, party))
		if err != nil {
			return err
		}
		if party != f.Debtor {
			continue
		}
		if _, err := exec(`INSERT INTO outbox (court_id, notice_id, channel, user_id, state, next_at, deadline, created_at, updated_at)
			VALUES (?, ?, 'wechat_subscribe', ?, 'queued', NOW(), NOW(), NOW(), NOW())`, court, n, user); err != nil {
			return err
		}
	}
	// The chain's head is locked and moved, as it must be; the link hangs in the
	// air, because computing its hash would be the program's own work.
	var seq int64
	if err := tx.QueryRowContext(ctx, "SELECT seq FROM audit_heads WHERE court_id = ? FOR UPDATE", court).Scan(&seq); err != nil {
		return err
	}
	if _, err := exec("INSERT INTO audit_entries (court_id, seq, at, user_id, api_key_id, role, action, case_id, subject_kind, subject_id, detail, before_digest, after_digest, ip, request_id, prev_hash, hash) "+
		"VALUES (?, ?, NOW(), ?, 0, 'judge', 'receipt.confirm', ?, 'receipt', ?, '', ?, ?, '', '', ?, ?)",
		court, seq+1, judge, f.ID, receipt, hash, hash, hash, hash); err != nil {
		return err
	}
	if _, err := exec("UPDATE audit_heads SET seq = ?, hash = ? WHERE court_id = ?", seq+1, hash, court); err != nil {
		return err
	}
	return tx.Commit()
}
