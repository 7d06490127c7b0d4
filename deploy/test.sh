#!/usr/bin/env bash
# Runs every test on SQLite and a local directory, and whatever stores something
# again on a real MariaDB and a real MinIO, started and ended here on loopback. It
# installs what is missing (Debian or Ubuntu, as root) and fails when a server
# cannot be started: nothing is skipped.
#
#   deploy/test.sh            both passes
#   MICROCOURT_RACE=1 …       rules and areas under the race detector on MariaDB
#   deploy/test.sh -race      any further arguments go to `go test`
set -euo pipefail
cd "$(dirname "$0")/.."

cache="${MICROCOURT_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/microcourt}"
mkdir -p "$cache/bin"
export PATH="$cache/bin:/usr/sbin:$PATH"

need() { # need COMMAND PACKAGE…
	command -v "$1" >/dev/null && return
	local command="$1"; shift
	echo "installing $*" >&2
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	# The packages' own services must not start: the tests start their own.
	printf '#!/bin/sh\nexit 101\n' >"$cache/policy" && chmod +x "$cache/policy"
	if [ ! -e /usr/sbin/policy-rc.d ]; then cp "$cache/policy" /usr/sbin/policy-rc.d; trap 'rm -f /usr/sbin/policy-rc.d' RETURN; fi
	apt-get install -y -qq --no-install-recommends "$@" >/dev/null
	command -v "$command" >/dev/null || { echo "$command is still missing" >&2; exit 1; }
}
need mariadbd mariadb-server
need redis-server redis-server
need pdftotext poppler-utils
need curl curl
if [ "${MICROCOURT_RACE:-}" = 1 ]; then need gcc gcc libc6-dev; fi
need chromium chromium
if [ -n "${MICROCOURT_SHOTS:-}" ] && [ ! -e /usr/lib/chromium/locales/zh-CN.pak ]; then
	echo "installing the browser's Chinese, in which the pictures show dates" >&2
	apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium-l10n >/dev/null
fi
need fc-list fontconfig
if ! fc-list :lang=zh | grep -q .; then
	echo "installing a Chinese font" >&2
	apt-get install -y -qq --no-install-recommends fonts-noto-cjk >/dev/null
	fc-list :lang=zh | grep -q . || { echo "there is still no Chinese font" >&2; exit 1; }
fi
need node nodejs
need npm npm
# What authors of programs use: the API document must suit them.
generators="$cache/generators-2026-11"
if [ ! -x "$generators/node_modules/.bin/redocly" ]; then
	echo "installing a linter and a client generator of OpenAPI (once)" >&2
	rm -rf "$generators" && mkdir -p "$generators"
	npm install --silent --no-audit --no-fund --prefix "$generators" @redocly/cli@2.77.0 openapi-typescript@7.13.0 typescript@5.9.3 >&2
fi
if ! command -v minio >/dev/null; then
	echo "building the MinIO server from source (some minutes, once)" >&2
	GOBIN="$cache/bin" GOFLAGS=-mod=mod go install github.com/minio/minio@latest
fi

work="$(mktemp -d)"
# The databases are thrown away: they are kept in memory where there is room.
data="$work"
if [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -1 || echo 0)" -gt $((6 << 20)) ]; then data="$(mktemp -d -p /dev/shm)"; fi
pids=()
finish() {
	for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done
	for p in "${pids[@]}"; do wait "$p" 2>/dev/null || true; done
	rm -rf "$work" "$data"
}
trap finish EXIT

free_port() { python3 - <<'PY' 2>/dev/null || shuf -i 20000-60000 -n 1
import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])
PY
}
wait_for() { # wait_for NAME PORT LOG
	for _ in $(seq 300); do
		if (exec 3<>"/dev/tcp/127.0.0.1/$2") 2>/dev/null; then return; fi
		sleep 0.1
	done
	echo "$1 did not start:" >&2
	tail -20 "$3" >&2
	exit 1
}

sql_port="$(free_port)" s3_port="$(free_port)" console_port="$(free_port)" redis_port="$(free_port)"
user=()
if [ "$(id -u)" = 0 ]; then user=(--user=root); fi
mariadb-install-db "${user[@]}" --datadir="$data/sql" --auth-root-authentication-method=normal --skip-test-db >"$work/install.log" 2>&1 ||
	{ cat "$work/install.log" >&2; exit 1; }
mariadbd --no-defaults "${user[@]}" --datadir="$data/sql" --socket="$work/sql.sock" --port="$sql_port" --bind-address=127.0.0.1 \
	--skip-log-bin --skip-name-resolve --max-connections=600 --innodb-buffer-pool-size=512M --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 \
	--innodb-file-per-table=0 --table-definition-cache=8000 --table-open-cache=8000 >"$work/sql.log" 2>&1 &
pids+=($!)
MINIO_ROOT_USER=testuser MINIO_ROOT_PASSWORD=testsecret minio server "$work/s3" --address "127.0.0.1:$s3_port" \
	--console-address "127.0.0.1:$console_port" >"$work/s3.log" 2>&1 &
pids+=($!)
redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work" >"$work/redis.log" 2>&1 &
pids+=($!)
wait_for MariaDB "$sql_port" "$work/sql.log"
wait_for MinIO "$s3_port" "$work/s3.log"
wait_for Redis "$redis_port" "$work/redis.log"

