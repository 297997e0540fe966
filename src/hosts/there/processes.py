# Processes of jobs are told of, and signalled when they are still who they were.


def process(pid):
    """What the kernel says of a living process; None where there is none, or only a zombie."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            text = file.read().decode("utf8", "replace")
    except OSError:
        return None
    # The program's name, in brackets, may hold anything.
    fields = text[text.rindex(")") + 2 :].split()
    if fields[0] in ("Z", "X"):
        return None
    return {"pid": pid, "parent": int(fields[1]), "group": int(fields[2]), "session": int(fields[3]), "ticks": fields[19]}


def facts(pid):
    found = process(pid)
    if found:
        found["startedAt"] = booted_at() + int(found["ticks"]) / os.sysconf("SC_CLK_TCK")
        found["names"] = names_of(pid)
    return found


def booted_at():
    with open("/proc/stat", encoding="ascii") as file:
        return int(re.search(r"^btime (\d+)$", file.read(), re.M).group(1))


def names_of(pid):
    """How a process of a job names its job and its queue; None where its environment may not be read."""
    try:
        with open("/proc/%d/environ" % pid, "rb") as file:
            entries = file.read().split(b"\0")
    except OSError:
        return None
    found = {}
    for entry in entries:
        name, _, value = entry.partition(b"=")
        found.setdefault(os.fsdecode(name), os.fsdecode(value))
    return {"job": found.get("XAX_QUEUE_JOB_ID"), "queue": queue_of(found)}


def queue_of(variables):
    """The queue's folder as xax finds it (get_user_global_dir in xax/core/conf.py of 0.4.9); None for a relative one."""
    home = variables.get("HOME", "~")
    given = variables.get("XAX_HOME")
    if given is None and "XAXRC_PATH" in variables:
        path = variables["XAXRC_PATH"]
        given = os.path.dirname(path) if path.endswith((".yml", ".yaml")) else path
    given = "~/.xax" if given is None else given
    if given == "~" or given.startswith("~/"):
        given = home + given[1:]
    given = os.path.expanduser(given)
    return os.path.realpath(given) if given.startswith("/") else None


def do_processes(asked):
    """The leader of a group, else all of it that is there."""
    leader = facts(asked["pid"])
    members = [] if leader else [facts(pid) for pid in pids_of(asked["group"])]
    own = process(os.getpid())
    return {
        "leader": leader,
        "members": [member for member in members if member],
        "queue": os.path.realpath(asked["home"]),
        "own": [os.getpid(), own["group"] if own else None],
    }


def pids_of(group):
    numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return [pid for pid in numbers if (process(pid) or {}).get("group") == group]


def do_group_is_alive(asked):
    try:
        os.killpg(asked["group"], 0)
        return True
    except PermissionError:
        return True
    except OSError:
        return False


def do_working_folder(asked):
    """Where a process was started, and when it began; None where it is not there or not ours."""
    found = facts(asked["pid"])
    try:
        return found and {"startedAt": found["startedAt"], "folder": os.readlink("/proc/%d/cwd" % asked["pid"])}
    except OSError:
        return None


def do_signal(asked):
    """Signals a job's group, if the queue says now that this job runs, and if the process that was looked at is still it."""
    with open(os.path.join(asked["home"], "queue_state.json"), encoding="utf8") as file:
        state = json.load(file)
    job = state["jobs"].get(asked["job"])
    runs = state.get("running_job_id") == asked["job"] and job is not None and job.get("status") == "running"
    if not runs or job.get("enqueued_at") != asked["enqueuedAt"]:
        raise Refused("not-running")
    found = process(asked["pid"])
    if not found or found["ticks"] != asked["ticks"] or found["group"] != asked["group"]:
        raise Refused("another-process")
    try:
        os.killpg(asked["group"], getattr(signal, asked["signal"]))
    except PermissionError:
        raise Refused("not-ours")
    except ProcessLookupError:
        raise Refused("gone")
    return True
