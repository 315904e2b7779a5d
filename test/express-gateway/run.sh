#!/usr/bin/env bash
# Express Gateway 1.16.11 itself: its command line against our Admin API, and the move of its consumers to us. It
# is installed beside the project, without its install scripts; the tier fails when it cannot be.
set -euo pipefail
cd "$(dirname "$0")/../.."

npm run --silent bundle
exec npx vitest run --config test/express-gateway/vitest.config.ts
