#!/usr/bin/env bash
# Runs every test on SQLite and a local directory, and whatever stores something
# again on a real MariaDB and a real MinIO, started and ended here on loopback; rules,
# storage and areas do so under the race detector. It installs what is missing (Debian
# or Ubuntu, as root) and fails when a server cannot be started: nothing is skipped.
#
#   deploy/test.sh            all of it
#   MICROCOURT_BENCH=1 …      the benchmarks instead; arguments go to `go test`
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
need gcc gcc libc6-dev # the race detector needs cgo
need chromium-headless-shell chromium-headless-shell
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


# Every test binary is linked once, and run on each storage.
bin="$work/bin" race="$work/race"
mkdir "$bin" "$race"
go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}} {{.Dir}} {{join .TestImports " "}} {{join .XTestImports " "}} {{end}}' ./... >"$work/tested"
all() { cut -d' ' -f1,2 "$work/tested"; }
# stored PATTERN: the packages whose tests store something. Browsers look at pages,
# which do not know what they are stored in; every page is asked for in ./handler, too.
stored() { grep -E '/(storagetest|objecttest|servicetest|handlertest) ' "$work/tested" | cut -d' ' -f1,2 | grep -E "^microcourt/($1)" | grep -v '/handler/browser '; }
# Files are examined in children, which are ten times as slow under the race detector:
# deploy/test-long.sh waits for them.
racing() { all | grep -E '^microcourt/(model|storage|service)' | grep -v '/service/evidence '; }

# Tests that read source files, print papers or read sheets at their limits, each on
# one goroutine and without a database: the detector sees nothing there, and makes
# them ten times as slow. They run on SQLite like all others.
alone='^(TestTheGlossaryNamesWhatThereIs|TestNoCitationIsTyped|TestTheLawIsDrawn|TestNoThingIsABareString|TestNoAuditActionIsABareString'
alone+='|TestNoPaperSaysWhatTheRecordContradicts|TestThePapersOfEachKindReadBack|TestEveryPaperPrints|TestPapersOfPunishments|TestLimits)$'

# What a whole program does with files and slow lines before anything is stored: once.
unstored='^(TestACrowdOfHostileFilesStaysWithinTheBound|TestASlowPhoneHearsARefusal)$'

# one STORAGE NAME DIR: the tests of a package on a storage, or its parsers
one() {
	local start="$SECONDS" binaries="$bin" logs="$work/$1" log state=ok skip=
	log="$logs/$(basename "$2").log"
	mkdir -p "$logs"
	case "$1" in
	embedded) ;;
	parsers) parsers "$2" "$3" >"$log" 2>&1 || state=FAIL ;;
	document) generators >"$log" 2>&1 || state=FAIL ;;
	*) export TEST_MYSQL="$sql" TEST_MINIO="$s3" TEST_REDIS="$redis" skip="$unstored" ;;
	esac
	if [ "$1" = raced ]; then # which are linked meanwhile
		binaries="$race" skip="$alone"
		until [ -e "$work/built.rc" ]; do sleep 0.5; done
		if [ "$(cat "$work/built.rc")" != 0 ]; then echo "FAIL raced: it was not built"; return 1; fi
	fi
	if [ "$1" != parsers ] && [ "$1" != document ]; then
		(cd "$3" && "$binaries/$(basename "$2").test" -test.v -test.paniconexit0 -test.timeout=25m -test.shuffle=on -test.skip="$skip") >"$log" 2>&1 || state=FAIL
	fi
	grep -E '^(--- FAIL|panic)|_test.go:[0-9]+:' "$log" || true
	echo "$state $1 $2 $((SECONDS - start))s"
	if [ "$state" = FAIL ]; then why "$log"; return 1; fi
}
why() { # why LOG: a race, where a test hangs, what no test tries, or the end of the log
	grep -A60 '^WARNING: DATA RACE' "$1" || grep -A150 '^panic: test timed out' "$1" ||
		grep -A60 -E 'are listed in the API document and occur in no test|that no test sent again' "$1" || tail -60 "$1"
}
# parsers NAME DIR: ten thousand new inputs for each parser of a package. The binaries
# are those of the tests: what guides the search by coverage would compile everything
# once more. deploy/test-long.sh searches so, and for longer. What is found is kept in
# the package's testdata/fuzz.
parsers() {
	local package target
	while read -r package target; do
		if [ "$1" != "microcourt/$package" ]; then continue; fi
		(cd "$2" && "$bin/$(basename "$1").test" -test.run '^$' -test.fuzz "^$target\$" -test.fuzzcachedir "$work/fuzz" -test.fuzztime 10000x \
			-test.fuzzminimizetime 10x) || return 1
	done <deploy/fuzz-targets
}
generators() { # the API document must suit them
	"$generators/node_modules/.bin/redocly" lint --extends=recommended --format=summary handler/testdata/openapi.json ||
		{ "$generators/node_modules/.bin/redocly" lint --extends=recommended handler/testdata/openapi.json; return 1; }
	mkdir "$work/client" && cp handler/api/testdata/client.ts "$work/client/" &&
		"$generators/node_modules/.bin/openapi-typescript" handler/testdata/openapi.json -o "$work/client/api.d.ts" &&
		"$generators/node_modules/.bin/tsc" --strict --noEmit "$work/client/client.ts"
}
raced() { # links them, and tells how that ended
	CGO_ENABLED=1 go test -c -race -vet=off -ldflags="-s -w" -o "$race/" $(racing | cut -d' ' -f1) && echo 0 >"$work/built.new" || echo 1 >"$work/built.new"
	mv "$work/built.new" "$work/built.rc"
}
export -f one why parsers generators

