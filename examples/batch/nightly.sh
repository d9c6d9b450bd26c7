#!/bin/sh
# Answers the rows of yesterday. Run by cron, or by the CronJob beside it, as often as one likes:
#
#   15 2 * * *  /srv/bandit/examples/batch/nightly.sh http://127.0.0.1:8080 digits /srv/rows /srv/answers
#
# The run is named after its day, so what was broken off goes on and what is finished is left alone. Exit codes are
# those of `bandit batch`: 0 done, 1 broken off (run it again), 2 done with rows that were refused.
set -eu
gateway=$1 endpoint=$2 rows=$3 answers=$4
day=${5:-$(date -u -d yesterday +%F)}
here=$(dirname "$0")/../..
exec node "$here/cli/main.ts" batch --gateway "$gateway" --endpoint "$endpoint" --run "nightly-$day" \
  --in "$rows/$day.ndjson" --out "$answers/$day.ndjson"
