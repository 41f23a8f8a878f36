#!/usr/bin/env bash
# A copy that is killed at any moment leaves a store that the same command then fills: 20 rounds,
# 200 under ADGENOME_LONG. usage: copy_kill.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
rounds=20
[ -z "${ADGENOME_LONG:-}" ] || rounds=200
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$program" init --demo --now 2026-01-01 > made.json
for ((i = 0; i < 20000; ++i)); do
  echo "{\"event_id\": \"e$i\", \"deal_id\": \"d$((i % 100))\", \"stage\": \"lead\", \"at\": \"2026-01-01\", \"amount\": $i}"
done | "$program" import deals - --now 2026-01-01 > imported.json
"$program" store copy adgenome.db whole.db --quiet --format csv > expected.csv
killed=0
for ((round = 0; round < rounds; ++round)); do
  rm -f copy.db*
  "$program" store copy adgenome.db copy.db --quiet > /dev/null 2>&1 &
  copying=$!
  sleep "0.$(printf '%03d' $((RANDOM % 600)))"
  kill -9 "$copying" 2> /dev/null && killed=$((killed + 1))
  wait "$copying" 2> /dev/null || true
  if ! "$program" store copy adgenome.db copy.db --quiet --format csv > again.csv 2> error.txt; then
    # It had been done before the kill: then it is whole.
    grep -q "is not empty" error.txt || { cat error.txt; exit 1; }
    rm -f third.db*
    "$program" store copy copy.db third.db --quiet --format csv > again.csv
  fi
  cmp expected.csv again.csv
done
echo "$rounds rounds, $killed killed: each copy was whole in the end"
