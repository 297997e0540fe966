#!/bin/sh
# lightning 2.6.6 (torch 2.15.0), its CSVLogger, and a metric that is logged for the first time after others.
#
# Each new metric has the whole file written again, in the same inode, with its columns in the order of the alphabet: the column
# of the step moves, every row before gets a gap, and the byte at which a reader stood is in the midst of another row. Whoever
# follows the file by its length and its inode, as tail -F does, reads rows by the names of other columns, without an error.
#
# Seen, 2026-11-30:
#   after "z": step,z|0,1.0|
#   after "a": a,step,z|,0,1.0|2.0,1,|
#   the same file: True
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"

python3 -m venv venv
timeout 900 venv/bin/pip install --quiet --disable-pip-version-check 'lightning==2.6.6' 'torch==2.15.0'

cat > try.py <<'PY'
import os

from lightning.pytorch.loggers import CSVLogger

PATH = "logs/metrics.csv"
logger = CSVLogger(".", name=None, version="logs")


def log(name, step):
    logger.log_metrics({name: step + 1.0}, step=step)
    logger.save()
    text = open(PATH, newline="").read().replace("\r\n", "|")
    print(f'after "{name}": {text}')
    return os.stat(PATH).st_ino


print("the same file:", log("z", 0) == log("a", 1))
PY
venv/bin/python try.py > seen.txt 2> /dev/null
cat seen.txt
diff - seen.txt <<'EXPECTED'
after "z": step,z|0,1.0|
after "a": a,step,z|,0,1.0|2.0,1,|
the same file: True
EXPECTED
