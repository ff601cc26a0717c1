"""Runs `mountc check FILE` with a terminal as its standard error, and prints what arrives there."""
import os
import pty
import subprocess
import sys

ours, theirs = pty.openpty()
environment = {"TERM": "xterm", **os.environ}
done = subprocess.Popen([sys.argv[1], "check", sys.argv[2]], stderr=theirs, env=environment)
os.close(theirs)
done.wait()
text = b""
while True:
    try:
        piece = os.read(ours, 4096)
    except OSError:  # EIO: the other side is closed
        break
    if not piece:
        break
    text += piece
sys.stdout.buffer.write(text.replace(b"\r\n", b"\n"))
