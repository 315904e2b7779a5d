#!/usr/bin/env bash
# The deployment tier: `cdk deploy` of real configurations on an emulator of AWS, then real requests.
#
# Catches: a template that CloudFormation's engine refuses, a bundle that does not start on the Lambda
# runtime's Node.js, a function that cannot find its secret or its table, an authorizer that API Gateway
# cannot invoke, or keyed so that it answers wrongly.
# Accepts: whatever the emulator does not model; deployment.test.ts opens with a list of that.
#
# Bounded in time, and leaves no process behind.
set -euo pipefail
cd "$(dirname "$0")/../.."

LIMIT_SECONDS=570
source test/deploy/emulated.sh
start_emulator

# --- configurations ------------------------------------------------------------------------------------
upstream=http://127.0.0.1:$upstream_port/base
cat >"$work/generated.yml" <<YAML
jwt: { secret: generate, algorithms: [HS256], audience: orders-api, checkCredentialExistence: false }
upstream: $upstream
YAML
cat >"$work/scoped.yml" <<YAML
jwt:
  secretOrPublicKeyFile: ./public.pem
  algorithms: [RS256]
  checkCredentialExistence: false
  scopeClaim: scope
routes:
  - { paths: [/orders, '/orders/{id}'], methods: [POST], scopes: [orders:write] }
upstream: $upstream
YAML
cat >"$work/controlled.yml" <<YAML
jwt: { secret: generate, algorithms: [HS256] }
authorizerCacheSeconds: 0
credentialCacheSeconds: 0
adminApi: true
YAML
cat >"$work/owned.yml" <<YAML
jwt: { credentialKey: true }
authorizerCacheSeconds: 0
credentialCacheSeconds: 0
adminApi: true
YAML
cat >"$work/cached.yml" <<YAML
jwt: { secret: generate, algorithms: [HS256] }
authorizerCacheSeconds: 300
credentialCacheSeconds: 0
YAML
cat >"$work/planned.yml" <<YAML
jwt: { secret: generate, algorithms: [HS256] }
plans:
  gold: { rateLimit: 100, burstLimit: 200, quota: { limit: 3, period: DAY } }
authorizerCacheSeconds: 0
credentialCacheSeconds: 0
adminApi: true
YAML
node test/deploy/make-keys.mjs "$work"
# A secret and a parameter of somebody else's, which must be there before the configuration can name them.
AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED=true node test/deploy/make-stored.mjs "$work"
(cd "$work" && "$python" -m zipfile -c echo.zip "$OLDPWD/test/deploy/echo/index.mjs")

# --- deployment ----------------------------------------------------------------------------------------
# The emulator knows no alarms on metric math, of which monitoring has some.
for name in generated scoped controlled stored owned cached planned; do
  before=$SECONDS
  cdk deploy --require-approval never --outputs-file "$work/$name.json" \
    --context "config=$work/$name.yml" --context "stackName=$name" --context monitoring=false
  echo "deployed $name in $((SECONDS - before)) s: $(grep -o 'Deployment time: [0-9.]*s' "$work/cdk.log" | head -1)"
done

# Two of somebody else's, each with an API of its own.
before=$SECONDS
cdk deploy --all --app 'node --import tsx test/deploy/foreign/app.ts' --require-approval never \
  --outputs-file "$work/foreign.json" --context stackNames=foreign,neighbour --context "upstream=$upstream"
cp "$work/foreign.json" "$work/neighbour.json"
echo "deployed two foreign stacks in $((SECONDS - before)) s"

# --- requests ------------------------------------------------------------------------------------------
export DEPLOY_TIER_FOLDER=$work DEPLOY_TIER_UPSTREAM_PORT=$upstream_port
bounded node_modules/.bin/vitest run --config test/deploy/vitest.config.ts || {
  tail -50 "$work/emulator.log" >&2
  exit 1
}
