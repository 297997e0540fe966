#!/bin/sh
# MLflow 3.17.2 with its default store, SQLite, and a metric that is not finite.
#
# Its table of metrics has NaN as the value 0.0 beside a column is_nan, and infinity as the largest float there is. So a loss
# that diverged is 0.0, the best value of all, for whoever reads the column "value" by itself. Of infinity not even MLflow's own
# client tells any more: its history has 1.797e308 where inf was logged.
#
# Seen, 2026-11-30:
#   table:  (0, 0.5, 0) (1, 0.0, 1) (2, 1.7976931348623157e+308, 0) (3, 0.0, 0)
#   client: (0, 0.5) (1, nan) (2, 1.7976931348623157e+308) (3, 0.0)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"

python3 -m venv venv
timeout 900 venv/bin/pip install --quiet --disable-pip-version-check 'mlflow==3.17.2'

cat > try.py <<'PY'
import sqlite3

import mlflow

mlflow.set_tracking_uri("sqlite:///mlflow.db")
with mlflow.start_run() as run:
    for step, value in enumerate([0.5, float("nan"), float("inf"), 0.0]):
        mlflow.log_metric("loss", value, step=step)
rows = sqlite3.connect("mlflow.db").execute("SELECT step, value, is_nan FROM metrics ORDER BY step")
print("table: ", *rows)
history = mlflow.MlflowClient().get_metric_history(run.info.run_id, "loss")
print("client:", *((each.step, each.value) for each in history))
PY
venv/bin/python try.py > seen.txt 2> /dev/null
cat seen.txt
diff - seen.txt <<'EXPECTED'
table:  (0, 0.5, 0) (1, 0.0, 1) (2, 1.7976931348623157e+308, 0) (3, 0.0, 0)
client: (0, 0.5) (1, nan) (2, 1.7976931348623157e+308) (3, 0.0)
EXPECTED
