"""What each example needs when it is killed and failed: its scene, definitions and options.

`{scratch}` is the scene's directory, `{examples}` the directory of the examples.
"""

from typing import NamedTuple


class Scene(NamedTuple):
    commands: str  # run by sh in the scene's directory
    defines: tuple = ()
    options: str = ""  # of mountrun
    private: bool = False  # only under private mounts
    waits: bool = False  # a signal waits until all is done


_BUSYBOX = "sh {examples}/busybox-root.sh {scratch}/root"

# What these take, a scene cannot make; faults/ has layouts like them.
ELSEWHERE = {"switch-root.mnt": "an erofs image on a disk", "unit.mnt": "/tmp for itself"}

SCENES = {
    "minimal.mnt": Scene("mkdir mnt", options="--at {scratch}"),
    "reverse-groups.mnt": Scene("mkdir mnt", options="--at {scratch}"),
    "shared-subtrees.mnt": Scene("mkdir mnt", options="--at {scratch}"),
    "initramfs.mnt": Scene(
        "mkdir -p sysroot image/proc image/sys image/dev image/run image/var/log image/home "
        "image/tmp",
        ("image={scratch}/image",), "--at {scratch}"),
    "container.mnt": Scene(_BUSYBOX, ("rootfs={scratch}/root",), "-- /bin/busybox true"),
    "service.mnt": Scene(
        _BUSYBOX + "; mkdir -p state content root/var/tmp root/var/lib/web root/srv",
        ("root={scratch}/root", "state={scratch}/state", "content={scratch}/content"),
        "-- /bin/busybox true"),
    "root.mnt": Scene(
        _BUSYBOX.replace("{examples}", "{examples}/../../../examples"),
        ("image={scratch}/root",), "-- /bin/busybox true"),
    "copies.mnt": Scene("mkdir one two", ("scratch={scratch}",), "-- /bin/true"),
    "home.mnt": Scene("mkdir disk shared home", ("disk={scratch}/disk", "shared={scratch}/shared",
                                                 "home={scratch}/home")),
    "two-namespaces.mnt": Scene(
        _BUSYBOX + "; touch audit.ns",
        ("rootfs={scratch}/root", "pinned={scratch}/audit.ns"), "-- /bin/busybox true"),
}
