"""The observer, and the process of one job (`_run-job --job-id ID`)."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from xax.utils.launcher.queue_state import edit_queue_state, get_queue_paths, write_json

IDLE_SECONDS = 0.3
RUNNING_SECONDS = 0.2


def heartbeat(started_at, status):
    info = {
        "pid": os.getpid(),
        "hostname": socket.gethostname(),
        "started_at": started_at,
        "updated_at": time.time(),
        "status": status,
    }
    write_json(get_queue_paths().observer_path, info)


def claim():
    with edit_queue_state() as state:
        if not state.queue:
            return None
        job = state.jobs[state.queue.pop(0)]
        job.status, job.started_at = "running", time.time()
        state.running_job_id = job.job_id
        return job


def run(job, started_at):
    command = [job.python_executable, "-m", "xax.cli.queue", "_run-job", "--job-id", job.job_id]
    with open(job.observer_log_path, "a", encoding="utf-8") as log:
        print(f"\nstarting {job.job_id} (python={job.python_executable})", file=log, flush=True)
        process = subprocess.Popen(
            command,
            cwd=job.run_dir,
            env={**os.environ, "XAX_QUEUE_JOB": "1", "XAX_QUEUE_JOB_ID": job.job_id},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    while True:
        heartbeat(started_at, f"running:{job.job_id}")
        with edit_queue_state() as state:
            state.jobs[job.job_id].pid = state.jobs[job.job_id].process_group_id = process.pid
        if (code := process.poll()) is not None:
            return code
        time.sleep(RUNNING_SECONDS)


def finish(job_id, code):
    with edit_queue_state() as state:
        job = state.jobs[job_id]
        job.pid = job.process_group_id = state.running_job_id = None
        job.return_code, job.ended_at = code, time.time()
        job.status = "completed" if code == 0 else "failed"
        if code:
            job.error = f"Exited with return code {code}" if code > 0 else f"Terminated by signal {-code}"


def observe():
    started_at = time.time()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        while True:
            heartbeat(started_at, "idle")
            if job := claim():
                finish(job.job_id, run(job, started_at))
            else:
                time.sleep(IDLE_SECONDS)
    finally:
        get_queue_paths().observer_path.unlink(missing_ok=True)


def run_job():
    """The task that the stand-in's launcher queued: colours, a frame, a progress bar, and a while."""
    config = json.loads(Path("config.yaml").read_text())
    print("\x1b[1;36mINFO\x1b[0m [\x1b[1;34mtrain\x1b[0m] Starting a new training run", flush=True)
    print("\u2502 loss \u2502 0.5 \u2502\n 10%\r 50%\r100%", flush=True)
    time.sleep(float(config["seconds"]))


if __name__ == "__main__":
    run_job()
