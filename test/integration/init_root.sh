# init_root.sh PROPAGATION TREES BINDS COMMAND... - in namespaces of its own: makes a root of this
# machine's, with the files of TREES laid over it and BINDS (SOURCE:TARGET) bound in it, and becomes
# COMMAND there, as process 1.
set -e
propagation=$1 trees=$2 binds=$3
shift 3
n=$(mktemp -d)
mount -t tmpfs new "$n"
mkdir "$n/u" "$n/w" "$n/r"
mount -t overlay ov -o "lowerdir=/,upperdir=$n/u,workdir=$n/w" "$n/r"
r=$n/r
for tree in $trees; do
    # /sbin is a link on this machine and a directory in packages.
    tar -C "$tree" -c . | tar -C "$r" -x --keep-directory-symlink --no-overwrite-dir
done
: > "$r/etc/fstab"
mount -t proc proc "$r/proc"
mount -t sysfs -o ro sysfs "$r/sys"
mount -t tmpfs -o mode=755 dev "$r/dev"
for d in null zero full random urandom tty; do touch "$r/dev/$d"; mount --bind "/dev/$d" "$r/dev/$d"; done
ln -s /proc/self/fd "$r/dev/fd"
touch "$r/dev/console"
mount --bind "$(tty)" "$r/dev/console"
mount -t tmpfs run "$r/run"
mount -t tmpfs tmp "$r/tmp"
for bind in $binds; do
    mkdir -p "$r${bind#*:}"
    mount --bind "${bind%%:*}" "$r${bind#*:}"
done
mkdir -p "$r/old" "$r/srv/t"
cd "$r"
pivot_root . old
cd /
umount -l /old
mount --make-"$propagation" /
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin "$@" < /dev/console > /dev/console 2>&1
