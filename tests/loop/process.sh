#!/usr/bin/env bash
# How the program behaves as a process: full pipes, signals, read-only folders, two at once.
# usage: process.sh PROGRAM
set -uo pipefail
program=$(realpath "$1")
folder=$(mktemp -d)
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
cd "$folder"
for name in "${!ADGENOME_@}"; do unset "$name"; done
failed=0
expect() { # NAME EXPECTED ACTUAL
  if [ "$2" != "$3" ]; then
    echo "failed: $1: expected $2, found $3"
    failed=1
  fi
}

# The reader of a pipe goes away: silent, 141.
for i in $(seq 50000); do echo "{\"id\":\"t$i\",\"category\":\"c\"}"; done > pool.jsonl
echo '{}' > context.json
"$program" select --candidates pool.jsonl --context context.json --all --format jsonl --seed 1 2>err | head -1 >/dev/null
expect "closed pipe" 141 "${PIPESTATUS[0]}"
expect "closed pipe is silent" "" "$(grep error err)"

# A full disk for the output is an error, not silence.
"$program" select --candidates pool.jsonl --context context.json --all --seed 1 >/dev/full 2>err
expect "full output" 3 $?

# Interrupted while it waits for its input.
for signal in INT TERM; do
  mkfifo wait
  # A shell without job control starts background commands with SIGINT ignored: env gives it back.
  env --default-signal=INT "$program" select --candidates wait --context context.json >/dev/null 2>&1 &
  exec 8>wait
  sleep 0.3
  kill -$signal $!
  wait $!
  code=$?
  exec 8>&-
  rm wait
  expect "SIG$signal" $([ $signal = INT ] && echo 130 || echo 143) $code
done

# A store cannot be made in a folder that is not there, nor under a file.
"$program" init --store none/at/all.db >/dev/null 2>err
expect "no folder" 5 $?
expect "no folder: one line" 1 "$(grep -c '^adgenome: error: ' err)"
if [ "$(id -u)" -ne 0 ]; then
  mkdir closed && chmod a-w closed
  "$program" init --store closed/a.db >/dev/null 2>err
  expect "read-only folder" 5 $?
fi

# Two make and fill the same store at once: both are done, nothing is there twice.
"$program" init --demo --store two.db >a.json 2>a.err &
"$program" init --demo --store two.db >b.json 2>b.err
expect "second init at once" 0 $? "$(cat b.err)"
wait $!
expect "first init at once" 0 $?
expect "made once" 89 "$(cat a.json b.json | grep -o '"new": [0-9]*' | awk '{n += $2} END {print n}')"

# The same bytes from a pipe and from a file.
"$program" select --candidates pool.jsonl --context context.json --seed 1 --now 2026-01-01 >file.json 2>/dev/null
"$program" select --candidates - --context context.json --seed 1 --now 2026-01-01 <pool.jsonl >pipe.json 2>/dev/null
expect "pipe and file" "$(sha256sum <file.json)" "$(sha256sum <pipe.json)"
gzip -k pool.jsonl
"$program" select --candidates pool.jsonl.gz --context context.json --seed 1 --now 2026-01-01 >gz.json 2>/dev/null
expect "compressed" "$(sha256sum <file.json)" "$(sha256sum <gz.json)"

[ $failed -eq 0 ] && echo "processes behave"
exit $failed
