#!/usr/bin/env bash
# A short scene against a real daemon in a folder of its own: Aki on phone and PC, Ben on his phone. Each line says what
# happened and how many milliseconds it took, process starts included; a scene that does not go as told ends with 1.
#   demo.sh FOLDER_OF_BINARIES
set -euo pipefail

bin=$1
stage=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$stage"
}
trap finish EXIT

now_us() { echo $((${EPOCHREALTIME/[.,]/} + 0)); }
# told TEXT: the line for what began at $begun.
told() {
  local us=$(($(now_us) - begun))
  printf '%7d.%d ms  %s\n' $((us / 1000)) $((us / 100 % 10)) "$1"
}
fail() { printf 'demo: %s\n' "$1" >&2; exit 1; }

# as DEVICE COMMAND...: the command line with the profile of that device.
as() { local device=$1; shift; "$bin/enishi" --profile "$stage/$device" "$@"; }
# text_of KEY, number_of KEY: a field of the JSON object on standard input.
text_of() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" | head -n 1; }
number_of() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" | head -n 1; }
# unread DEVICE CHAT: what that device shows.
unread() { as "$1" --json list | grep -F "\"chat\":\"$2\"" | number_of unread; }
# next_of DESCRIPTOR TYPE...: reads happenings until one has a word of TYPE.
next_of() {
  local line
  while read -r -t 20 -u "$1" line; do
    [[ $line != *"$2"* ]] || { printf '%s\n' "$line"; return; }
  done
  fail "waited 20 s for $2"
}

begun=$(now_us)
coproc DAEMON { exec "$bin/enishid" run --data "$stage/data" --listen 127.0.0.1:0 2>"$stage/log"; }
pids+=("$DAEMON_PID")
read -r -t 30 -u "${DAEMON[0]}" ready origin || { cat "$stage/log" >&2; fail "the daemon did not start"; }
told "the daemon serves $origin ($ready)"

begun=$(now_us)
link=$("$bin/enishid" invite --data "$stage/data" --uses 1)
as aki-phone --json join "$link" --handle aki --name "Aki" --device phone >/dev/null
told "Aki joins on her phone with the owner's link"

begun=$(now_us)
link=$(as aki-phone --json invite --uses 1 | text_of url)
as ben-phone --json join "$link" --handle ben --name "Ben 勉" --device phone >/dev/null
told "Ben joins on Aki's invitation: the two are tied"

begun=$(now_us)
exec {pairing}< <(exec "$bin/enishi" --profile "$stage/aki-phone" --json pair --yes 2>/dev/null)
pids+=("$!")
link=$(next_of "$pairing" '"url"' | text_of url)
as aki-pc --json pair "$link" --device pc >/dev/null 2>&1
told "Aki pairs her PC"

exec {watching}< <(exec "$bin/enishi" --profile "$stage/aki-pc" --json watch 2>/dev/null)
pids+=("$!")
next_of "$watching" '"ready"' >/dev/null

begun=$(now_us)
as ben-phone --json send @aki "Tea at four? お茶 ☕" >/dev/null
told "Ben's phone sends, the daemon has it on disk and says so"
line=$(next_of "$watching" '"message"')
[[ $(text_of text <<<"$line") == "Tea at four? お茶 ☕" ]] || fail "the PC shows something else: $line"
told "Aki's PC shows it, byte for byte"

begun=$(now_us)
[[ $(unread aki-phone @ben) == 1 && $(unread aki-pc @ben) == 1 ]] || fail "phone and PC do not both say 1 unread"
told "phone and PC both say: 1 unread"

begun=$(now_us)
as aki-phone --json mark @ben >/dev/null
told "Aki reads on the phone"
next_of "$watching" '"marker"' >/dev/null
[[ $(unread aki-pc @ben) == 0 && $(unread aki-phone @ben) == 0 ]] || fail "phone and PC do not both say 0 unread"
told "both say: nothing unread"

begun=$(now_us)
as aki-pc --json send @ben "With pleasure." >/dev/null
[[ $(as ben-phone --json read @aki | grep -c '"kind":"message"') == 2 ]] || fail "Ben does not see two messages"
told "Aki answers on the PC; Ben reads both"

begun=$(now_us)
kill -TERM "$DAEMON_PID"
wait "$DAEMON_PID" || fail "the daemon ended with $?"
told "the daemon drains and ends"
