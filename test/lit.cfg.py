# test/lit.cfg.py - how lit runs the golden tests. Found through build/test/lit.site.cfg.py.
import os
import re
import subprocess

import lit.formats

config.name = "mountc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.build_dir, "test")
config.suffixes = [".mnt", ".asm", ".test"]
config.excludes = ["unit", "tools", "property"]

mountc = os.path.join(config.build_dir, "mountc")
config.substitutions += [
    ("%mountc", mountc),
    ("%mountrun", os.path.join(config.build_dir, "mountrun")),
    ("%FileCheck", os.path.join(config.llvm_bin, "FileCheck")),
    ("%sysinject", os.path.join(config.build_dir, "test", "tools", "sysinject")),
    ("%python", config.python),
]
config.environment["PATH"] = os.pathsep.join([config.llvm_bin, os.environ["PATH"]])


def may_mount():
    with open("/proc/self/status") as status:
        capabilities = int(re.search(r"CapEff:\s*(\w+)", status.read())[1], 16)
    return os.geteuid() == 0 and capabilities >> 21 & 1 == 1  # CAP_SYS_ADMIN


def kernel_has(feature):
    # A dry run of a plan without a step probes what its header asks for.
    text = f"mountc-plan 1\nfeatures {feature}\nslots 0\n"
    plan = subprocess.run([mountc, "asm", "-", "-o", "-"], input=text.encode(), capture_output=True)
    run = subprocess.run([mountc, "run", "--dry-run", "-"], input=plan.stdout, capture_output=True)
    return plan.returncode == 0 and run.returncode == 0


if may_mount():
    config.available_features.add("root")
    with open(os.path.join(config.test_source_root, "../runtime/features.def")) as table:
        for name in re.findall(r"^FEATURE\(\d+, (\w+)", table.read(), re.MULTILINE):
            if kernel_has(name):
                config.available_features.add("kernel-" + name.replace("_", "-"))
