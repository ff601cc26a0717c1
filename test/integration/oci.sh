# oci.sh RUNTIME MOUNTC MOUNTRUN DIRECTORY [PROPAGATION] - runs a container of RUNTIME with a
# createContainer hook that applies a layout, and prints what the container sees.
set -eu
runtime=$1 mountc=$2 mountrun=$3 to=$4 propagation=${5:-}
mount -t tmpfs none "$to"
mkdir -p "$to/bundle/rootfs/bin" "$to/bundle/rootfs/proc" "$to/bundle/rootfs/data" "$to/state"
cp /bin/busybox "$to/bundle/rootfs/bin/busybox"
cat > "$to/layout.mnt" <<'LAYOUT'
group g;
filesystem fs tmpfs;
mount /data    tmpfs         nodev;
mount /data/a  fs            shared g mkdir;
mount /data/b  fs            slave g ro mkdir;
LAYOUT
"$mountc" compile "$to/layout.mnt" -o "$to/layout.plan"
set --
case $runtime in
*crun) set -- --cgroup-manager=disabled ;;
esac
if [ $# != 0 ] || ! grep -q ' - cgroup' /proc/self/mountinfo; then
    mount -t cgroup2 none /sys/fs/cgroup
fi
cd "$to/bundle"
"$runtime" spec
python3 - "$mountrun" "$to/layout.plan" "$propagation" "$to/bundle/rootfs" <<'PYTHON'
import json, sys
mountrun, plan, propagation, at = sys.argv[1:]
with open("config.json") as file:
    config = json.load(file)
config["process"]["terminal"] = False
config["process"]["args"] = ["/bin/busybox", "grep", " /data", "/proc/self/mountinfo"]
config["hooks"] = {"createContainer": [{"path": mountrun, "args": ["mountrun", plan, "--at", at]}]}
if propagation:
    config["linux"]["rootfsPropagation"] = propagation
with open("config.json", "w") as file:
    json.dump(config, file)
PYTHON
"$runtime" --root "$to/state" "$@" run "mountc-test-$$" < /dev/null
