#!/bin/sh
# Generates the Go code of every .proto file below this directory.
#   gen.sh          writes it
#   gen.sh --check  fails when what is committed differs from what it would write
# Needs protoc (Debian: protobuf-compiler). The plugins are pinned: protoc-gen-go by
# go.mod, the others here. protoc's own version is kept out of the output.
# REST: restserver/paths.txt lists lnd's paths; the gateway is made for those of them
# whose method is in a .proto file here, so that a new RPC is served without more ado.
set -eu

GRPC_PLUGIN=google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2
GATEWAY_PLUGIN=github.com/grpc-ecosystem/grpc-gateway/v2/protoc-gen-grpc-gateway@v2.30.0
MODULE=github.com/nichework/nwnd/lnrpc

cd "$(dirname "$0")"
command -v protoc >/dev/null || {
	echo "gen.sh: protoc is not installed (Debian: apt-get install protobuf-compiler)" >&2
	exit 2
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/bin" "$tmp/out"
go build -o "$tmp/bin/protoc-gen-go" google.golang.org/protobuf/cmd/protoc-gen-go
GOBIN="$tmp/bin" go install "$GRPC_PLUGIN"
GOBIN="$tmp/bin" go install "$GATEWAY_PLUGIN"

protos=$(find . -name '*.proto' | sed 's|^\./||' | LC_ALL=C sort)

# shellcheck disable=SC2086 # a list of file names without spaces
awk '
	FILENAME ~ /[.]proto$/ {
		if ($1 == "package") { pkg = $2; sub(/;.*/, "", pkg) }
		if ($1 == "service") service = $2
		if ($1 == "rpc") { name = $2; sub(/[(].*/, "", name); ours[pkg "." service "." name] }
		next
	}
	FNR == 1 { print "type: google.api.Service\nconfig_version: 3\nhttp:\n  rules:" }
	/^#/ || !($1 in ours) { next }
	$1 == last { print "      additional_bindings:"; dent = "        "; lead = "        - " }
	$1 != last { print "    - selector: " $1; dent = "      "; lead = dent; last = $1 }
	{
		print lead tolower($2) ": \"" $3 "\""
		if ($4 == "body") print (lead == dent ? dent : dent "  ") "body: \"*\""
	}
' $protos restserver/paths.txt >"$tmp/rest.yaml"
# shellcheck disable=SC2086 # a list of file names without spaces
PATH="$tmp/bin:$PATH" protoc -I . \
	--go_out="$tmp/out" --go_opt=module="$MODULE" \
	--go-grpc_out="$tmp/out" --go-grpc_opt=module="$MODULE" \
	--grpc-gateway_out="$tmp/out" --grpc-gateway_opt=module="$MODULE" \
	--grpc-gateway_opt=grpc_api_configuration="$tmp/rest.yaml" \
	$protos
find "$tmp/out" -name '*.go' -exec sed -i '/^\/\/ *[-\t ]*protoc  *v/d' {} +
# The gateway's idea of what these packages are for.
find "$tmp/out" -name '*.pb.gw.go' -exec sed -i '/^\/\*$/,/^\*\/$/d' {} +

if [ "${1-}" = --check ]; then
	stale=0
	for f in $(cd "$tmp/out" && find . -name '*.go') $(find . -name '*.pb.go' -o -name '*.pb.gw.go'); do
		cmp -s "$tmp/out/$f" "$f" || {
			echo "gen.sh: $f is stale: run lnrpc/gen.sh" >&2
			stale=1
		}
	done
	exit $stale
fi
find . \( -name '*.pb.go' -o -name '*.pb.gw.go' \) -delete
cp -r "$tmp/out/." .
