"""What the files of runs hold, read by the libraries that xax itself uses: a JSON object a run folder, in their order."""

import json
import sys
from pathlib import Path

import numpy as np
import yaml
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.util import tensor_util

TAG = "value/loss"


def points(run):
    """Every (step, loss) of the run: those of the last writer's files, in the events and in the JSON lines."""
    files = sorted((run / "tensorboard").rglob("events.out.tfevents.*"), key=lambda path: path.stat().st_mtime)
    for path in files:
        for event in EventFileLoader(str(path)).Load():
            for value in event.summary.value:
                if value.tag == TAG:
                    yield event.step, float(tensor_util.make_ndarray(value.tensor))
    log = run / "json" / "log.jsonl"
    for line in log.read_text().splitlines() if log.exists() else []:
        try:
            record = json.loads(line)
        except json.JSONDecodeError:
            continue
        if "loss" in record.get("value", {}):
            yield record["state"]["num_steps"], record["value"]["loss"]


for folder in map(Path, sys.argv[1:]):
    config = yaml.safe_load((folder / "config.yaml").read_text())
    found = {step: loss for step, loss in points(folder)}
    last = max(found, default=None)
    print(json.dumps({"config": config, "step": last, "loss": None if last is None else found[last]}))
