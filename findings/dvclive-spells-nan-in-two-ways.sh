#!/bin/sh
# dvclive 3.49.1 and a metric that is not finite.
#
# Its table has nan and inf as Python prints them; metrics.json, which DVC compares runs by, has the texts "nan" and "inf" in
# the place of numbers. That is valid JSON, unlike the bare NaN of json.dump, but a reader who takes what is a number finds that
# a metric which was there a step before is gone, and one who converts texts finds it.
#
# Seen, 2026-11-30:
#   loss.tsv:     0.5 nan inf
#   metrics.json: number, then str 'nan', then str 'inf'
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"

python3 -m venv venv
timeout 900 venv/bin/pip install --quiet --disable-pip-version-check 'dvclive==3.49.1'

cat > try.py <<'PY'
import json

from dvclive import Live

live = Live("dvclive", report=None, save_dvc_exp=False, dvcyaml=None)
kinds = []
for loss in [0.5, float("nan"), float("inf")]:
    live.log_metric("loss", loss)
    live.next_step()
    kept = json.load(open("dvclive/metrics.json"))["loss"]
    kinds.append(f"str {kept!r}" if isinstance(kept, str) else "number")
rows = open("dvclive/plots/metrics/loss.tsv").read().split("\n")[1:-1]
print("loss.tsv:    ", *(row.split("\t")[1] for row in rows))
print("metrics.json:", ", then ".join(kinds))
PY
venv/bin/python try.py > seen.txt 2> /dev/null
cat seen.txt
diff - seen.txt <<'EXPECTED'
loss.tsv:     0.5 nan inf
metrics.json: number, then str 'nan', then str 'inf'
EXPECTED
