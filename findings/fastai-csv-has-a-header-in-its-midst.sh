#!/bin/sh
# fastai 2.8.12 (torch 2.15.0), its CSVLogger with append=True, for a training that is resumed.
#
# Each fit writes its header again, and its epochs begin again at 0: the file has a line of names in its midst. pandas.read_csv
# makes every column a text of it, in silence ("0.25" and "train_loss" are as good as each other), so that the mean of a loss
# fails, or, with errors="coerce", the second training stands behind the first as if it were one.
#
# Seen, 2026-11-30:
#   epoch 0 epoch 0
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"

python3 -m venv venv
timeout 900 venv/bin/pip install --quiet --disable-pip-version-check 'fastai==2.8.12' 'torch==2.15.0'

cat > try.py <<'PY'
import torch
from fastai.callback.progress import CSVLogger
from fastai.data.core import DataLoaders
from fastai.learner import Learner

data = [(torch.ones(1), torch.ones(1)) for _ in range(8)]
loaders = DataLoaders.from_dsets(data, data, bs=4, device="cpu")
for _ in range(2):
    log = CSVLogger(fname="history.csv", append=True)
    learner = Learner(loaders, torch.nn.Linear(1, 1), loss_func=torch.nn.MSELoss(), cbs=log, path=".")
    with learner.no_bar(), learner.no_logging():
        learner.fit(1)
print(*(line.split(",")[0] for line in open("history.csv")))
PY
timeout 300 venv/bin/python try.py > seen.txt 2> /dev/null
cat seen.txt
diff - seen.txt <<'EXPECTED'
epoch 0 epoch 0
EXPECTED
