#!/bin/sh
# Checks what the shared library offers and needs: the functions of the header, those of birchlog.map and those that the library exports are
# the same, and it needs neither Swift's runtime nor Foundation.
#
#     sh Tests/C/exports.sh PREFIX/lib/libbirchlog.so [PREFIX/include/birchlog.h]
set -eu
export LC_ALL=C

root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
library=$1
header=${2:-$root/include/birchlog.h}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Declarations are names before a parenthesis in the header without its comments and macros; callbacks stand in parentheses themselves.
gcc -E -P "$header" | tr '\n' ' ' | grep -oE '[^a-z0-9_]birchlog_[a-z0-9_]+ *\(' | grep -oE 'birchlog_[a-z0-9_]+' | sort -u > "$work/declared"
sed -n 's/^ *\(birchlog_[a-z0-9_]*\);.*/\1/p' "$root/birchlog.map" | sort > "$work/listed"
# Type A is the name of the version itself.
nm -D -g --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort > "$work/exported"

compare() {
  if ! diff -u "$work/$1" "$work/$2" > "$work/difference"; then
    echo "functions that are $1 and functions that are $2 differ:" >&2
    grep '^[-+][a-zA-Z_]' "$work/difference" >&2
    exit 1
  fi
}
test -s "$work/declared"
compare declared listed
compare listed exported

readelf -d "$library" > "$work/dynamic"
if grep -E 'NEEDED.*([sS]wift|Foundation|dispatch|BlocksRuntime)' "$work/dynamic" >&2; then
  echo "$library needs a part of Swift at run time" >&2
  exit 1
fi
grep -q 'SONAME.*\[libbirchlog\.so\.0\]' "$work/dynamic" || { echo "$library has another SONAME than libbirchlog.so.0" >&2; exit 1; }
if grep -E 'RUNPATH|RPATH' "$work/dynamic" >&2; then
  echo "$library holds a path of the machine that built it" >&2
  exit 1
fi
echo "$(wc -l < "$work/exported") functions declared, listed and exported"
