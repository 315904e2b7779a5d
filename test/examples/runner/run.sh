#!/usr/bin/env bash
# The examples, each as somebody who copies its folder would have it: the packed package beside the CDK, and the commands of
# its header in their order, on an emulator of AWS.
#
# Catches: a header that says what is not so, an example that does not deploy, or that leaves in the way what was there.
# Accepts: whatever the emulator does not model (test/deploy says what).
#
# With `--keep NAME` it sets that example up, says what to ask it, and destroys it at Ctrl-C: for trying a header by hand.
#
# Needs curl and openssl beside what the emulator needs, and npm's registry; AWS's command line is installed where it is not there.
set -euo pipefail
cd "$(dirname "$0")/../../.."

keep=''
if [[ "${1-}" == --keep ]]; then
  keep=${2-}
  [[ -e test/examples/$keep/cdk.json ]] || {
    echo "$0: no example '$keep'; there are: $(cd test/examples && for each in */cdk.json; do printf "%s " "${each%/*}"; done)" >&2
    exit 2
  }
fi
readonly LIMIT_SECONDS=$([[ $keep == '' ]] && echo 280 || echo 86400) AWS_CLI=1.46.3
source test/deploy/emulated.sh

npm run --silent build
if ! command -v aws >/dev/null; then
  cli=$tools/aws-cli-$AWS_CLI
  if [[ ! -e "$cli/installed" ]]; then
    rm -rf "$cli"
    "$python" -m venv "$cli"
    bounded "$cli/bin/pip" install --quiet --disable-pip-version-check "awscli==$AWS_CLI"
    touch "$cli/installed"
  fi
  export PATH=$PATH:$cli/bin
fi

# --- what is installed beside each example --------------------------------------------------------------
# As npm lays it out; the peers and tools are this project's, in the versions that the examples name.
modules=$work/node_modules
mkdir -p "$modules/.bin"
npm pack --silent --pack-destination "$work" >/dev/null
tar -xzf "$work"/apigateway-jwt-authorizer-*.tgz -C "$work"
mv "$work/package" "$modules/apigateway-jwt-authorizer"
for name in aws-cdk-lib constructs aws-cdk tsx; do ln -s "$PWD/node_modules/$name" "$modules/$name"; done
for tool in cdk tsx; do ln -s "$PWD/node_modules/.bin/$tool" "$modules/.bin/$tool"; done
ln -s ../apigateway-jwt-authorizer/dist/bin/jwt-authorizer.js "$modules/.bin/jwt-authorizer"
chmod +x "$modules/apigateway-jwt-authorizer/dist/bin/jwt-authorizer.js"

# --- the emulator, and an issuer that it trusts -----------------------------------------------------------
# The emulator's functions speak plain HTTP to 127.0.0.1, and to localhost, whatever they are told.
export EXAMPLES_TIER_ISSUER=127.0.0.2
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$EXAMPLES_TIER_ISSUER" \
  -addext "subjectAltName=IP:$EXAMPLES_TIER_ISSUER" \
  -keyout "$work/issuer.key" -out "$work/issuer.crt" 2>/dev/null
export NODE_EXTRA_CA_CERTS=$work/issuer.crt
start_emulator

# As a user's own settings: nobody is there to be asked, and the emulator knows no alarms on metric math.
export HOME=$work/home
mkdir "$HOME"
echo '{ "requireApproval": "never", "notices": false, "context": { "monitoring": "false" } }' >"$HOME/.cdk.json"
export EXAMPLES_TIER_FOLDER=$work
if [[ $keep != '' ]]; then
  # It has to destroy first, and the emulator to outlive it. At Ctrl-C it hears the signal twice, which is no more than once.
  trap '[[ $running == "" ]] || kill -INT "$running"' INT TERM
  node --import tsx test/examples/runner/keep.ts "$keep" &
  running=$! status=0
  while kill -0 "$running" 2>/dev/null; do wait "$running" && status=0 || status=$?; done
  running=''
  exit "$status"
fi
bounded node_modules/.bin/vitest run --config test/examples/runner/vitest.config.ts || {
  tail -50 "$work/emulator.log" >&2
  exit 1
}
