#!/usr/bin/env bash
# The bundle on Node 24, the runtime that Lambda gives it: the tests that run the built files, once more. The
# binary comes from npm, in the package for this platform (the `node` package itself needs an install script).
# They are watched for leaks: these are the files in which the functions, the gateway and the command run as they ship, with
# secrets, tokens and keys of all kinds, and they run here anyway. `npm run test:leaks` watches all.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools=.ci/tools/node24
package=$(node -p '`node-${process.platform}-${process.arch}`')
node24="$PWD/$tools/node_modules/$package/bin/node"
[ -x "$node24" ] || npm install --silent --no-save --prefix "$tools" "$package@24.21.0"

"$node24" --version
LEAK_WATCH=1 "$node24" node_modules/vitest/vitest.mjs run test/e2e test/authorizer
