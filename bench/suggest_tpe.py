"""Optuna's own TPE as a child of the bench: a line of JSON in, the next point as a line of JSON out.

{"options": [{"key", "min", "max", "log"} or {"key", "choices"}], "start": {...}, "seed": N} begins a search;
{"value": V} tells the value of the point before, where less is better.
"""

import json
import sys

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
print(json.dumps(optuna.__version__), flush=True)

study, options, trial = None, [], None
for line in sys.stdin:
    asked = json.loads(line)
    if "options" in asked:
        options = asked["options"]
        study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=asked["seed"]))
        study.enqueue_trial(asked["start"])
    else:
        study.tell(trial, asked["value"])
    trial = study.ask()
    point = {
        each["key"]: trial.suggest_categorical(each["key"], each["choices"])
        if "choices" in each
        else trial.suggest_float(each["key"], each["min"], each["max"], log=each["log"])
        for each in options
    }
    print(json.dumps(point), flush=True)
