#!/usr/bin/env bash
# Creates an API key: the key goes to standard error, to be shown once and stored nowhere; the line for the file of keys,
# which holds only its hash, goes to standard output:
#   tools/new_api_key.sh NAME SCOPES >>api-keys          SCOPES: admin, outcome, predict, or several separated by commas
set -euo pipefail

usage() {
  echo "usage: tools/new_api_key.sh NAME SCOPES" >&2
  echo "$1" >&2
  exit 2
}

if [ $# -ne 2 ]; then usage "expected a name and scopes, e.g. alice admin"; fi
name=$1 scopes=$2
# The server refuses a file with a line that it can't use, so nothing else is printed here.
export LC_ALL=C
if [[ ! $name =~ ^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$ ]]; then usage "NAME: at most 64 of A-Z a-z 0-9 . _ @ -"; fi
if [ "$name" = local ]; then usage "NAME: 'local' stands for changes without a key"; fi
if [[ ! $scopes =~ ^(admin|outcome|predict)(,(admin|outcome|predict))*$ ]]; then
  usage "SCOPES: admin, outcome, predict, or several separated by commas"
fi

key=$(head -c 32 /dev/urandom | base64 | tr -d '=\n' | tr '+/' '-_')
if [ ${#key} -ne 43 ]; then
  echo "no 256 bits of randomness could be read from /dev/urandom" >&2
  exit 1
fi
hash=$(printf %s "$key" | sha256sum)
printf '%s %s %s\n' "$name" "$scopes" "${hash%% *}"
printf 'The key of %s, shown only now:\n%s\n' "$name" "$key" >&2