echo "== the tests are built =="
go test -c -vet=off -ldflags="-s -w" -o "$bin/" $(all | cut -d' ' -f1)
go build -ldflags="-s -w" -o "$work/examiner" ./service/evidence/evidencetest/child
export TEST_EXAMINER="$work/examiner"
export work bin race generators alone unstored
export sql="root@tcp(127.0.0.1:$sql_port)/" s3="http://testuser:testsecret@127.0.0.1:$s3_port" redis="127.0.0.1:$redis_port"
export GORACE="atexit_sleep_ms=0" # a race that is found late is told all the same
raced >"$work/built.out" 2>&1 &
pids+=($!)
renice -n 5 $! >/dev/null

echo "== every test on SQLite and a directory; parsers; on MariaDB and MinIO doors and program, and rules, storage and areas under the race detector =="
# One queue, so that no core waits at the end of a phase; of each kind those first that
# have the most tests. Three at once keep two cores busy: programs, browsers and
# databases wait for one another.
most() { while read -r package dir; do echo "$(cat "$dir"/*_test.go | wc -l) $package $dir"; done | sort -rn | cut -d' ' -f2-; }
{
	all | most | sed 's/^/embedded /'
	echo "document openapi.json $PWD"
	cut -d' ' -f1 deploy/fuzz-targets | sort -u | sed "s|.*|parsers microcourt/& $PWD/&|"
	stored 'handler|cmd' | most | sed 's/^/servers /'
	racing | most | sed 's/^/raced /'
} >"$work/queue"
passed=0
xargs -P "${MICROCOURT_AT_ONCE:-3}" -L 1 bash -c 'one "$0" "$1" "$2"' <"$work/queue" || passed=1
if [ "$(cat "$work/built.rc")" != 0 ]; then cat "$work/built.out" >&2; fi
if [ "$passed" != 0 ]; then exit 1; fi

count() { # count DIR…: top-level tests that ran
	find "$@" -name '*.log' -exec cat {} + | grep -cE '^=== RUN   (Test|Fuzz)[^/ ]*$' || true
}
if grep -qE '^--- SKIP' "$work"/{embedded,servers,raced}/*.log; then
	echo "a test was skipped" >&2
	exit 1
fi
echo "tests run on SQLite and a directory: $(count "$work/embedded")"
echo "tests run on MariaDB and MinIO:      $(count "$work/servers" "$work/raced")"
