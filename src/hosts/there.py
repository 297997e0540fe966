"""Works for one xaxbot on this host, over the connection that started it, and ends with that connection.

Python 3.8 or newer and its standard library; nothing is installed or kept here but the answers to changes, for a day.

A request is a line of JSON, {"id", "do", ..., "bytes"}, and so many bytes of input behind it. An answer is the same:
{"id", "ok" or "error", "bytes"} and bytes. In between come {"id", "line"} of a program that runs, and {"id", "file"}
of a file that is watched. A change, which has a "change" of its own, is done once: its answer is kept under that
name, for whoever lost the connection before it came.
"""

import base64
import fcntl
import json
import os
import pwd
import re
import select
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor

# Nothing was asked for so long, although whoever is there asks every few seconds: the connection is dead.
SILENT_SECONDS = 60
# How many reads go on at once, each of which may hang on a disk.
READS_AT_ONCE = 8
# Answers to changes are kept so long.
KEPT_SECONDS = 24 * 3600
# Room for an answer is taken before the change is made: a disk that is full then has nothing changed.
ANSWER_ROOM = 64 * 1024
# How much of a program's output is kept with it, from its end.
OUTPUT_KEPT = 32 * 1024
# What is not much shorter is not worth the work of taking it apart again.
PACKED_FROM = 512
# As many links follow one another at most as the kernel follows (path_resolution(7)).
LINKS_MAX = 40
LINE_MAX = 1 << 20

speaking = threading.Lock()


class Refused(Exception):
    """`code` is for the program that asked, `about` what its words need."""

    def __init__(self, code, **about):
        super().__init__(code)
        self.answer = {"code": code, **about}


def say(head, payload=b""):
    if len(payload) >= PACKED_FROM:
        packed = zlib.compress(payload, 1)
        if len(packed) < len(payload):
            head, payload = {**head, "packed": len(payload)}, packed
    line = json.dumps({**head, "bytes": len(payload)}, separators=(",", ":")).encode() + b"\n"
    with speaking:
        sys.stdout.buffer.write(line + payload)
        sys.stdout.buffer.flush()


def tell(head, payload=b""):
    """Says it, if anybody hears it any more: a change goes on without."""
    try:
        say(head, payload)
    except (OSError, ValueError):
        pass


# Files


def walk(path):
    """Every step that the kernel passes on its way to a path, link by link, and what it comes to, or None."""
    at, steps = "/", [("/", os.lstat("/"))]
    left, links = parts_of(path), 0
    while left:
        part = left.pop(0)
        if part == "..":
            at = os.path.dirname(at)
            continue
        at_next = os.path.join(at, part)
        try:
            found = os.lstat(at_next)
            steps.append((at_next, found))
            if not stat.S_ISLNK(found.st_mode):
                at = at_next
                continue
            links += 1
            if links > LINKS_MAX:
                return steps, None
            target = os.readlink(at_next)
        except OSError:
            return steps, None
        left = parts_of(target) + left
        if target.startswith("/"):
            at = "/"
    return steps, steps[-1] if at == steps[-1][0] else (at, os.lstat(at))


def parts_of(path):
    return [part for part in path.split("/") if part not in ("", ".")]


def is_trusted(uid):
    return uid in (0, os.getuid())


def root_of(folder):
    """The folder as it lies there now. Refuses one that somebody else's link leads away to what is not theirs."""
    steps, end = walk(folder)
    for path, found in steps:
        if stat.S_ISLNK(found.st_mode) and not is_trusted(found.st_uid) and found.st_uid != (end and end[1].st_uid):
            raise Refused("led-away", link=path)
    if end is None:
        raise FileNotFoundError(folder)
    return end[0]


def is_within(root, path):
    return path == root or path.startswith(root.rstrip("/") + "/")


def below(asked, path):
    """`path` with links resolved, if it lies below the folder; None where it does not exist."""
    folder = asked["folder"]
    named = os.path.normpath(os.path.join(folder, path))
    try:
        if "\0" in path:
            raise Refused("leads-out")
        root = root_of(folder)
        real = os.path.realpath(named, strict=True) if sys.version_info >= (3, 10) else real_of(named)
        if is_within(root, real):
            return real
    except (FileNotFoundError, NotADirectoryError):
        if is_within(os.path.normpath(folder), named):
            return None
    raise Refused("leads-out")


