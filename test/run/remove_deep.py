"""remove_deep.py MOUNTC DIRECTORY - removes and replaces a tree with paths beyond PATH_MAX."""

import os
import subprocess
import sys

LEVELS = 40
NAME = "n" * 200


def mounts(directory):
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        return [line.split()[4] for line in file if line.split()[4].startswith(directory)]


def main():
    mountc, directory = sys.argv[1:]
    layout = directory + ".mnt"
    with open(layout, "w", encoding="utf-8") as file:
        file.write(f"mount {directory} tmpfs ro {{\n")
        file.write(f"mount {NAME} tmpfs mkdir {{\n" * LEVELS + "}\n" * (LEVELS + 1))

    def run(*options):
        return subprocess.run([mountc, "run", layout, *options], stderr=subprocess.PIPE, text=True,
                              check=False)
    print("run", run().returncode)
    longest = max(len(path) for path in mounts(directory))
    print("longest path:", "more than PATH_MAX" if longest > 4096 else longest)
    print("replace", run("--replace", "--allow-gap").returncode)
    print("mounts:", len(mounts(directory)))
    os.chdir(directory)
    for _ in range(LEVELS - 1):
        os.chdir(NAME)
    subprocess.run(["mount", "-t", "ramfs", "foreign", NAME], check=True)
    refused = run("--remove")
    print("foreign:", refused.returncode)
    print("M608" if "[M608]" in refused.stderr else refused.stderr)
    subprocess.run(["umount", NAME], check=True)
    os.chdir("/")
    print("remove", run("--remove").returncode)
    print("mounts:", len(mounts(directory)))


if __name__ == "__main__":
    main()
