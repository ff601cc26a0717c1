mount -t tmpfs -o mode=755 dev /mnt/dev
mknod -m 666 /mnt/dev/null c 1 3
mknod /mnt/dev/sda b 8 0
mknod /mnt/dev/fifo p
ln -s /proc/self/fd /mnt/dev/fd
ln -sf "/a b" /mnt/dev/link
mkdir -p /mnt/dev/pts /mnt/dev/deep/er
mkdir -m 1777 /mnt/dev/shm
ln -s ../../tmp /mnt/dev/shm
mknod /mnt/dev/gone c 9 9
rm /mnt/dev/gone
mount -t devpts devpts /mnt/dev/pts
# What is on the host, or in filesystems of others, is not the layout's.
mknod /srv/null c 1 3
ln -s /proc/mounts /etc/mtab
