#!/usr/bin/env bash
# What is too heavy for the gate, an hour and more on two cores: parsers searched with
# coverage as the guide, every kind of hostile file twenty at once, a phone at 64 KB/s,
# and the API's stories with every request sent twice, its answer lost, its COMMIT lost,
# or its transaction undone.
# Needs what deploy/test.sh has installed.
set -euo pipefail
cd "$(dirname "$0")/.."
run() { # run NAME COMMAND…
	local name="$1"; shift
	echo "== $name =="
	"$@" 2>&1 | grep -E '^(---|FAIL|ok|panic)|_test.go:[0-9]+:'
}
run "every test" deploy/test.sh
run "files, under the race detector" env CGO_ENABLED=1 go test -race -count=1 -v -timeout 40m ./service/evidence
while read -r package target; do
	run "$target" go test -vet=off -run '^$' -fuzz "^$target\$" -fuzztime "${MICROCOURT_FUZZ:-60s}" "./$package"
done <deploy/fuzz-targets
run "hostile files, twenty of each kind" go test -count=1 -v -timeout 40m ./cmd/microcourt -run TestACrowdOfHostileFilesStaysWithinTheBound -crowd 20 -every-kind
run "an import of ten thousand rows" go test -count=1 -v ./service/filing -run TestImportIsAllOrNothing -rows 10000
run "copies of eight receipts of each layout" go test -count=1 -v ./service/evidence -run TestFingerprintsTellReceiptsApart -copied 8
run "a phone at 64 KB/s" go test -count=1 -v ./cmd/microcourt -run TestASlowPhoneHearsARefusal -slowest 65536
for mode in ${MICROCOURT_CHAOS_MODES:-drop conflict lose again}; do
	run "stories, $mode" env MICROCOURT_CHAOS="$mode" go test -count=1 -timeout 40m ./handler \
		-run 'Filing|Receipt|Certificate|Enforcement|Measure|Settlement|Repair|Relative|Conversation|Liaison|Quer|Penalty|Agency|Notice|Schedule|Import|Binding|Calendar'
done
