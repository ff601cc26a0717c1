# remove_refused.sh MOUNTRUN MOUNTC - in a directory with the plans.
exec unshare --mount --propagation private sh -c '
try() {
    echo "$1"
    shift
    "$@"
    echo "status $?"
}
try "no back" "$0" once.plan --remove
try lost "$0" lost.plan --remove
try beneath "$0" beneath.plan --replace
try command "$0" one.plan --remove -- /bin/true
try both "$0" one.plan --remove --replace
try "nothing there" "$0" one.plan --remove
"$0" stack.plan
try stack "$0" stack.plan --replace
try forced "$0" stack.plan --replace --force
try gap "$0" stack.plan --replace --allow-gap
try removed "$0" stack.plan --remove
"$0" one.plan
mount --make-shared /
try "no guard" "$0" one.plan --replace
try "forced without" "$0" one.plan --replace --force
try "gap without" "$0" one.plan --replace --allow-gap
try "then with" "$0" one.plan --replace
try "guard goes" "$0" one.plan --remove
try mountc "$1" run one.mnt --replace -- true
' "$1" "$2"
