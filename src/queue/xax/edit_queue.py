"""Changes exactly one waiting job under xax's own lock, or nothing.

Run by the queue's own Python. Reads {"home", "action", "job_id", "enqueued_at", "position"} as JSON on standard
input and answers on standard output: {"done": true}, {"done": false, "reason": ...}, or {"unavailable": ...} when
this Python has no xax to do it with. Compare and set happen in one hold of the lock; a refusal is raised before xax
writes the state back.
"""

import json
import sys
import time
from pathlib import Path


class Refused(Exception):
    pass


def check(state, asked):
    job = state.jobs.get(asked["job_id"])
    if job is None or job.enqueued_at != asked["enqueued_at"]:
        raise Refused("is no longer in the queue's file")
    if job.status == "running":
        raise Refused("is running now; kill it to end it")
    if job.status != "queued":
        raise Refused(f"is {job.status}, not waiting")
    if job.job_id not in state.queue:
        raise Refused("is recorded as queued but is not in the queue order; look at queue_state.json")
    return job


def move(state, job, position):
    if not 1 <= position <= len(state.queue):
        raise Refused(f"cannot move to position {position}: {len(state.queue)} waiting")
    state.queue.remove(job.job_id)
    state.queue.insert(position - 1, job.job_id)


def cancel(state, job):
    """As xax's own cancel leaves it (cancel_queued_job in queue_state.py of 0.4.9)."""
    state.queue.remove(job.job_id)
    job.status = "cancelled"
    job.ended_at = time.time()
    job.error = "Cancelled before execution"


def change(asked):
    from xax.utils.launcher.queue_state import edit_queue_state, get_queue_paths

    paths = get_queue_paths()
    if paths.root_dir != Path(asked["home"]).resolve():
        raise Refused(f"was not looked for: xax uses {paths.root_dir} here, not {asked['home']}")
    with edit_queue_state(paths) as state:
        job = check(state, asked)
        if asked["action"] == "move":
            move(state, job, asked["position"])
        else:
            cancel(state, job)


def answer():
    try:
        change(json.load(sys.stdin.buffer))
    except Refused as refusal:
        return {"done": False, "reason": str(refusal)}
    except (ImportError, AttributeError) as error:
        return {"unavailable": str(error)}
    except Exception as error:
        return {"done": False, "reason": f"could not be changed: {error}"}
    return {"done": True}


print(json.dumps(answer()))
