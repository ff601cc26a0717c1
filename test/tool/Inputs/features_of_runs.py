"""For each feature on standard input, whether a plan that needs it runs: as --probe says it."""

import subprocess
import sys

for name in sys.stdin.read().split():
    text = f"mountc-plan 1\nfeatures {name}\nslots 0\n"
    plan = subprocess.run([sys.argv[1], "asm", "-", "-o", "-"], input=text.encode(), check=True,
                          stdout=subprocess.PIPE).stdout
    run = subprocess.run([sys.argv[1], "run", "-"], input=plan, check=False,
                         stderr=subprocess.DEVNULL)
    print(f"{name}: {'yes' if run.returncode == 0 else 'no'}")
