package conversation

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"

	"microcourt/model"
)

// WordList is a ContentCheck that looks for words: plain, and under the court's
// own hand. Case, width and spaces do not matter.
type WordList struct{ words []string }

// NewWordList makes a check from words.
func NewWordList(words []string) *WordList {
	w := &WordList{}
	for _, s := range words {
		if s = model.NormalizeName(s); s != "" {
			w.words = append(w.words, s)
		}
	}
	return w
}

// ReadWordList reads a word list: one word a line, lines that begin with # are
// remarks.
func ReadWordList(path string) (_ *WordList, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("word list: %w", err)
	}
	defer func() { _ = f.Close() }() // read only
	var words []string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if s := strings.TrimSpace(lines.Text()); s != "" && !strings.HasPrefix(s, "#") {
			words = append(words, s)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("word list: %w", err)
	}
	return NewWordList(words), nil
}

// Check implements ContentCheck.
func (w *WordList) Check(_ context.Context, _, text string) (model.Verdict, error) {
	text = model.NormalizeName(strings.Join(strings.Fields(text), ""))
	for _, s := range w.words {
		if strings.Contains(text, s) {
			return model.VerdictRisky, nil
		}
	}
	return model.VerdictOK, nil
}
