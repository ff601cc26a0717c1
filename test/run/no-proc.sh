# no-proc.sh MOUNTRUN PLANS DIRECTORY - the inside of no-proc.test, as PID 1 of busybox.
mountrun=$1 plans=$2 directory=$3
umount -l /proc
ls /proc/self > /dev/null 2>&1 || echo "no proc"
"$mountrun" "$plans.bad.plan" 2> /dev/null
echo "bad: $?"
ls -r "$directory"
"$mountrun" "$plans.good.plan"
echo "good: $?"
mount -t proc proc /proc
grep "$directory" /proc/1/mountinfo
