"""A task's command line as xax's queued launcher takes it: `python -m examples.toy --launcher queued key=value …`."""

import argparse
import json
import os
import re
import sys
from pathlib import Path

from xax.utils.launcher.queue_state import enqueue_job

# What YAML 1.1 makes of some words and numbers that stand in no quotes, as the text of a setting that is one.
WORDS = {word: "True" for word in ("true", "yes", "on")} | {word: "False" for word in ("false", "no", "off")}
WORDS |= {"null": "None", "~": "None", "": "None"}
NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]*)?")


def text(scalar):
    if scalar.startswith("'"):
        return scalar[1:-1].replace("''", "'")
    if NUMBER.fullmatch(scalar):
        return str(float(scalar) if "." in scalar else int(scalar))
    return WORDS.get(scalar.lower(), scalar.split(" #")[0])


KEYS = {"learning_rate": float, "max_steps": int, "sleep": float, "seconds": float, "wandb.notes": text}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--launcher", choices=["queued"], required=True)
    parser.add_argument("--queue-position", type=int)
    parser.add_argument("settings", nargs="*")
    args = parser.parse_args()
    config = {"seconds": 30}
    for setting in args.settings:
        key, value = setting.split("=", 1)
        config[key] = KEYS[key](value)
    runs = Path("runs").resolve()
    runs.mkdir(exist_ok=True)
    run_dir = runs / f"run_{len(list(runs.iterdir())):03d}"
    (run_dir / "code").mkdir(parents=True)
    config["run_dir"] = str(run_dir)
    (run_dir / "config.yaml").write_text(json.dumps(config))
    leaked = [name for name in os.environ if name.startswith(("SLACK_", "XAXBOT_"))]
    print(f"environment: {leaked}", file=sys.stderr, flush=True)
    job_id = enqueue_job(
        task_key="examples.toy.ToyRegression",
        launcher="multi",
        python_executable=sys.executable,
        run_dir=run_dir,
        stage_dir=run_dir / "code",
        config_path=run_dir / "config.yaml",
        observer_log_path=run_dir / "queue_observer.log",
        position_idx=None if args.queue_position is None else args.queue_position - 1,
    )
    text = f"Queued {job_id} (examples.toy.ToyRegression) at {run_dir} [launcher=multi]"
    print(f" \x1b[1;32mSTATUS\x1b[0m \x1b[90m2026-11-23 15:16:01\x1b[0m [\x1b[1;34mxax\x1b[0m] {text}", file=sys.stderr)


main()
