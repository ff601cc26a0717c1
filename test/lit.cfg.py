# test/lit.cfg.py - how lit runs the golden tests. Found through build/test/lit.site.cfg.py.
import os
import re
import shutil
import sys

import lit.formats

config.name = "mountc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.build_dir, "test")
config.suffixes = [".mnt", ".asm", ".test"]
config.excludes = ["unit", "tools", "property", "capture", "Inputs"]

mountc = os.path.join(config.build_dir, "mountc")
config.substitutions += [
    ("%mountc", mountc),
    ("%mountrun", os.path.join(config.build_dir, "mountrun")),
    ("%FileCheck", os.path.join(config.llvm_bin, "FileCheck")),
    ("%sysinject", os.path.join(config.build_dir, "test", "tools", "sysinject")),
    ("%python", config.python),
    ("%build", config.build_dir),
]
config.environment["PATH"] = os.pathsep.join([config.llvm_bin, os.environ["PATH"]])

if "MOUNTC_TEST_KERNEL" in os.environ:  # features.py
    config.environment["MOUNTC_TEST_KERNEL"] = os.environ["MOUNTC_TEST_KERNEL"]


def may_mount():
    with open("/proc/self/status") as status:
        capabilities = int(re.search(r"CapEff:\s*(\w+)", status.read())[1], 16)
    return os.geteuid() == 0 and capabilities >> 21 & 1 == 1  # CAP_SYS_ADMIN


if os.path.exists(os.path.join(config.build_dir, "runtime", "mountrun-plain")):
    config.available_features.add("packed")
if shutil.which("mkfs.erofs"):
    config.available_features.add("mkfs-erofs")
if shutil.which("systemd-escape"):
    config.available_features.add("systemd")
for program in ("gfortran", "pkg-config", "runc", "crun", "bwrap"):
    if shutil.which(program):
        config.available_features.add(program)
if may_mount():
    config.available_features.add("root")
    if os.path.exists("/lib/systemd/systemd") and shutil.which("script") and \
            not os.statvfs("/sys/fs/cgroup").f_flag & os.ST_RDONLY:
        config.available_features.add("systemd-pid1")
    sys.path.insert(0, os.path.join(config.test_source_root, "run"))
    import features  # noqa: E402

    table = os.path.join(config.test_source_root, "../runtime/features.def")
    config.available_features |= features.of_kernel(mountc, table)
