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


def do(asked):
    if asked["do"] in IN_FOLDER:
        own_folder(asked)
    return DEEDS[asked["do"]](asked)


class Looks:
    """Folders of which the same is asked again and again: of each what is asked, and what was told of it last."""

    def __init__(self):
        self.folders = {}

    def look(self, asked):
        """What differs from what was told last, by the place of each question."""
        if "folder" in asked:
            self.folders[asked["of"]] = ({key: asked[key] for key in ("folder", "like") if key in asked}, [])
            if len(self.folders) > FOLDERS_KEPT:
                self.folders.pop(next(iter(self.folders)), None)
        elif asked["of"] not in self.folders:
            raise Refused("unknown-folder")
        about, questions = self.folders[asked["of"]]
        for index in asked.get("drop", ()):
            questions[index] = None
        questions += [[question, None] for question in asked.get("also", ())]
        told = []
        for index, each in enumerate(questions):
            answer = each and self.answer({**each[0], **about})
            if each and answer != each[1]:
                each[1] = answer
                told.append([index, answer])
        return told

    def answer(self, asked):
        try:
            return {"ok": do(asked)}
        except Exception as error:  # pylint: disable=broad-except
            return {"error": told_of(error)}


class Server:
    def __init__(self):
        self.stopped = threading.Event()
        self.readers = ThreadPoolExecutor(READS_AT_ONCE)
        self.changing = []
        self.watches = {}
        self.looks = Looks()

    def answer(self, asked, given):
        number, handle = asked["id"], None
        try:
            if "change" in asked:
                handle = changes.begin(asked["change"])
                if handle is None:
                    raise Refused("begun-before")
            ok, payload = self.deed(asked, given)
            head = {"id": number, "ok": ok}
        except Exception as error:  # pylint: disable=broad-except
            head, payload = {"id": number, "error": told_of(error)}, b""
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
        if asked["do"] == "lookIn":
            return self.looks.look(asked), b""
        if asked["do"] == "again":
            self.watches[asked["of"]].forget()
            self.watches[asked["of"]].look()
            return True, b""
        found = do(asked)
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
