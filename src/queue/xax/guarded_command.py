"""Runs an `xax queue` command that ends whatever runs, only while nothing runs but what was named.

Run by the queue's own Python. Reads {"home", "may_end": [{"job_id", "enqueued_at"}], "words"} as JSON on standard
input. Everything slow is imported first, so that hardly a moment lies between the check and the command. A refusal is
answered as {"refused": ...} with exit code 3, and {"unavailable": ...} with 4 when this Python has no xax; else the
command's own output and exit code stand.
"""

import json
import runpy
import sys
from pathlib import Path


def end(code, answer):
    print(json.dumps(answer))
    sys.exit(code)


asked = json.load(sys.stdin.buffer)
try:
    import xax.cli.queue  # noqa: F401
    from xax.utils.launcher.queue_state import get_queue_paths

    paths = get_queue_paths()
except (ImportError, AttributeError) as error:
    end(4, {"unavailable": str(error)})

if paths.root_dir != Path(asked["home"]).resolve():
    end(3, {"refused": f"xax uses {paths.root_dir} here, not {asked['home']}."})
try:
    state = json.loads(paths.state_path.read_text(encoding="utf-8"))
except FileNotFoundError:
    state = {"running_job_id": None, "jobs": {}}
running = state["running_job_id"]
if running is not None:
    now = {"job_id": running, "enqueued_at": state["jobs"].get(running, {}).get("enqueued_at")}
    if now not in asked["may_end"]:
        end(3, {"refused": f"{running} is running now and would be killed."})

sys.argv = ["xax", "queue", *asked["words"]]
runpy.run_module("xax.cli.main", run_name="__main__", alter_sys=True)
