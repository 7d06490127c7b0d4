package agency

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"

	"microcourt/model"
)

// duties is the suggested list of duties. What of it comes from which source,
// and what is for the court to fill, stands at its head.
//
//go:embed duties.csv
var duties []byte

// SuggestedSource names the suggested list among a court's versions.
const SuggestedSource = "系统建议清单：工作要求和依据出自中办发〔2016〕64号、法释〔2015〕17号等公开规定，责任单位和时限为建议，须由法院核对"

// suggestedList is the list without the remarks at its head.
func suggestedList() []byte {
	var out bytes.Buffer
	for line := range strings.Lines(string(duties)) {
		if !strings.HasPrefix(line, "#") {
			out.WriteString(line)
		}
	}
	return out.Bytes()
}

// SuggestedCSV is the suggested list as a file, for whoever starts from it.
func SuggestedCSV() []byte { return append([]byte("\xef\xbb\xbf"), suggestedList()...) }

// SuggestedRows are the cells of the suggested list, for a preview.
func SuggestedRows() ([][]string, error) {
	rows, err := csv.NewReader(bytes.NewReader(suggestedList())).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("suggested list: %w", err)
	}
	return rows[1:], nil
}

// Adopt takes the suggested list over as the court's first one. No court gets it
// by itself. A court that has a list of its own loads a file instead: Conflict.
// A repeat changes nothing.
func (s *Service) Adopt(ctx context.Context, by model.Actor, l Loading) (*LoadReport, error) {
	if err := by.Require(model.ActDutyAdopt); err != nil {
		return nil, err
	}
	l.Seen, l.Source = 0, SuggestedSource
	rep, err := s.load(ctx, by, model.ActDutyAdopt, bytes.NewReader(suggestedList()), l)
	if model.ReasonOf(err) == "duty.list_changed" {
		return nil, model.E(model.Conflict, "duty.list_exists", "本院已有事项清单，请下载建议清单，修改后作为新一版导入")
	}
	return rep, err
}

// Lists are the versions of the court's list of duties, the newest first.
func (s *Service) Lists(ctx context.Context, by model.Actor) ([]model.DutyList, error) {
	if err := by.Require(model.ActAgencyRead); err != nil {
		return nil, err
	}
	return s.db.DutyLists(ctx, by.CourtID)
}
