# What came of a change is kept under its name.


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
