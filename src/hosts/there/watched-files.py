# Files are watched, and told of as what differs.


class Watch:
    """Tells of files in a folder: of each the whole, then what differs from what was told last."""

    def __init__(self, number, asked):
        self.number, self.folder, self.names = number, asked["folder"], asked["names"]
        self.most, self.pause, self.patience = asked["most"], asked["seconds"], asked["childrenSeconds"]
        self.seen, self.content, self.alive = {}, {}, None
        self.told_at, self.put_off = {}, {}
        self.lock = threading.Lock()

    def run(self, stopped):
        while not stopped.wait(self.pause):
            try:
                self.look(is_asked=False)
            except Exception as error:  # pylint: disable=broad-except
                say({"id": self.number, "error": {"code": "unreadable", "why": str(error)}})

    def look(self, is_asked=True):
        """Tells what is new of each file; whoever asks meanwhile is told after it."""
        with self.lock:
            for name in self.names:
                self.look_at(name, is_asked)
            self.look_at_pid()

    def look_at(self, name, is_asked):
        may_wait = not is_asked and time.monotonic() - self.told_at.get(name, 0) < self.patience
        try:
            found = os.stat(os.path.join(self.folder, name))
            mark = (found.st_ino, found.st_size, found.st_mtime_ns)
            if mark == self.seen.get(name) or (may_wait and mark == self.put_off.get(name)):
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
            mark, content, told = "unreadable", None, {"why": error.strerror or str(error), "code": errno.errorcode.get(error.errno)}
            if mark == self.seen.get(name):
                return
        before = self.content.get(name)
        if may_wait and differ_in_children(before, content):
            self.put_off[name] = mark
            return
        self.seen[name], self.content[name] = mark, content
        if content is not None and content == before:
            return
        self.told_at[name] = time.monotonic()
        head = {"id": self.number, "file": name, "now": time.time(), **told}
        if content is None:
            say({**head, "same": False})
            return
        copies, literal = pieces(before or b"", content)
        say({**head, "pieces": copies, "length": len(content)}, literal)

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


def differ_in_children(old, new):
    """Whether all that differs is which children one job has, which xax notes twice a second."""
    if old is None or new is None:
        return False
    start = same_from(old, 0, new, 0)
    end = same_until(old, new, start)
    opened = new.rfind(b"[", 0, start)
    begun = new[opened + 1 : start]
    differing = begun + new[start : len(new) - end] + old[start : len(old) - end]
    return new[max(0, opened - len(CHILDREN)) : max(0, opened)] == CHILDREN and re.fullmatch(rb"[0-9,\s]*", differing) is not None


CHILDREN = b'"child_pids": '
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
