#!/bin/sh
# npm's solc as forge wants to call it: --version, or --standard-json.
dir=$(cd "$(dirname "$0")" && pwd)
exec node "$dir/solc.mjs" "$@"
