"""Works for one xaxbot on this host, over the connection that started it, and ends with that connection.

Python 3.7 or newer and its standard library; nothing is installed or kept here but the answers to changes, for a day.

A request is a line of JSON, {"id", "do", ..., "bytes"}, and so many bytes of input behind it. An answer is the same:
{"id", "ok" or "error", "bytes"} and bytes. In between come {"id", "line"} of a program that runs, and {"id", "file"}
of a file that is watched. A change, which has a "change" of its own, is done once: its answer is kept under that
name, for whoever lost the connection before it came.
"""

import base64
import errno
import fcntl
import json
import os
import pwd
import re
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

# Nothing was asked for so long, although whoever is there asks every few seconds: the connection is dead.
SILENT_SECONDS = 60
# How many reads go on at once, each of which may hang on a disk.
READS_AT_ONCE = 8
# Answers to changes are kept so long.
KEPT_SECONDS = 24 * 3600
# Room for an answer is taken before the change is made: a disk that is full then has nothing changed.
ANSWER_ROOM = 64 * 1024
# How much of a program's output is kept with it, from its end.
OUTPUT_KEPT = 32 * 1024
# What is not much shorter is not worth the work of taking it apart again.
PACKED_FROM = 512
# Of so many folders is kept what was told of them; whoever asks keeps fewer.
FOLDERS_KEPT = 500
# As many links follow one another at most as the kernel follows (path_resolution(7)).
LINKS_MAX = 40
LINE_MAX = 1 << 20

speaking = threading.Lock()


class Refused(Exception):
    """`code` is for the program that asked, `about` what its words need."""

    def __init__(self, code, **about):
        super().__init__(code)
        self.answer = {"code": code, **about}


def told_of(error):
    """An error, for whoever asked."""
    if isinstance(error, Refused):
        return error.answer
    why = error.strerror if isinstance(error, OSError) and error.strerror else "%s: %s" % (type(error).__name__, error)
    return {"code": "failed", "why": why}


def say(head, payload=b""):
    if len(payload) >= PACKED_FROM:
        packed = zlib.compress(payload, 1)
        if len(packed) < len(payload):
            head, payload = {**head, "packed": len(payload)}, packed
    line = json.dumps({**head, "bytes": len(payload)}, separators=(",", ":")).encode() + b"\n"
    with speaking:
        sys.stdout.buffer.write(line + payload)
        sys.stdout.buffer.flush()


def tell(head, payload=b""):
    """Says it, if anybody hears it any more: a change goes on without."""
    try:
        say(head, payload)
    except (OSError, ValueError):
        pass
