package servicetest

import (
	"context"
	"slices"
	"strconv"

	"microcourt/model"
	"microcourt/storage/storagetest"
)

// derived are columns and tables that hold what follows from other rows, each with the
// rows that it follows from, the rows that are kept, and how the one becomes the other.
// Both queries give a key and a value; a source may have several rows of one key.
var derived = map[string]struct {
	source, kept string
	words        func(values []string) []string
}{
	"search_words of parties": {
		`SELECT CONCAT(court_id, ' ', case_id, ' ', id), name_norm FROM parties`,
		`SELECT CONCAT(court_id, ' ', case_id, ' ', party_id), word FROM search_words WHERE party_id <> 0`,
		func(names []string) []string { return model.SearchWords(names[0]) },
	},
	"search_words of numbers": {
		`SELECT CONCAT(court_id, ' ', id), case_no FROM cases UNION ALL SELECT CONCAT(court_id, ' ', case_id), case_no FROM enforcement_cases`,
		`SELECT CONCAT(court_id, ' ', case_id), word FROM search_words WHERE party_id = 0`,
		func(numbers []string) (out []string) {
			for _, no := range numbers {
				if w := model.RunningWord(no); w != "" && !slices.Contains(out, w) {
					out = append(out, w)
				}
			}
			return out
		},
	},
	// The ledger of case money: what is left of each sum, what is reserved of it, and
	// what stands on each case's account; nothing of it is ever below zero. What arrived
	// less what was paid out is what is left.
	"case_money.held_fen": {
		`SELECT case_money_id, amount_fen FROM case_money_entries`, `SELECT id, held_fen FROM case_money`, sumOf,
	},
	"case_money.reserved_fen": {
		`SELECT case_money_id, amount_fen FROM payouts WHERE state IN ('prepared', 'approved')`, `SELECT id, reserved_fen FROM case_money WHERE reserved_fen <> 0`, sumOf,
	},
	"case_money of an account": {
		`SELECT enforcement_case_id, amount_fen FROM case_money_entries`,
		`SELECT e.enforcement_case_id, COALESCE((SELECT SUM(m.held_fen) FROM case_money m WHERE m.enforcement_case_id = e.enforcement_case_id), 0)
			FROM (SELECT DISTINCT enforcement_case_id FROM case_money_entries) e`, sumOf,
	},
	"case_money of a court": {
		`SELECT court_id, amount_fen FROM case_money_entries WHERE kind IN ('arrive', 'correct') UNION ALL SELECT court_id, -amount_fen FROM payouts WHERE state = 'paid'`,
		`SELECT court_id, SUM(held_fen) FROM case_money GROUP BY court_id`, sumOf,
	},
	"receipts.answer": {
		`SELECT receipt_id, state FROM obligee_responses`,
		`SELECT id, answer FROM receipts WHERE answer <> ''`,
		func(states []string) []string {
			var lines []model.ObligeeResponse
			for _, s := range states {
				lines = append(lines, model.ObligeeResponse{State: model.ResponseState(s)})
			}
			if a := model.AnswerOf(lines); a != "" {
				return []string{string(a)}
			}
			return nil
		},
	},
}

// sumOf is the sum of amounts; one below zero is nobody's and said.
func sumOf(amounts []string) []string {
	var sum int64
	for _, a := range amounts {
		n, err := strconv.ParseInt(a, 10, 64)
		if err != nil {
			return []string{err.Error()}
		}
		sum += n
	}
	if sum < 0 {
		return []string{"below zero"}
	}
	return []string{strconv.FormatInt(sum, 10)}
}

// waitsInVain finds requests for early release that nothing can answer any more: the
// detention ended after they were made, or they were put to the president who has no
// lifting before him.
const waitsInVain = `SELECT p.id, p.state FROM petitions p WHERE p.kind = 'early_release' AND p.state IN ('open', 'forwarded') AND (
	EXISTS (SELECT 1 FROM measures m WHERE m.enforcement_case_id = p.enforcement_case_id AND m.party_id = p.party_id AND m.kind = 'detention'
		AND m.state IN ('lifted', 'expired') AND m.lifted_at > p.created_at)
	OR p.state = 'forwarded' AND NOT EXISTS (SELECT 1 FROM measures m WHERE m.enforcement_case_id = p.enforcement_case_id AND m.party_id = p.party_id
		AND m.kind = 'detention' AND m.state IN ('decided', 'in_force') AND m.lift_asked_at IS NOT NULL))`

// RecountDerived compares what is kept of other rows with those rows, all of them. It
// is done after every story, whatever that was about.
func (w *World) RecountDerived() {
	w.T.Helper()
	db := storagetest.Raw(w.T, w.DSN)
	defer func() { _ = db.Close() }()
	read := func(query string) map[string][]string {
		rows, err := db.QueryContext(context.Background(), query)
		if err != nil {
			w.T.Error(query, err)
			return nil
		}
		defer func() { _ = rows.Close() }()
		out := map[string][]string{}
		for rows.Next() {
			var k, v string
			if err := rows.Scan(&k, &v); err != nil {
				w.T.Error(query, err)
				return nil
			}
			out[k] = append(out[k], v)
		}
		if err := rows.Err(); err != nil {
			w.T.Error(query, err)
		}
		return out
	}
	for id, state := range read(waitsInVain) {
		w.T.Errorf("petition %s is still %s though its matter was decided", id, state)
	}
	for name, d := range derived {
		want, kept := map[string][]string{}, read(d.kept)
		for k, values := range read(d.source) {
			if words := d.words(values); len(words) > 0 {
				want[k] = slices.Sorted(slices.Values(words))
			}
		}
		for k, words := range kept {
			if slices.Sort(words); !slices.Equal(words, want[k]) {
				w.T.Errorf("%s: of %s %v is kept, recounted %v", name, k, words, want[k])
			}
		}
		for k, words := range want {
			if kept[k] == nil {
				w.T.Errorf("%s: of %s nothing is kept, recounted %v", name, k, words)
			}
		}
	}
}
