#!/bin/sh
# tensorboard 2.21.0 by itself, and with tensorflow-cpu 2.21.0 beside it in the same environment.
#
# The writer of event files that torch.utils.tensorboard and others use (EventFileWriter) writes through tensorflow's file
# system where that can be imported. By itself every event is in the file at once; with tensorflow, none is until a buffer of
# some kilobytes is full, or flush_secs (120 s) are over: a file of 88 bytes, its version alone. A training that is killed in its
# first two minutes leaves nothing then. The script and its arguments are the same; somebody installed a package.
#
# Seen, 2026-11-30:
#   tensorboard alone:    57 values of 57 in the file
#   beside tensorflow:    0 values of 57 in the file
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"

python3 -m venv venv
timeout 900 venv/bin/pip install --quiet --disable-pip-version-check 'tensorboard==2.21.0' 'setuptools<81'

cat > try.py <<'PY'
import glob
import os
import struct
import sys
import time

from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter

EVENTS = 57
writer = EventFileWriter(sys.argv[1])
for step in range(EVENTS):
    value = summary_pb2.Summary.Value(tag="loss", simple_value=1.0)
    summary = summary_pb2.Summary(value=[value])
    writer.add_event(event_pb2.Event(wall_time=time.time(), step=step, summary=summary))
# Time for the thread that writes.
time.sleep(3)
data = open(glob.glob(sys.argv[1] + "/*")[0], "rb").read()
values, at = 0, 0
while at < len(data):
    size = struct.unpack_from("<Q", data, at)[0]
    # The file's version and its writer are told in events without one.
    values += len(event_pb2.Event.FromString(data[at + 12 : at + 12 + size]).summary.value)
    at += 12 + size + 4
print(f"{values} values of {EVENTS} in the file", flush=True)
os._exit(0)
PY
{
  echo "tensorboard alone:    $(venv/bin/python try.py alone 2> /dev/null)"
  timeout 900 venv/bin/pip install --quiet --disable-pip-version-check 'tensorflow-cpu==2.21.0'
  echo "beside tensorflow:    $(venv/bin/python try.py beside 2> /dev/null)"
} > seen.txt
cat seen.txt
diff - seen.txt <<'EXPECTED'
tensorboard alone:    57 values of 57 in the file
beside tensorflow:    0 values of 57 in the file
EXPECTED
