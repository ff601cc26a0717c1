#!/bin/sh
# demo.sh - installs what mountc needs on Debian 12, builds it, and applies an example in a
# throw-away mount namespace: the tree it made is printed, and gone when the script ends.
set -eu
cd "$(dirname "$0")/.."
. test/setup.sh

install_packages build
build build
echo
echo "applying examples/shared-subtrees.mnt in a private mount namespace:"
exec unshare --mount --propagation private sh -c '
    build/mountc run examples/shared-subtrees.mnt &&
    findmnt --submounts --output TARGET,FSROOT,PROPAGATION,OPTIONS --mountpoint /mnt'
