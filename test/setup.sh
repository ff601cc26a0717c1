# setup.sh - sourced by the demo, the tests and CI: packages, capabilities, the build.

# Both commands mount for real.
require_root() {
    caps=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status 2>/dev/null || echo 0)
    if [ "$(id -u)" != 0 ] || [ $((0x${caps:-0} >> 21 & 1)) = 0 ]; then
        echo "mountc mounts for real: run this as root with CAP_SYS_ADMIN" >&2
        exit 1
    fi
}

packages_build="g++ cmake ninja-build tao-pegtl-dev libfmt-dev libmimalloc-dev util-linux"
packages_test="libgtest-dev llvm-19-tools python3 busybox-static binutils clang
    libclang-rt-dev gfortran"
# What tests of integrations run: without one of them its tests are skipped, and say so.
packages_optional="qemu-system-x86 qemu-system-arm seabios g++-aarch64-linux-gnu runc crun bubblewrap erofs-utils systemd"

# missing PACKAGE...: those that are not installed.
missing() {
    for package; do
        dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' ||
            echo "$package"
    done
}

# add PACKAGE...: installs those that are missing.
add() {
    # shellcheck disable=SC2046 # a list of words
    set -- $(missing "$@")
    [ $# != 0 ] || return 0
    echo "installing: $*"
    [ -n "${lists_are_new:-}" ] || apt-get update -qq
    lists_are_new=1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" > /dev/null
}

# install_packages build|test
install_packages() {
    require_root
    # shellcheck disable=SC2086 # lists of words
    case $1 in
    build) add $packages_build ;;
    test)
        add $packages_build $packages_test
        for package in $packages_optional; do
            add "$package" || true
        done
        ;;
    esac
}

# build DIRECTORY [CMAKE-OPTION...]
build() {
    directory=$1
    shift
    cmake -S . -B "$directory" -G Ninja "$@" > /dev/null
    cmake --build "$directory"
}
