# Programs are run, each in a group of its own.


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
