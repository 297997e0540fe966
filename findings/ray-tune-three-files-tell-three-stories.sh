#!/bin/sh
# Ray Tune 2.60.0 with tensorboardX 2.6.5: the three files that it keeps of one trial.
#
# result.json has all that was reported. progress.csv has the columns of the first report alone: a metric that comes later, as a
# validation at the end of an epoch does, is in none of its rows, and nothing says so. The event file leaves out every value
# that is NaN: a loss that diverged ends there with its last good value.
#
# Seen, 2026-11-30:
#   result.json:  loss 0.5 nan 0.25 nan; val from step 3
#   progress.csv: loss 0.5 nan 0.25 nan; no column val
#   event file:   loss 0.5 0.25; val from step 3
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"

python3 -m venv venv
timeout 900 venv/bin/pip install --quiet --disable-pip-version-check 'ray[tune]==2.60.0' 'tensorboardX==2.6.5'

cat > try.py <<'PY'
import csv
import glob
import json
import os
import struct

import ray
from ray import tune
from tensorboardX.proto.event_pb2 import Event


def train(_config):
    for step, loss in enumerate([0.5, float("nan"), 0.25, float("nan")]):
        tune.report({"loss": loss, **({"val": 0.125} if step >= 2 else {})})


ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
tune.Tuner(train, run_config=tune.RunConfig(name="x", storage_path=os.path.abspath("out"), verbose=0)).fit()
(trial,) = glob.glob("out/x/train_*")


def events():
    data, at = open(glob.glob(f"{trial}/events*")[0], "rb").read(), 0
    while at < len(data):
        size = struct.unpack_from("<Q", data, at)[0]
        event = Event.FromString(data[at + 12 : at + 12 + size])
        yield {"training_iteration": event.step, **{value.tag.replace("ray/tune/", ""): value.simple_value for value in event.summary.value}}
        at += 12 + size + 4


def told(rows):
    rows = list(rows)
    loss = " ".join(str(row["loss"]) for row in rows if "loss" in row)
    first = next((row["training_iteration"] for row in rows if "val" in row), None)
    return f"loss {loss}; " + (f"val from step {first}" if first else "no column val")


print("result.json: ", told(map(json.loads, open(f"{trial}/result.json"))))
print("progress.csv:", told(csv.DictReader(open(f"{trial}/progress.csv"))))
print("event file:  ", told(events()))
PY
timeout 300 venv/bin/python try.py 2> /dev/null | grep -E '^(result|progress|event)' > seen.txt
cat seen.txt
diff - seen.txt <<'EXPECTED'
result.json:  loss 0.5 nan 0.25 nan; val from step 3
progress.csv: loss 0.5 nan 0.25 nan; no column val
event file:   loss 0.5 0.25; val from step 3
EXPECTED
