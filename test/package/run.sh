#!/usr/bin/env bash
# The packed package in a CDK app of somebody else's. Needs npm's registry.
set -euo pipefail
cd "$(dirname "$0")/../.."
npm run --silent build
npx vitest run --config test/package/vitest.config.ts
