# What the tiers that deploy to an emulator of AWS share; `source` it from the project's folder, with LIMIT_SECONDS set.
# Sets work (a temporary folder) and tools; `start_emulator` starts and bootstraps it on loopback, and sets the AWS SDK's variables;
# `bounded` and `cdk` run something within the time that is left. Leaves no process behind. Needs Python 3.10 or newer, npm, and
# Linux. Everything else is installed below .ci/tools, once.
readonly MINISTACK=1.5.33 NODE=24.21.0
fail() {
  echo "$0: $*" >&2
  exit 1
}

# Runs a command for no longer than what is left of the tier's time.
bounded() {
  local left=$((LIMIT_SECONDS - SECONDS))
  # In the background, since bash hears no signal while it runs something in the foreground.
  timeout --kill-after=10 "$((left > 1 ? left : 1))" "$@" &
  running=$!
  wait "$running"
}

python=$(command -v python3) || fail 'no python3 on the PATH; the emulator needs Python 3.10 or newer'
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
  fail "$("$python" --version) is too old; the emulator needs Python 3.10 or newer"

tools=$PWD/.ci/tools
work=$(mktemp -d)
emulator='' running=''
stop() {
  if [[ "$running" != '' ]]; then kill -TERM "$running" 2>/dev/null || true; fi
  # The emulator leads a process group of its own, in which its functions run.
  if [[ "$emulator" != '' ]]; then kill -KILL -- "-$emulator" 2>/dev/null || true; fi
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# --- tools ---------------------------------------------------------------------------------------------
venv=$tools/ministack-$MINISTACK
if [[ ! -e "$venv/installed" ]]; then
  rm -rf "$venv"
  "$python" -m venv "$venv" || fail 'python3 cannot make virtual environments (Debian: python3-venv)'
  bounded "$venv/bin/pip" install --quiet --disable-pip-version-check "ministack==$MINISTACK"
  touch "$venv/installed"
fi
case $(uname -m) in
  x86_64) arch=x64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) fail "no Node.js $NODE for $(uname -m)" ;;
esac
node=$tools/node-$NODE
if [[ ! -x "$node/node_modules/node-linux-$arch/bin/node" ]]; then
  bounded npm install --silent --no-save --no-package-lock --prefix "$node" "node-linux-$arch@$NODE"
fi

# --- the emulator, on loopback -------------------------------------------------------------------------
free_ports() {
  "$python" - <<'PYTHON'
import socket
sockets = [socket.socket() for _ in range(2)]
for s in sockets:
    s.bind(("127.0.0.1", 0))
print(*(s.getsockname()[1] for s in sockets))
PYTHON
}
start_emulator() {
  read -r gateway_port upstream_port <<<"$(free_ports)"
  export AWS_ENDPOINT_URL=http://127.0.0.1:$gateway_port
  export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
  export AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null
  unset AWS_PROFILE AWS_SESSION_TOKEN
  # The functions' Node.js is the runtime's, not the machine's.
  mkdir "$work/tmp"
  PATH=$node/node_modules/node-linux-$arch/bin:$PATH TMPDIR=$work/tmp BIND_HOST=127.0.0.1 GATEWAY_PORT=$gateway_port \
    PYTHONDONTWRITEBYTECODE=1 setsid "$venv/bin/python" test/deploy/emulator >"$work/emulator.log" 2>&1 &
  emulator=$!
  "$python" - "$AWS_ENDPOINT_URL/_ministack/health" "$emulator" <<'PYTHON' || {
import os, sys, time, urllib.request
for _ in range(150):
    os.kill(int(sys.argv[2]), 0)
    try:
        urllib.request.urlopen(sys.argv[1], timeout=5)
        sys.exit(0)
    except OSError:
        time.sleep(0.2)
sys.exit(1)
PYTHON
    cat "$work/emulator.log" >&2
    fail 'the emulator did not start'
  }
  # An environment is given, so that no app has to run.
  cdk bootstrap --app '' aws://000000000000/us-east-1
}

# --- CDK -----------------------------------------------------------------------------------------------
export CDK_DISABLE_CLI_TELEMETRY=true CDK_DISABLE_VERSION_CHECK=true
# Templates are held to AWS's schemas by test/lib/validation.test.ts and by `npm run synth`; here it would take most of the time.
export CDK_VALIDATION=false
cdk() {
  bounded node_modules/.bin/cdk "$@" --no-notices --output "$work/cdk.out" >"$work/cdk.log" 2>&1 || {
    cat "$work/cdk.log" >&2
    fail "cdk $1 failed"
  }
}
