"""`xax queue _observer | start | stop | restart | move JOB POSITION | cancel JOB`."""

import sys
import time

from xax.cli import queue, service
from xax.utils.launcher.queue_state import edit_queue_state


def move(job_id, position):
    with edit_queue_state() as state:
        if job_id not in state.queue:
            raise ValueError(f"Job {job_id} is not currently queued")
        state.queue.remove(job_id)
        state.queue.insert(min(int(position) - 1, len(state.queue)), job_id)


def cancel(job_id):
    with edit_queue_state() as state:
        job = state.jobs[job_id]
        if job.status == "running":
            raise ValueError(f"Job {job_id} is running; use `xax queue kill`")
        if job_id in state.queue:
            state.queue.remove(job_id)
        job.status, job.ended_at, job.error = "cancelled", time.time(), "Cancelled before execution"


ACTIONS = {
    "_observer": queue.observe,
    "start": service.start,
    "stop": service.stop,
    "restart": service.restart,
    "move": move,
    "cancel": cancel,
}


def main():
    _, action, *words = sys.argv[1:]
    try:
        ACTIONS[action](*words)
    except Exception as error:
        sys.exit(f"[queue] ERROR Command failed: {error}")


if __name__ == "__main__":
    main()