def real_of(path):
    steps, end = walk(path)
    if end is None:
        raise FileNotFoundError(path)
    return end[0]


def owner_of(asked):
    """The number of whoever alone may own what is read; None: anybody."""
    like = asked.get("like")
    if like is None:
        return None
    try:
        return os.stat(like).st_uid
    except OSError:
        return -1


def own_stat(asked, path):
    """What a path below the folder leads to, if it is the owner's."""
    real = below(asked, path)
    try:
        found = None if real is None else os.stat(real)
    except OSError:
        return None, None
    uid = owner_of(asked)
    if found is None or (uid is not None and found.st_uid != uid):
        return None, None
    return real, found


def own_folder(asked):
    """A folder that a job names besides its own belongs to the job's owner, or is not there."""
    uid = owner_of(asked)
    if uid is None:
        return
    try:
        found = os.stat(asked["folder"])
    except OSError:
        return
    if found.st_uid != uid:
        raise Refused("others-folder")


def do_exists(asked):
    return below(asked, ".") is not None


def do_list(asked):
    real, found = own_stat(asked, asked["path"])
    if real is None or not stat.S_ISDIR(found.st_mode):
        return []
    return [name for name in os.listdir(real)]


def do_entries(asked):
    real, found = own_stat(asked, asked["path"])
    entries = []
    if real is None or not stat.S_ISDIR(found.st_mode):
        return entries
    with os.scandir(real) as names:
        for entry in names:
            if len(entries) == asked["most"]:
                break
            entries.append({"name": entry.name, "kind": kind_of(entry)})
    return entries


def kind_of(entry):
    if entry.is_symlink():
        return "link"
    if entry.is_file():
        return "file"
    return "folder" if entry.is_dir() else "other"


def do_changed_at(asked):
    _, found = own_stat(asked, asked["path"])
    return found.st_mtime * 1000 if found and stat.S_ISDIR(found.st_mode) else None


def do_is_link(asked):
    try:
        return stat.S_ISLNK(os.lstat(os.path.join(asked["folder"], asked["path"])).st_mode)
    except (OSError, ValueError):
        return False


def do_stat(asked):
    _, found = own_stat(asked, asked["path"])
    if not found or not stat.S_ISREG(found.st_mode):
        return None
    return {"size": found.st_size, "mtimeMs": found.st_mtime_ns / 1e6, "inode": found.st_ino}


def do_read(asked):
    """Bytes of a regular file below the folder; what was opened is checked by the kernel's own name for it."""
    real = below(asked, asked["path"])
    if real is None:
        raise Refused("not-there")
    # A named pipe would wait for its writer without O_NONBLOCK.
    handle = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        found = os.fstat(handle)
        root = root_of(asked["folder"])
        opened = os.readlink("/proc/self/fd/%d" % handle)
        opened = opened[: -len(" (deleted)")] if opened.endswith(" (deleted)") else opened
        is_others_too = found.st_nlink > 1 and found.st_uid != os.stat(root).st_uid
        if not stat.S_ISREG(found.st_mode) or not is_within(root, opened) or is_others_too:
            raise Refused("no-file")
        uid = owner_of(asked)
        if uid is not None and found.st_uid != uid:
            raise Refused("others-file")
        parts = [os.pread(handle, max(0, end - start), start) for start, end in asked["parts"]]
        return [len(part) for part in parts], b"".join(parts)
    finally:
        os.close(handle)


def do_owner(asked):
    try:
        return pwd.getpwuid(os.stat(asked["folder"]).st_uid).pw_name
    except (OSError, KeyError):
        return None


def do_is_file(asked):
    return os.path.isfile(asked["path"])


def do_walk(asked):
    """The way to a path with who may change each step, for whoever decides whether it may be relied on."""
    steps, end = walk(os.path.abspath(os.path.expanduser(asked["path"])))
    tell = lambda step: {"path": step[0], "mode": step[1].st_mode, "uid": step[1].st_uid, "gid": step[1].st_gid}
    return {"steps": [tell(step) for step in steps], "end": end and tell(end)}


def do_find(asked):
    return shutil.which(asked["name"])


def do_first_line(asked):
    """Of a script: which program runs it."""
    with open(os.path.realpath(asked["path"]), "rb") as file:
        return file.read(256).split(b"\n")[0].decode("utf8", "replace")


# Processes


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


# Programs


