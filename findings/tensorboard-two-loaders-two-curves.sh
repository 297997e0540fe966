#!/bin/sh
# tensorboard 2.21.0 with its tensorboard-data-server 0.7.2, and the same events read by its two loaders.
#
# A writer that goes back in one file (a resumed run that appends, or a loop that logs its steps twice) is shown in two
# ways by one TensorBoard: the default data server (--load_fast=true) drops the points that the later ones overtake,
# the Python loader (--load_fast=false, and what EventAccumulator gives to programs) keeps them all, so that the curve
# runs back. Without a SessionLog.START in the file neither says a word. So "as TensorBoard shows it" needs the loader's
# name beside it, and a test against EventAccumulator says nothing of what people see in the browser.
#
# Seen, 2026-11-29, for the steps 1 2 3 4 5, then 3 4 5 6 in one file:
#   --load_fast=true:  1 2 3 4 5 6
#   --load_fast=false: 1 2 3 4 5 3 4 5 6
set -eu
folder=$(mktemp -d)
board=
trap 'if [ -n "$board" ]; then kill "$board" 2> /dev/null || true; wait "$board" 2> /dev/null || true; fi; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'tensorboard==2.21.0' 'tensorboard-data-server==0.7.2' 'setuptools<81'

venv/bin/python - <<'PY'
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter

writer = EventFileWriter("logs/run")
for at, step in enumerate([1, 2, 3, 4, 5, 3, 4, 5, 6]):
    value = summary_pb2.Summary.Value(tag="loss", simple_value=1 / (at + 1))
    writer.add_event(event_pb2.Event(wall_time=1000.0 + at, step=step, summary=summary_pb2.Summary(value=[value])))
writer.close()
PY

steps() {
  port=$(venv/bin/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
  venv/bin/tensorboard --logdir logs --host 127.0.0.1 --port "$port" "--load_fast=$1" > board.log 2>&1 &
  board=$!
  venv/bin/python - "$port" <<'PY'
import json, sys, time, urllib.request
url = f"http://127.0.0.1:{sys.argv[1]}/data/plugin/scalars/scalars?run=run&tag=loss"
for _ in range(120):
    try:
        points = json.load(urllib.request.urlopen(url, timeout=5))
        if points:
            print(*[step for _, step, _ in points])
            break
    except Exception:
        pass
    time.sleep(0.5)
else:
    sys.exit("TensorBoard gave no points within a minute")
PY
  kill "$board"
  wait "$board" 2> /dev/null || true
  board=
}

{
  echo "--load_fast=true:  $(steps true)"
  echo "--load_fast=false: $(steps false)"
} | tee seen.txt
diff - seen.txt <<'EXPECTED'
--load_fast=true:  1 2 3 4 5 6
--load_fast=false: 1 2 3 4 5 3 4 5 6
EXPECTED
