package servicetest

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"microcourt/model"
	"microcourt/storage/storagetest"
)

// judgeActed takes the words out in which a notice names who acted where that was the trial
// judge, while an officer is responsible: whom to turn to they do not say.
var judgeActed = func() *strings.Replacer {
	var out []string
	for _, did := range []string{"已确认", "决定不再计收", "撤回了", "记录了", "提供了"} {
		out = append(out, model.RoleJudge.Chinese()+did, did)
	}
	return strings.NewReplacer(out...)
}()

// CheckNotices proves, of every notice that a test made, whatever its kind, what
// holds for all of them: who reads it finds his name and whom to ask, nobody is told
// that he submitted what another did, and nothing of how texts are made is left in
// them.
func (w *World) CheckNotices() {
	w.T.Helper()
	raw := storagetest.Raw(w.T, w.DSN)
	defer func() { _ = raw.Close() }() // read only
	rows, err := raw.QueryContext(context.Background(), `SELECT n.kind, n.dedupe_key, n.title, n.body, n.party_id, n.user_id, COALESCE(p.name, '') FROM notices n
		LEFT JOIN parties p ON p.id = n.party_id ORDER BY n.id LIMIT 5000`)
	if err != nil {
		w.T.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // read only
	others := w.handedInByOthers(raw)
	for rows.Next() {
		var kind, key, title, body, name string
		var party, user int64
		if err := rows.Scan(&kind, &key, &title, &body, &party, &user, &name); err != nil {
			w.T.Fatal(err)
		}
		for _, left := range []string{"\u2060", "<nil>", "%!", "：。", "（）", "“”", "《》"} {
			if strings.Contains(title+body, left) {
				w.T.Errorf("%s: %q is left in %s: %s", kind, left, title, body)
			}
		}
		if party == 0 || user != 0 {
			continue
		}
		if !strings.Contains(body, name+"：\n") || !strings.Contains(body, "电话") {
			w.T.Errorf("%s names neither its addressee %s nor whom to call: %s", kind, name, body)
		}
		if strings.Contains(body, "\n"+model.RoleOfficer.Chinese()+"：") && strings.Contains(title+judgeActed.Replace(body), model.RoleJudge.Chinese()) {
			w.T.Errorf("%s: an officer answers for it, and it speaks of the trial judge: %s", kind, body)
		}
		if others[kindAndReceipt(kind, key)] && (strings.Contains(body, "您提交") || strings.Contains(body, "您可以撤回")) {
			w.T.Errorf("%s tells %s that he did what another did: %s", kind, name, body)
		}
	}
	if err := rows.Err(); err != nil {
		w.T.Fatal(err)
	}
}

// kindAndReceipt is the beginning of the key of a notice about a receipt.
func kindAndReceipt(kind, key string) string {
	id, _, _ := strings.Cut(strings.TrimPrefix(key, kind+":"), ":")
	return kind + ":" + id
}

// handedInByOthers are the keys of notices about receipts that somebody handed in for
// the debtor.
func (w *World) handedInByOthers(raw *sql.DB) map[string]bool {
	w.T.Helper()
	rows, err := raw.QueryContext(context.Background(), "SELECT id FROM receipts WHERE handed_by <> '' OR relative_id <> 0 OR import_id <> 0 OR deposit_id <> 0 OR distribution_id <> 0 LIMIT 5000")
	if err != nil {
		w.T.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // read only
	out := map[string]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			w.T.Fatal(err)
		}
		for _, kind := range []string{"receipt.received", "receipt.returned", "receipt.confirmed", "receipt.corrected", "receipt.withdrawn"} {
			out[fmt.Sprintf("%s:%d", kind, id)] = true
		}
	}
	if err := rows.Err(); err != nil {
		w.T.Fatal(err)
	}
	return out
}
