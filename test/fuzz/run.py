#!/usr/bin/python3
"""Fuzzes the compiler with libFuzzer under ASan and UBSan; the corpus is the tests' layouts.

    run.py --build build               builds BUILD/fuzz and runs a minute
    run.py --build build --seconds 600
    run.py --build build FILE...       runs these inputs once: to look at a finding

What it finds is written to BUILD/fuzz/found, and is to become a golden test. The last line is
`1 passed, 0 failed` when it finds nothing.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEED = "1"  # the same inputs in every run on the same compiler
MAX_BYTES = "4096"
MAX_SECONDS_FOR_ONE = "25"


def has_libfuzzer():
    if not shutil.which("clang++"):
        return False
    probe = ('extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) '
             '{ return 0; }')
    with tempfile.TemporaryDirectory() as directory:
        return subprocess.run(["clang++", "-fsanitize=fuzzer,address,undefined", "-x", "c++", "-",
                               "-o", directory + "/probe"], input=probe, text=True,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0


def build(directory):
    subprocess.run(["cmake", "-S", ROOT, "-B", directory, "-G", "Ninja", "-DMOUNTC_FUZZ=ON",
                    "-DCMAKE_BUILD_TYPE=RelWithDebInfo", "-DCMAKE_C_COMPILER=clang",
                    "-DCMAKE_CXX_COMPILER=clang++", "-DMOUNTC_SANITIZE=address,undefined",
                    "-DBUILD_TESTING=OFF"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", directory, "--target", "fuzz_compile"], check=True,
                   stdout=subprocess.DEVNULL)
    return directory / "fuzz_compile"


def write_corpus(directory):
    """The layouts of the tests and examples, without the lines that are for lit."""
    for path in [*ROOT.glob("test/*/*.mnt"), *ROOT.glob("examples/*.mnt")]:
        lines = path.read_bytes().splitlines(keepends=True)
        of_test = re.compile(rb"# *(RUN|REQUIRES|CHECK|SCENE|EXPECT)")
        kept = [line for line in lines if not of_test.match(line)]
        (directory / f"{path.parent.name}-{path.name}").write_bytes(b"".join(kept))


def write_dictionary(path):
    """The language's words, from its tables."""
    grammar = (ROOT / "grammar/layout.h").read_text()
    words = set(re.findall(r'TAO_PEGTL_STRING\( "(\w+)" \)', grammar))
    words |= set(re.findall(r"(?m)^WORD\((\w+)", (ROOT / "compiler/layout/words.def").read_text()))
    words |= {"private", "unbindable", "inherit", "follow", "optional", "over", "propagate",
              "tmpfs", "proc", "${", "/mnt", "755"}
    path.write_text("".join(f'"{word}"\n' for word in sorted(words)))


def fuzz(program, seconds, found):
    found.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        corpus, grown = Path(scratch, "corpus"), Path(scratch, "grown")
        corpus.mkdir()
        grown.mkdir()
        write_corpus(corpus)
        write_dictionary(Path(scratch, "words"))
        command = [program, grown, corpus, f"-dict={scratch}/words", f"-max_total_time={seconds}",
                   f"-max_len={MAX_BYTES}", f"-timeout={MAX_SECONDS_FOR_ONE}", f"-seed={SEED}",
                   f"-artifact_prefix={found}/", "-print_final_stats=1", "-verbosity=1"]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              check=False)
    output = done.stdout.decode(errors="replace")
    runs = re.search(r"stat::number_of_executed_units:\s*(\d+)", output)
    print(f"{runs[1] if runs else 0} inputs in {seconds} s")
    if done.returncode != 0:
        print(output[-6000:])
    return done.returncode == 0 and runs is not None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, type=Path)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("inputs", nargs="*")
    args = parser.parse_args()
    if not has_libfuzzer():
        print("skipped: fuzzing: clang with libFuzzer\n0 passed, 0 failed")
        return 0
    directory = args.build.resolve() / "fuzz"
    program = build(directory)
    if args.inputs:
        return subprocess.run([program, *args.inputs], check=False).returncode
    good = fuzz(program, args.seconds, directory / "found")
    print("1 passed, 0 failed" if good else "0 passed, 1 failed")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
