# setup.sh - sourced by the demo, the tests and CI: packages, capabilities, the build.

# Both commands mount for real.
require_root() {
    caps=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status 2>/dev/null || echo 0)
    if [ "$(id -u)" != 0 ] || [ $((0x${caps:-0} >> 21 & 1)) = 0 ]; then
        echo "mountc mounts for real: run this as root with CAP_SYS_ADMIN" >&2
        exit 1
    fi
}

packages_build="g++ cmake ninja-build tao-pegtl-dev libfmt-dev util-linux"
packages_test="libgtest-dev llvm-19-tools python3 busybox-static binutils clang
    libclang-rt-dev"

packages_vm="qemu-system-x86 seabios runc crun erofs-utils"

# install_vm_packages: without them the tests on other kernels and of OCI runtimes are skipped, and
# say so.
install_vm_packages() {
    command -v qemu-system-x86_64 runc crun > /dev/null ||
        apt-get install -y -qq --no-install-recommends $packages_vm > /dev/null || true
}

# install_packages build|test: those of the list that are not there yet.
install_packages() {
    require_root
    wanted=$packages_build
    [ "$1" = build ] || wanted="$wanted $packages_test"
    missing=
    for package in $wanted; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    echo "installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    apt-get install -y -qq --no-install-recommends $missing > /dev/null
}

# build DIRECTORY [CMAKE-OPTION...]
build() {
    directory=$1
    shift
    cmake -S . -B "$directory" -G Ninja "$@" > /dev/null
    cmake --build "$directory"
}
