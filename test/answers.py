"""Runs a program on a terminal of its own, and answers each of its questions with a line of the input; where these end, it hangs up."""
import os, pty, re, sys

answers = sys.stdin.read().split("\n")
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b""
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.buffer.write(data)
    seen += data
    if re.search(rb"(\]:|[yYnN]\])\s*$", re.sub(rb"\x1b\[[0-9;]*[A-Za-z]", b"", seen)):
        os.write(fd, answers.pop(0).encode() + b"\r" if answers else b"\x04")
        seen = b""
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
