"""The state file and its lock."""

import contextlib
import fcntl
import json
import os
import time
from pathlib import Path
from types import SimpleNamespace


def get_queue_paths():
    if (home := os.environ.get("XAX_HOME")) is not None:
        root = Path(home)
    elif (rc := os.environ.get("XAXRC_PATH")) is not None:
        root = Path(rc).parent if rc.endswith((".yml", ".yaml")) else Path(rc)
    else:
        root = Path("~/.xax")
    root = root.expanduser().resolve()
    root.mkdir(parents=True, exist_ok=True)
    return SimpleNamespace(
        root_dir=root,
        state_path=root / "queue_state.json",
        lock_path=root / "queue_state.lock",
        observer_path=root / "queue_observer.json",
    )


def write_json(path, payload):
    temporary = path.with_suffix(path.suffix + ".tmp")
    temporary.write_text(json.dumps(payload, indent=2, sort_keys=True), encoding="utf-8")
    temporary.replace(path)


@contextlib.contextmanager
def edit_queue_state(paths=None):
    """Reads under the lock and writes back, also when nothing has changed; a raised exception writes nothing."""
    paths = paths or get_queue_paths()
    with open(paths.lock_path, "a+b") as lock:
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
        payload = {"version": 1, "next_job_idx": 1, "queue": [], "running_job_id": None, "jobs": {}}
        if paths.state_path.exists():
            payload = json.loads(paths.state_path.read_text(encoding="utf-8"))
        state = SimpleNamespace(**payload)
        state.jobs = {job_id: SimpleNamespace(**job) for job_id, job in payload["jobs"].items()}
        yield state
        write_json(paths.state_path, {**vars(state), "jobs": {job_id: vars(job) for job_id, job in state.jobs.items()}})


def enqueue_job(
    *, task_key, launcher, python_executable, run_dir, stage_dir, config_path, observer_log_path, position_idx=None
):
    with edit_queue_state() as state:
        job_id = f"job-{state.next_job_idx:07d}"
        state.next_job_idx += 1
        state.jobs[job_id] = SimpleNamespace(
            job_id=job_id,
            task_key=task_key,
            launcher=launcher,
            python_executable=python_executable,
            status="queued",
            run_dir=str(run_dir),
            stage_dir=str(stage_dir),
            config_path=str(config_path),
            observer_log_path=str(observer_log_path),
            enqueued_at=time.time(),
            started_at=None,
            ended_at=None,
            pid=None,
            process_group_id=None,
            child_pids=[],
            oom_detected=False,
            return_code=None,
            error=None,
        )
        state.queue.insert(len(state.queue) if position_idx is None else position_idx, job_id)
    return job_id
