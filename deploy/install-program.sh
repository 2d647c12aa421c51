#!/bin/sh
# install-program.sh COMMAND PACKAGE…: make sure that a program which only tests need is there, from Debian's packages.
# Where apt may not be used, say so; the tests that need the program then skip with a reason.
set -eu
command=$1
shift
command -v "$command" >/dev/null 2>&1 && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
else
    echo "$command is not installed and apt may not be used here: the tests that need it will be skipped"
fi
