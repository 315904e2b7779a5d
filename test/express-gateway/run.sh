#!/usr/bin/env bash
# Express Gateway 1.16.11 itself: its command line against our Admin API, and the move of its consumers to us. It
# is installed beside the project, without its install scripts; the tier fails when it cannot be.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools=.ci/tools/express-gateway
if [ ! -f "$tools/installed-1.16.11" ]; then
  npm install --silent --no-save --no-audit --no-fund --ignore-scripts --prefix "$tools" express-gateway@1.16.11 ||
    { echo 'express-gateway@1.16.11 cannot be installed; is the npm registry in reach?' >&2; exit 1; }
  touch "$tools/installed-1.16.11"
fi

npm run --silent bundle
EXPRESS_GATEWAY="$PWD/$tools/node_modules/express-gateway" exec npx vitest run --config test/express-gateway/vitest.config.ts