if [ "${MICROCOURT_BENCH:-}" = 1 ]; then
	TEST_MYSQL="root@tcp(127.0.0.1:$sql_port)/" TEST_MINIO="http://testuser:testsecret@127.0.0.1:$s3_port" \
		go test "$@" ${MICROCOURT_BENCH_PACKAGES:-./handler ./service/notice ./service/document ./service/evidence} | grep -E '^(Benchmark|ok|FAIL|---|    bench_)|_test.go:[0-9]+:'
	exit
fi

# The program is built without cgo, and so it is tested; vet is a part of the lint.
export CGO_ENABLED=0
# Memory is there, and the collector need not save it. Processes that examine files,
# and servers whose memory is measured, do not get this.
export GOGC=400

count() { # count LOG…: top-level tests that ran
	cat "$@" | grep -cE '^(=== RUN   Test[^/ ]*|=== RUN   Fuzz[^/ ]*)$' || true
}
why() { # why LOG: a race, where a test hangs, what no test tries, or the end of the log
	grep -A60 '^WARNING: DATA RACE' "$1" || grep -A150 '^panic: test timed out' "$1" ||
		grep -A60 'are listed in the API document and occur in no test' "$1" || tail -60 "$1"
}
# run LOG ARGUMENT…: tests, with their results; the log says what ran
run() {
	local log="$1" failed=0
	shift
	go test -v -vet=off -timeout 25m -shuffle=on "$@" >"$log" 2>&1 || failed=1
	grep -E '^(--- FAIL|FAIL|ok|panic)|_test.go:[0-9]+:' "$log" | grep -vE '^ok .*\(cached\)' || true
	[ "$failed" = 0 ] || { why "$log"; exit 1; }
}

generators() {
	"$generators/node_modules/.bin/redocly" lint --extends=recommended --format=summary handler/testdata/openapi.json ||
		{ "$generators/node_modules/.bin/redocly" lint --extends=recommended handler/testdata/openapi.json; return 1; }
	mkdir "$work/client" && cp handler/api/testdata/client.ts "$work/client/" &&
		"$generators/node_modules/.bin/openapi-typescript" handler/testdata/openapi.json -o "$work/client/api.d.ts" &&
		"$generators/node_modules/.bin/tsc" --strict --noEmit "$work/client/client.ts"
}
generators >"$work/generators.out" 2>&1 & # while tests wait for one another
documented=$!

echo "== SQLite and a local directory =="
run "$work/embedded.out" "$@" ./...
echo "== the API document in the hands of generators =="
wait "$documented" || { cat "$work/generators.out" >&2; exit 1; }

if [ $# = 0 ]; then
	echo "== parsers, a thousand new inputs each =="
	fuzz() { # fuzz PACKAGE TARGET: what it finds is kept in the package's testdata/fuzz
		go test -vet=off -run '^$' -fuzz "^$2\$" -fuzztime 1000x -fuzzminimizetime 10x "$1" >"$work/fuzz.out" 2>&1 || { tail -40 "$work/fuzz.out"; exit 1; }
	}
	fuzz ./service/evidence FuzzWhatPassesCanBeShown
	fuzz ./service/evidence FuzzStream
	fuzz ./service/evidence/jpeg FuzzDecode
	fuzz ./service/sheet FuzzEach
	fuzz ./model FuzzParseCaseNo
	fuzz ./model FuzzFold
	fuzz ./handler/web FuzzDecodeJSON
	fuzz ./service/wechat FuzzFields
fi

export TEST_MYSQL="root@tcp(127.0.0.1:$sql_port)/" TEST_MINIO="http://testuser:testsecret@127.0.0.1:$s3_port" TEST_REDIS="127.0.0.1:$redis_port"
# stored PATTERN…: the packages whose tests store something. Browsers look at pages,
# which do not know what they are stored in; every page is asked for in ./handler, too.
stored() {
	go list -f '{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}} ' "$@" |
		grep -E '/(storagetest|objecttest|servicetest|handlertest) ' | cut -d' ' -f1 | grep -v '/handler/browser$'
}
touch "$work/race.out"
if [ "${MICROCOURT_RACE:-}" = 1 ]; then # building it all a third time takes longer than the gate has
	echo "== MariaDB and MinIO: rules and areas, under the race detector =="
	CGO_ENABLED=1 run "$work/race.out" -race -count=1 "$@" ./model $(stored ./storage/... ./service/...)
	echo "== MariaDB and MinIO: doors and program =="
	run "$work/servers.out" -count=1 "$@" $(stored ./handler/... ./cmd/...)
else
	echo "== MariaDB and MinIO =="
	run "$work/servers.out" -count=1 "$@" $(stored ./storage/... ./service/... ./handler/... ./cmd/...)
fi
if grep -qE '^--- SKIP' "$work/embedded.out" "$work/race.out" "$work/servers.out"; then
	echo "a test was skipped" >&2
	exit 1
fi
echo "tests run on SQLite and a directory: $(count "$work/embedded.out")"
echo "tests run on MariaDB and MinIO:      $(count "$work/race.out" "$work/servers.out")"
