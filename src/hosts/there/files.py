# A run's folder is read, and nothing outside it.


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


def do_mark(asked):
    """A mark that a folder has on whatever way it is reached, as queue/xax/folder-marks makes it too, and the folder without links."""
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            system = file.read().strip()
    except OSError:
        system = socket.gethostname()
    at, rest = os.path.abspath(asked["folder"]), []
    while not os.path.exists(at):
        rest.insert(0, os.path.basename(at))
        at = os.path.dirname(at)
    found = os.stat(at)
    mark = "%s %d %d %s" % (system, found.st_dev, found.st_ino, "/".join(rest))
    return {"mark": mark, "folder": os.path.realpath(asked["folder"])}


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


def do_homes(asked):
    """Words with the homes that they begin with, as a shell reads them."""
    return [os.path.expanduser(word) for word in asked["words"]]


def do_find(asked):
    return shutil.which(asked["name"])


def do_first_line(asked):
    """Of a script: which program runs it."""
    with open(os.path.realpath(asked["path"]), "rb") as file:
        return file.read(256).split(b"\n")[0].decode("utf8", "replace")
