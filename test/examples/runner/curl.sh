# For the commands of an example: every address of an API on AWS is the emulator's address of it, where there is one. All else of
# `curl` is as it stands, but that the answer goes to files, where ANSWERS names a folder: $ANSWERS/$LINE.status and .body.
curl() {
  local argument arguments=()
  local api='^https://([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com/([^/]+)(.*)$'
  for argument in "$@"; do
    if [[ -v AWS_ENDPOINT_URL && $argument =~ $api ]]; then
      argument=$AWS_ENDPOINT_URL/restapis/${BASH_REMATCH[1]}/${BASH_REMATCH[2]}/_user_request_${BASH_REMATCH[3]}
    fi
    arguments+=("$argument")
  done
  if [[ ! -v ANSWERS ]]; then
    command curl --silent --show-error --max-time 60 --write-out '\n%{http_code}\n' "${arguments[@]}"
    return
  fi
  command curl --silent --show-error --max-time 60 --output "$ANSWERS/$LINE.body" --write-out '%{http_code}' \
    "${arguments[@]}" >"$ANSWERS/$LINE.status"
}

fail() {
  echo "line $LINE: ended with $?" >&2
  exit 1
}
