#!/bin/sh
# transformers 5.24.0 (accelerate 1.15.0, torch 2.15.0), its Trainer with default arguments, and a model whose loss is NaN.
#
# logging_nan_inf_filter is on by default: a step whose loss is NaN counts as the mean of the steps before, and where each since the
# last log was NaN as well, "loss" is 0.0, in the console, in trainer_state.json and in every tracker. So a run that diverged
# shows the best loss there is, and a rule "the loss must fall" is content. grad_norm beside it is NaN, and so would eval_loss be.
#
# Seen, 2026-11-30:
#   {'epoch': 0.25, 'grad_norm': nan, 'learning_rate': 5e-05, 'loss': 0.0, 'step': 1}
#   {'epoch': 0.5, 'grad_norm': nan, 'learning_rate': 2.5e-05, 'loss': 0.0, 'step': 2}
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"

python3 -m venv venv
timeout 900 venv/bin/pip install --quiet --disable-pip-version-check 'transformers==5.24.0' 'accelerate==1.15.0' 'torch==2.15.0'

cat > try.py <<'PY'
import json

import torch
from transformers import Trainer, TrainingArguments


class Diverged(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))

    def forward(self, x, labels=None):
        return {"loss": (self.weight * float("nan") * x).mean()}


data = [{"x": torch.ones(1), "labels": torch.ones(1)} for _ in range(8)]
arguments = TrainingArguments(
    "out",
    max_steps=2,
    logging_steps=1,
    save_steps=2,
    per_device_train_batch_size=2,
    report_to="none",
    use_cpu=True,
    disable_tqdm=True,
)
Trainer(model=Diverged(), args=arguments, train_dataset=data).train()
for entry in json.load(open("out/checkpoint-2/trainer_state.json"))["log_history"]:
    print({key: entry[key] for key in sorted(entry)})
PY
timeout 300 venv/bin/python try.py 2> /dev/null | grep "'step'" > seen.txt
cat seen.txt
diff - seen.txt <<'EXPECTED'
{'epoch': 0.25, 'grad_norm': nan, 'learning_rate': 5e-05, 'loss': 0.0, 'step': 1}
{'epoch': 0.5, 'grad_norm': nan, 'learning_rate': 2.5e-05, 'loss': 0.0, 'step': 2}
EXPECTED
