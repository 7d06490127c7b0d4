#!/usr/bin/env bash
# Prints the figures that the project promises, each as a ratio of two
# measurements taken in turn in one run, on a MariaDB and a MinIO of its own.
#   of-bare                 uploads through the API : bare PutObject; verifications : a bare primary-key read
#   MB-growth               memory of the process with 200 uploads of 10 MB under way
#   million/ten-thousand    the judge's first page with 1,000,000 receipts : with 10,000
#   of-hand-written         confirmations : the same rows by hand-written SQL
#   p99-ms                  the slowest 99th percentile of all pages of the desk with 1,000,000 receipts; each page is printed with the bytes
#                           that a browser gets for it, compressed: the page itself, and its style sheets and scripts, which it keeps
#   KB                      the heaviest of these pages with all of its assets (the one with charts)
#   p95-s, last-s           5,000 people due at the same minute, the platform at 20 to 500 ms a call: when their channel has accepted 95 %, and all
#                           of the messages, in the record (goal: 95 % within 10 s)
#   deflates                a certificate, printed and signed : deflating as many bytes as it has (goal: 50 papers a second and core, PDF/s)
#   accepted/s              messages from the outbox that WeChat accepted, at 20 ms a call, by one instance
set -euo pipefail
cd "$(dirname "$0")/.."
MICROCOURT_BENCH=1 deploy/test.sh -run '^$' -bench . -benchtime 1x
