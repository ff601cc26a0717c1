#!/bin/sh
# busybox-root.sh DIR - makes a small root filesystem of busybox in DIR for the examples.
set -eu
root=${1:?usage: busybox-root.sh DIR}
busybox=$(command -v busybox) || { echo "busybox is not installed (package busybox-static)" >&2; exit 1; }
mkdir -p "$root/bin"
for dir in dev etc home proc run sys tmp usr/share/zoneinfo var/log exchange both; do
    mkdir -p "$root/$dir"
done
cp "$busybox" "$root/bin/busybox"
for applet in sh ls cat mount umount mkdir sleep grep sort echo id ps; do
    ln -sf busybox "$root/bin/$applet"
done
for file in hostname hosts resolv.conf; do
    : > "$root/etc/$file"
done
printf 'root:x:0:0:root:/:/bin/sh\n' > "$root/etc/passwd"
