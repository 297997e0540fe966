"""The observer as a service of the user's systemd, installed by its start and uninstalled by its stop."""

import subprocess
import sys
import time
from pathlib import Path

from xax.utils.launcher.queue_state import edit_queue_state, get_queue_paths

NAME = "xax-queue-observer.service"
VARIABLES = {"--queue-gpus": "XAX_QUEUE_GPUS", "--queue-num-gpus": "XAX_QUEUE_NUM_GPUS"}


def unit_path():
    return Path("~/.config/systemd/user").expanduser() / NAME


def systemctl(*words):
    result = subprocess.run(["systemctl", "--user", *words], capture_output=True, text=True)
    if result.returncode != 0 and "not loaded" not in result.stderr:
        raise RuntimeError(f"systemctl {words[0]} failed: {result.stderr.strip()}")


def start(*flags):
    given = dict(zip(flags[::2], flags[1::2]))
    if given or not unit_path().exists():
        lines = [f"ExecStart={sys.executable} -m xax.cli.main queue _observer"]
        lines.append(f"Environment=XAX_HOME={get_queue_paths().root_dir}")
        lines += [f"Environment={VARIABLES[flag]}={value}" for flag, value in given.items()]
        unit_path().parent.mkdir(parents=True, exist_ok=True)
        unit_path().write_text("\n".join(["[Service]", *lines, ""]), encoding="utf-8")
    systemctl("daemon-reload")
    systemctl("start", NAME)


def stop():
    systemctl("stop", NAME)
    with edit_queue_state() as state:
        if (job := state.jobs.get(state.running_job_id)) is not None:
            job.status, job.ended_at, job.return_code = "failed", time.time(), -1
            job.error = "Queue stopped while job was running"
            job.pid = job.process_group_id = state.running_job_id = None
    get_queue_paths().observer_path.unlink(missing_ok=True)
    unit_path().unlink(missing_ok=True)
    systemctl("daemon-reload")


def restart(*flags):
    stop()
    start(*flags)
