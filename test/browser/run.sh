#!/usr/bin/env bash
# The console in Chromium, which is Debian's where there is none and one may be installed.
set -euo pipefail
cd "$(dirname "$0")/../.."

has_chromium() {
  [[ -n ${CHROMIUM-} ]] || command -v chromium chromium-browser google-chrome-stable google-chrome >/dev/null
}
if ! has_chromium && [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
  apt-get update --quiet=2 && apt-get install --quiet=2 --yes --no-install-recommends chromium
fi
npm run --silent test:browser
