# What is asked is done, until nobody asks any more.


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
    "homes": do_homes,
    "mark": do_mark,
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
