#!/usr/bin/env bash
# Compiles the contracts and writes their Go bindings. With --check it writes elsewhere, and fails if
# the committed bindings differ.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

[ -d node_modules ] || npm ci --silent
node compile.mjs "$work"

bindings=../binding
[ "${1:-}" = --check ] && mkdir "$work/binding" && bindings=$work/binding
grep -v '^#' bindings.txt | while read -r file contract _ alias; do
	bin=()
	[ -s "$work/$contract.bin" ] && bin=(--bin "$work/$contract.bin")
	[ "$alias" = runtime ] && alias=
	go tool abigen --v2 --abi "$work/$contract.abi" "${bin[@]}" --alias "$alias" \
		--pkg binding --type "$contract" --out "$bindings/$file"
	sed -i.orig 's/errors.New("Unknown error")/errors.New("binding: unknown error")/' "$bindings/$file" # linters want it so
	rm "$bindings/$file.orig"
	chmod 644 "$bindings/$file"
	if [ "$bindings" != ../binding ] && ! cmp -s "$bindings/$file" "../binding/$file"; then
		echo "adjudicator/evm/binding/$file is not what the contracts compile to: run make contracts" >&2
		exit 1
	fi
done
