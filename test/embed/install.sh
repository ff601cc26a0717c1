# install.sh BUILD SOURCE DIRECTORY - what the tests of this folder install and build.
set -eu
build=$1 source=$2 to=$3
rm -rf "$to" && mkdir -p "$to"
cmake --install "$build" --prefix "$to/usr" > /dev/null
export PKG_CONFIG_PATH="$(dirname "$(find "$to/usr" -name mountrun.pc)")"
echo "mount /mnt tmpfs(mode=700) nodev; mount /mnt/a tmpfs mkdir;" > "$to/layout.mnt"
"$to/usr/bin/mountc" compile "$to/layout.mnt" --emit=c -o "$to/layout_plan.c"
"$to/usr/bin/mountc" compile "$to/layout.mnt" -o "$to/layout.plan"
