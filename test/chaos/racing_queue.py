"""A queue whose jobs are real processes that live for milliseconds, for whoever races them.

Does to the state file what xax does, under xax's lock, by the stand-in's own code: jobs come, start, end, and the numbering
restarts. Between a process's end and the record of it, the recorded pid may belong to somebody else, as after a reuse.
Never sends a signal itself, so that each process that a signal ended was ended by somebody else. Arguments: the seed, and the Python that edits the queue. Runs
until its standard input ends, then lets the rest end, and prints a JSON line for each job as it was recorded, for each
process with how it ended, and one for what it found broken.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

from xax.utils.launcher.queue_state import edit_queue_state, get_queue_paths

RANDOM = random.Random(int(sys.argv[1]))
PYTHON = sys.argv[2]
HOME = str(get_queue_paths().root_dir)
JOBS_BEFORE_RESTART = 40
WAITING = 6

over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
recorded, broken, left = [], [], []


def say(**what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def spawn(job_id, home, script):
    env = {"PATH": os.environ["PATH"], "XAX_HOME": home}
    if job_id is not None:
        env["XAX_QUEUE_JOB_ID"] = job_id
    return subprocess.Popen(
        ["/bin/sh", "-c", script], env=env, cwd="/", start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


# Whoever might get a pid that was a job's: a stranger, a job of another number, one of the same number in another queue.
BYSTANDERS = [
    spawn(None, "/nowhere", "while :; do sleep 5; done"),
    spawn("job-9999999", HOME, "while :; do sleep 5; done"),
    *(spawn(f"job-{index:07d}", "/nowhere", "while :; do sleep 5; done") for index in range(1, 4)),
]


def check(state):
    if len(set(state.queue)) != len(state.queue):
        broken.append("a job stands twice in the order")
    for job_id in state.queue:
        if state.jobs[job_id].status != "queued":
            broken.append(f"a {state.jobs[job_id].status} job waits")
    for entry in recorded:
        job = state.jobs.get(entry["job_id"])
        if job is not None and job.enqueued_at == entry["enqueued_at"] and vars(job) != entry:
            broken.append(f"the end of {job.job_id} was rewritten: {entry} is now {vars(job)}")


def enqueue(state):
    job_id = f"job-{state.next_job_idx:07d}"
    state.next_job_idx += 1
    state.jobs[job_id] = SimpleNamespace(
        job_id=job_id, task_key="race.Task", launcher="multi", python_executable=PYTHON, status="queued",
        run_dir="/", stage_dir="/", config_path="/config.yaml", observer_log_path="/log", enqueued_at=time.time(),
        started_at=None, ended_at=None, pid=None, process_group_id=None, child_pids=[], oom_detected=False,
        return_code=None, error=None,
    )
    state.queue.insert(RANDOM.randint(0, len(state.queue)), job_id)


def keep_cancelled(state):
    known = {(entry["job_id"], entry["enqueued_at"]) for entry in recorded}
    recorded.extend(
        dict(vars(job)) for job in state.jobs.values()
        if job.status == "cancelled" and (job.job_id, job.enqueued_at) not in known
    )


def restart_numbering():
    """Somebody removes the file: whatever waited is gone."""
    with edit_queue_state() as state:
        check(state)
        keep_cancelled(state)
        for entry in recorded:
            say(job=entry)
        for job_id in state.queue:
            say(job=vars(state.jobs[job_id]))
        recorded.clear()
        state.jobs.clear()
        state.queue.clear()
        state.next_job_idx, state.running_job_id = 1, None


def claim():
    with edit_queue_state() as state:
        check(state)
        while len(state.queue) < WAITING:
            enqueue(state)
        job = state.jobs[state.queue.pop(0)]
        job.status, job.started_at = "running", time.time()
        state.running_job_id = job.job_id
        return SimpleNamespace(**vars(job))


def set_pid(job, pid):
    with edit_queue_state() as state:
        state.jobs[job.job_id].pid = state.jobs[job.job_id].process_group_id = pid


def reap(job, process):
    say(process={"job_id": job.job_id, "enqueued_at": job.enqueued_at, "code": process.wait()})


def run(job):
    """How it ended; None where nobody will record that, because the state was reset meanwhile."""
    seconds, code = RANDOM.random() * 0.15, RANDOM.choice([0, 1])
    trap = "trap '' TERM; " if RANDOM.random() < 0.3 else ""
    process = spawn(job.job_id, HOME, f"{trap}sleep {seconds:.3f}; exit {code}")
    time.sleep(RANDOM.random() * 0.01)
    set_pid(job, process.pid)
    if RANDOM.random() < 0.03:
        time.sleep(RANDOM.random() * 0.05)
        restart_numbering()
        left.append(threading.Thread(target=lambda: reap(job, process)))
        left[-1].start()
        return None
    ended = process.wait()
    reap(job, process)
    if RANDOM.random() < 0.3:
        set_pid(job, RANDOM.choice(BYSTANDERS).pid)
        time.sleep(RANDOM.random() * 0.03)
    return ended


def finish(job, code):
    with edit_queue_state() as state:
        check(state)
        keep_cancelled(state)
        job = state.jobs[job.job_id]
        job.pid = job.process_group_id = state.running_job_id = None
        job.return_code, job.ended_at = code, time.time()
        job.status = "completed" if code == 0 else "failed"
        job.error = None if code == 0 else f"Exited with return code {code}" if code > 0 else f"Terminated by signal {-code}"
        recorded.append(dict(vars(job)))


while not over.is_set():
    restart_numbering()
    for _ in range(JOBS_BEFORE_RESTART):
        job = claim()
        code = run(job)
        if code is None or over.is_set():
            break
        finish(job, code)
time.sleep(0.5)
for thread in left:
    thread.join()
restart_numbering()
for bystander in BYSTANDERS:
    if (code := bystander.poll()) is not None:
        broken.append(f"a bystander was ended: {code}")
    else:
        bystander.kill()
say(broken=sorted(set(broken)))