def do_run(asked, number, given, stopped):
    """Runs a program in a group of its own, with its input, until it ends or its time is over."""
    streams = {"stdout": bytearray(), "stderr": bytearray()}
    env = {**os.environ, **asked.get("env", {})}
    try:
        child = subprocess.Popen(
            asked["argv"],
            cwd=asked.get("cwd"),
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        where = asked.get("cwd")
        gone = where is not None and not os.path.exists(where)
        return {"exitCode": None, "startError": "the folder %s does not exist" % where if gone else str(error)}, b""

    def collect(name, stream):
        kept, line = streams[name], b""
        while True:
            piece = os.read(stream.fileno(), 65536)
            if not piece:
                break
            kept += piece[: max(0, asked["most"] - len(kept))]
            if not asked.get("lines"):
                continue
            *whole, line = (line + piece).split(b"\n")
            for each in whole:
                tell({"id": number, "line": each[:LINE_MAX].decode("utf8", "replace")})
            line = line[-LINE_MAX:]
        if line:
            tell({"id": number, "line": line.decode("utf8", "replace")})

    readers = [threading.Thread(target=collect, args=(name, getattr(child, name)), daemon=True) for name in streams]
    for reader in readers:
        reader.start()
    try:
        child.stdin.write(given)
        child.stdin.close()
    except OSError:
        pass  # It has ended, or reads nothing.
    until, over = time.monotonic() + asked["seconds"], False
    while child.poll() is None:
        if time.monotonic() > until or (stopped.is_set() and "change" not in asked):
            over = True
            end_group(child)
            break
        time.sleep(0.02)
    child.wait()
    for reader in readers:
        reader.join(1)
    code = child.returncode
    answer = {
        "exitCode": code if code >= 0 else None,
        "signal": signal.Signals(-code).name if code < 0 else None,
        "timedOut": over,
        "stdout": len(streams["stdout"]),
    }
    return answer, bytes(streams["stdout"] + streams["stderr"])


def end_group(child):
    for number, seconds in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        try:
            os.killpg(child.pid, number)
        except OSError:
            return
        until = time.monotonic() + seconds
        while child.poll() is None and time.monotonic() < until:
            time.sleep(0.02)


# Watched files


class Watch:
    """Tells of files in a folder: of each the whole, then what differs from what was told last."""

    def __init__(self, number, asked):
        self.number, self.folder, self.names = number, asked["folder"], asked["names"]
        self.most, self.pause = asked["most"], asked["seconds"]
        self.seen, self.content, self.alive = {}, {}, None
        self.lock = threading.Lock()

    def run(self, stopped):
        while not stopped.wait(self.pause):
            try:
                self.look()
            except Exception as error:  # pylint: disable=broad-except
                say({"id": self.number, "error": {"code": "unreadable", "why": str(error)}})

    def look(self):
        """Tells what is new of each file; whoever asks meanwhile is told after it."""
        with self.lock:
            for name in self.names:
                self.look_at(name)
            self.look_at_pid()

    def look_at(self, name):
        try:
            found = os.stat(os.path.join(self.folder, name))
            mark = (found.st_ino, found.st_size, found.st_mtime_ns)
            if mark == self.seen.get(name):
                return
            content = None if found.st_size > self.most or not stat.S_ISREG(found.st_mode) else self.whole(name)
            told = {"size": found.st_size}
        except FileNotFoundError:
            mark, content = "absent", None
            told = {"absent": True, "folder": os.path.isdir(self.folder)}
            if mark == self.seen.get(name) and told["folder"] == self.seen.get("folder"):
                return
            self.seen["folder"] = told["folder"]
        except OSError as error:
            mark, content, told = "unreadable", None, {"why": error.strerror or str(error)}
            if mark == self.seen.get(name):
                return
        before = self.content.get(name)
        self.seen[name], self.content[name] = mark, content
        head = {"id": self.number, "file": name, "now": time.time(), **told}
        if content is None or content == before:
            say({**head, "same": content is not None})
            return
        copies, literal = pieces(before or b"", content)
        say({**head, "pieces": copies, "crc": zlib.crc32(content)}, literal)

    def whole(self, name):
        with open(os.open(os.path.join(self.folder, name), os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            return file.read(self.most)

    def look_at_pid(self):
        """Whether the process is there that the last file tells of."""
        try:
            pid = json.loads(self.content.get(self.names[-1]) or b"null")["pid"]
            alive = pid > 0 and do_pid_is_alive(pid)
        except (ValueError, TypeError, KeyError):
            pid, alive = None, False
        if (pid, alive) != self.alive:
            self.alive = (pid, alive)
            say({"id": self.number, "pid": pid, "alive": alive, "now": time.time()})

    def forget(self):
        with self.lock:
            self.seen, self.content, self.alive = {}, {}, None


def do_pid_is_alive(pid):
    try:
        os.kill(pid, 0)
        return True
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False


LEAST_COPIED = 48
ANCHOR = 64
ANCHOR_WITHIN = 64 * 1024
ANCHORS_MAX = 256


def pieces(old, new):
    """How new is made of old: [from, length] of old in turn with lengths of the bytes that come besides."""
    copies, literal = [], bytearray()
    start = same_from(old, 0, new, 0)
    end = same_until(old, new, start)
    if start:
        copies.append([0, start])
    i, j, tried, taken = start, start, 0, start
    last = len(new) - end

    def keep(until):
        if until > taken:
            copies.append(until - taken)
            literal.extend(new[taken:until])

    while j < last and tried < ANCHORS_MAX:
        tried += 1
        at = new.find(b"\n", j, last)
        if at < 0 or at + ANCHOR > last:
            break
        found = old.find(new[at : at + ANCHOR], i, min(i + ANCHOR_WITHIN, len(old) - end))
        if found < 0:
            j = at + 1
            continue
        length = min(same_from(old, found, new, at), last - at, len(old) - end - found)
        if length >= LEAST_COPIED:
            keep(at)
            copies.append([found, length])
            i, j = found + length, at + length
            taken = j
        else:
            j = at + 1
    keep(last)
    if end:
        copies.append([len(old) - end, end])
    return copies, bytes(literal)


def same_from(a, i, b, j):
    """How many bytes are the same from there on."""
    at, step, most = 0, 65536, min(len(a) - i, len(b) - j)
    while step:
        while at + step <= most and a[i + at : i + at + step] == b[j + at : j + at + step]:
            at += step
        step //= 2
    return at


def same_until(a, b, start):
    """How many bytes are the same up to the ends, without the first `start` of either."""
    at, step, most = 0, 65536, min(len(a), len(b)) - start
    while step:
        while at + step <= most and a[len(a) - at - step : len(a) - at] == b[len(b) - at - step : len(b) - at]:
            at += step
        step //= 2
    return at


# Changes


class Changes:
    """Each is begun once, by whoever first takes its name; its answer is kept."""

    def __init__(self):
        base = os.environ.get("XDG_STATE_HOME") or os.path.expanduser("~/.local/state")
        self.folder = os.path.join(base, "xaxbot", "changes")

    def begin(self, name):
        """The file that its answer goes into; None where it was begun, or given up, before."""
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        self.forget_old()
        try:
            handle = os.open(self.path(name), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            os.posix_fallocate(handle, 0, ANSWER_ROOM)
        except OSError:
            os.unlink(self.path(name))
            os.close(handle)
            raise
        return handle

    def end(self, handle, answer):
        try:
            os.pwrite(handle, answer, 0)
            os.ftruncate(handle, len(answer))
            os.fsync(handle)
        finally:
            os.close(handle)

    def outcome(self, name):
        """What came of it: its answer; "running"; "never" where it was not begun, which it then will not be; "lost"."""
        handle = self.begin(name)
        if handle is not None:
            self.end(handle, b'{"never": true}')
            return {"never": True}
        handle = os.open(self.path(name), os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            with open(handle, "rb", closefd=False) as file:
                return json.loads(file.read().rstrip(b"\0") or b'{"lost": true}')
        except BlockingIOError:
            return {"running": True}
        except ValueError:
            return {"lost": True}
        finally:
            os.close(handle)

    def path(self, name):
        if not re.fullmatch(r"[A-Za-z0-9_-]{8,64}", name):
            raise Refused("bad-name")
        return os.path.join(self.folder, name)

    def forget_old(self):
        with os.scandir(self.folder) as names:
            for entry in names:
                if time.time() - entry.stat(follow_symlinks=False).st_mtime > KEPT_SECONDS:
                    os.unlink(entry.path)


changes = Changes()


def do_outcome(asked):
    return changes.outcome(asked["of"])


def do_nothing(asked):
    return {"now": time.time()}


def do_hello(asked):
    return {
        "python": sys.version.split()[0],
        "executable": sys.executable,
        "user": pwd.getpwuid(os.getuid()).pw_name,
        "uid": os.getuid(),
        "home": os.path.expanduser("~"),
        "host": socket.gethostname(),
        "now": time.time(),
        "queue": queue_of(os.environ),
    }


DEEDS = {
    "hello": do_hello,
    "nothing": do_nothing,
    "exists": do_exists,
    "list": do_list,
    "entries": do_entries,
    "changedAt": do_changed_at,
    "isLink": do_is_link,
    "stat": do_stat,
    "read": do_read,
    "owner": do_owner,
    "isFile": do_is_file,
    "walk": do_walk,
    "find": do_find,
    "firstLine": do_first_line,
    "processes": do_processes,
    "groupIsAlive": do_group_is_alive,
    "workingFolder": do_working_folder,
    "signal": do_signal,
    "outcome": do_outcome,
}
IN_FOLDER = {"exists", "list", "entries", "changedAt", "isLink", "stat", "read"}


class Server:
    def __init__(self):
        self.stopped = threading.Event()
        self.readers = ThreadPoolExecutor(READS_AT_ONCE)
        self.changing = []
        self.watches = {}

    def answer(self, asked, given):
        number, handle = asked["id"], None
        try:
            if "change" in asked:
                handle = changes.begin(asked["change"])
                if handle is None:
                    raise Refused("begun-before")
            ok, payload = self.deed(asked, given)
            head = {"id": number, "ok": ok}
        except Refused as refusal:
            head, payload = {"id": number, "error": refusal.answer}, b""
        except Exception as error:  # pylint: disable=broad-except
            why = error.strerror if isinstance(error, OSError) and error.strerror else "%s: %s" % (type(error).__name__, error)
            head, payload = {"id": number, "error": {"code": "failed", "why": why}}, b""
        if handle is not None:
            kept = {key: value for key, value in head.items() if key != "id"}
            output = base64.b64encode(payload[-OUTPUT_KEPT:]).decode()
            changes.end(handle, json.dumps({**kept, "output": output}).encode())
        tell(head, payload)

    def deed(self, asked, given):
        if asked["do"] == "run":
            return do_run(asked, asked["id"], given, self.stopped)
        if asked["do"] == "watch":
            return self.watch(asked), b""
        if asked["do"] == "look":
            self.watches[asked["of"]].look()
            return {"now": time.time()}, b""
        if asked["do"] == "again":
            self.watches[asked["of"]].forget()
            self.watches[asked["of"]].look()
            return True, b""
        if asked["do"] in IN_FOLDER:
            own_folder(asked)
        found = DEEDS[asked["do"]](asked)
        return found if isinstance(found, tuple) else (found, b"")

    def watch(self, asked):
        watch = Watch(asked["id"], asked)
        self.watches[asked["id"]] = watch
        watch.look()
        threading.Thread(target=watch.run, args=(self.stopped,), daemon=True).start()
        return {"now": time.time()}

    def take(self, asked, given):
        """Reads share threads; what may take long, and every change, has one of its own."""
        if asked["do"] == "run" or "change" in asked:
            thread = threading.Thread(target=self.answer, args=(asked, given), daemon=True)
            self.changing = [each for each in self.changing if each.is_alive()]
            if "change" in asked:
                self.changing.append(thread)
            thread.start()
        else:
            self.readers.submit(self.answer, asked, given)

    def serve(self):
        held, asked, heard = b"", None, time.monotonic()
        while True:
            if not select.select([0], [], [], 1)[0]:
                if time.monotonic() - heard > SILENT_SECONDS:
                    break
                continue
            piece = os.read(0, 1 << 20)
            if not piece:
                break
            held, heard = held + piece, time.monotonic()
            while True:
                if asked is None:
                    line, newline, rest = held.partition(b"\n")
                    if not newline:
                        break
                    asked, held = json.loads(line), rest
                wanted = asked.get("bytes", 0)
                if len(held) < wanted:
                    break
                self.take(asked, held[:wanted])
                asked, held = None, held[wanted:]
        # What was begun is done and written down, whoever hears of it.
        self.stopped.set()
        for thread in self.changing:
            thread.join()
        os._exit(0)


sys.stdout.buffer.write(b"\n" + MARK + b"\n")
sys.stdout.buffer.flush()
Server().serve()
