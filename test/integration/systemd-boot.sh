# systemd-boot.sh BUILD [rshared] - boots this machine's systemd as PID 1 of namespaces of its own, on
# an overlay over `/` with mountc installed and layouts in /etc/mountc; prints what services see.
set -eu
build=$1 propagation=${2:-rprivate}
cgroups=/sys/fs/cgroup/unified
[ -d "$cgroups" ] || cgroups=/sys/fs/cgroup
# A root that was only changed into has none.
if [ ! -e "$cgroups/cgroup.procs" ]; then
    mounted=$(mktemp -d)
    mount -t cgroup2 cgroup2 "$mounted"
    cgroups=$mounted
fi
own=$cgroups/mountc-test-$$
mkdir "$own"
echo $$ > "$own/cgroup.procs"
leave() {
    echo $$ > "$cgroups/cgroup.procs"
    find "$own" -depth -type d -exec rmdir {} + 2> /dev/null || true
    [ -z "${mounted:-}" ] || { umount "$mounted" && rmdir "$mounted"; }
}
trap leave EXIT
export build propagation
timeout -k 5 60 unshare -m -p -f -i -u -n -C --propagation private --kill-child sh -c '
    set -e
    n=$(mktemp -d)
    mount -t tmpfs new "$n"
    mkdir "$n/u" "$n/w" "$n/r"
    mount -t overlay ov -o "lowerdir=/,upperdir=$n/u,workdir=$n/w" "$n/r"
    r=$n/r
    : > "$r/etc/fstab"
    DESTDIR=$r cmake --install "$build" --prefix /usr > /dev/null
    mkdir -p "$r/etc/mountc" "$r/srv/t" "$r/srv/own" "$r/run" "$r/etc/systemd/system.conf.d"
    printf "[Manager]\nDefaultStandardOutput=tty\n" > "$r/etc/systemd/system.conf.d/test.conf"
    echo "group g; filesystem fs tmpfs; mount /srv/t tmpfs nodev; mount /srv/t/a fs shared g mkdir;" \
         "mount /srv/t/b fs slave g ro mkdir;" > "$r/etc/mountc/boot.mnt"
    echo "namespace own { mount / bind /; mount /proc bind /proc; mount /srv/own tmpfs nosuid; }" > "$r/etc/own.mnt"
    echo "mount /run/ns tmpfs(mode=700) mkdir;" > "$r/etc/mountc/ns.mnt"
    echo "namespace web { pin /run/ns/web; mount / bind /; mount /srv/own tmpfs; }" > "$r/etc/mountc/web.mnt"
    mkdir -p "$r/etc/systemd/system/mountc@web.service.d"
    printf "%s\n" "[Unit]" Requires=mountc@ns.service After=mountc@ns.service \
        > "$r/etc/systemd/system/mountc@web.service.d/ns.conf"
    mount -t proc proc "$r/proc"
    mount -t sysfs -o ro sysfs "$r/sys"
    mount -t tmpfs -o mode=755 dev "$r/dev"
    for d in null zero full random urandom tty; do touch "$r/dev/$d"; mount --bind "/dev/$d" "$r/dev/$d"; done
    mkdir "$r/dev/pts" "$r/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$r/dev/pts"
    ln -s pts/ptmx "$r/dev/ptmx"
    touch "$r/dev/console"
    mount --bind "$(tty)" "$r/dev/console"
    mount -t tmpfs run "$r/run"
    mount -t tmpfs tmp "$r/tmp"
    mkdir -p "$r/run/systemd/system"
    for service in web-a web-b; do
        [ $service = web-a ] && does="touch /srv/own/of-a" || does="ls /srv/own"
        printf "%s\n" "[Unit]" BindsTo=mountc@web.service "After=mountc@web.service web-a.service" \
            "[Service]" Type=oneshot StandardOutput=tty \
            "ExecStart=/usr/bin/nsenter --mount=/run/ns/web /bin/sh -c \"$does | sed s/^/WEB:/\"" \
            > "$r/run/systemd/system/$service.service"
    done
    printf "%s\n" "[Unit]" DefaultDependencies=no After=local-fs.target Wants=local-fs.target \
        "[Service]" Type=oneshot StandardOutput=tty \
        "ExecStart=/bin/sh -c \"findmnt -rno TARGET,PROPAGATION,VFS-OPTIONS -R /srv/t | sed s/^/SEEN:/\"" \
        "ExecStart=/usr/bin/mountc run /etc/own.mnt -- /bin/sh -c \"findmnt -rno TARGET,VFS-OPTIONS /srv/own | sed s/^/OWN:/\"" \
        "ExecStart=/bin/sh -c \"findmnt /srv/own || echo OWN: nowhere else\"" \
        "ExecStart=/bin/systemctl start web-a web-b" \
        "ExecStart=/bin/sh -c \"ls /srv/own/of-a || echo WEB: nowhere else\"" \
        "ExecStart=/bin/systemctl stop mountc@web" \
        "ExecStart=/bin/sh -c \"findmnt /run/ns/web || echo WEB: stopped\"" \
        "ExecStart=/bin/sed -i s/nodev/noexec/ /etc/mountc/boot.mnt" \
        "ExecStart=/bin/systemctl reload mountc@boot" \
        "ExecStart=/bin/sh -c \"findmnt -rno TARGET,PROPAGATION,VFS-OPTIONS -R /srv/t | sed s/^/RELOADED:/\"" \
        "ExecStart=/bin/systemctl stop mountc@boot" \
        "ExecStart=/bin/sh -c \"findmnt -R /srv/t || echo SEEN: stopped\"" \
        "ExecStart=/bin/systemctl start mountc@boot" \
        "ExecStart=/bin/mount -o remount,bind,nosuid /srv/t/a" \
        "ExecStart=/bin/systemctl stop mountc@boot" \
        "ExecStart=/bin/sh -c \"findmnt -rno TARGET /srv/t | sed s/^/STILL:/\"" \
        "ExecStopPost=/bin/systemctl --no-block -f poweroff" > "$r/run/systemd/system/mountc-test.service"
    mount -t cgroup2 cg "$r/sys/fs/cgroup"
    mkdir -p "$r/old"
    cd "$r"
    pivot_root . old
    cd /
    umount -l /old
    mount --make-"$propagation" /
    exec env -i container=unshare PATH=/usr/sbin:/usr/bin /lib/systemd/systemd \
        --unit=mountc-test.service --log-target=console --show-status=no \
        < /dev/console > /dev/console 2>&1' || true
