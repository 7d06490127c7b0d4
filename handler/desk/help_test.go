package desk

import (
	"testing"

	"microcourt/model"
)

// Whatever waits for somebody explains itself on the page of tasks.
func TestEveryKindOfTaskIsExplained(t *testing.T) {
	t.Parallel()
	for _, k := range model.TaskKinds() {
		if _, ok := helpTexts[k.Help()]; !ok || k.Chinese() == "" {
			t.Errorf("%s (%s) has no explanation %q", k, k.Chinese(), k.Help())
		}
	}
}
