#!/bin/sh
# Browser tests need Debian's Chromium. Where apt may be used, install it; elsewhere the tests skip with a reason.
set -eu
command -v chromium >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends chromium fonts-noto-core >/dev/null
else
    echo "chromium is not installed and apt may not be used here: browser tests will be skipped"
fi
