#!/bin/sh
# all.sh - builds mountc and runs every test; the last line says `N passed, N failed`.
#
#   test/all.sh            everything, in a release build
#   test/all.sh --sanitize the unit and golden tests under ASan and UBSan
set -eu
cd "$(dirname "$0")/.."
. test/setup.sh

install_packages test
case ${1:-} in
--sanitize)
    build build-sanitize -DCMAKE_BUILD_TYPE=Debug -DMOUNTC_SANITIZE=address,undefined
    exec python3 test/all.py --build build-sanitize unit golden
    ;;
*)
    build build -DCMAKE_BUILD_TYPE=Release
    exec python3 test/all.py --build build
    ;;
esac
