#!/usr/bin/env bash
# The contracts of the credentials table and of the attachments' journal on AWS's own DynamoDB Local, which is stricter
# than dynalite. The jar comes inside an npm package. Needs Java 17; fails without it.
set -euo pipefail
cd "$(dirname "$0")/../.."

command -v java >/dev/null || { echo 'the integration tier needs Java 17 or newer (java on the PATH)' >&2; exit 1; }

tools=.ci/tools/dynamodb-local
if [ ! -f "$tools/package/emulator/DynamoDBLocal.jar" ]; then
  mkdir -p "$tools"
  npm pack --silent --pack-destination "$tools" amplify-dynamodb-simulator@2.9.30 >/dev/null
  tar -xzf "$tools"/amplify-dynamodb-simulator-2.9.30.tgz -C "$tools"
fi

DYNAMODB_LOCAL="$PWD/$tools/package/emulator" exec npx vitest run --config test/integration/vitest.config.ts
