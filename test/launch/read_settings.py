"""Reads settings as xax does: a JSON list of [field, scalar] on stdin, and a line for each on stdout.

A line is [field, scalar, what the field holds, what config.yaml says of it]; the third is {"error": …} where xax fails.
"""

import json
import sys
from dataclasses import dataclass
from typing import Any

from xax.utils.structured_config import (
    apply_dotted_override,
    dataclass_from_mapping,
    parse_override_token,
    resolve_interpolations,
    to_yaml_text,
)


@dataclass
class Config:
    text: str = ""
    maybe: str | None = None
    number: float = 0.0
    whole: int = 0
    flag: bool = False
    untyped: Any = None


def read(field, scalar):
    try:
        payload = {}
        apply_dotted_override(payload, *parse_override_token(f"{field}={scalar}"))
        config = dataclass_from_mapping(Config, resolve_interpolations(payload))
        return getattr(config, field), to_yaml_text({field: getattr(config, field)})
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}".splitlines()[0]}, ""


for field, scalar in json.load(sys.stdin):
    sys.stdout.write(json.dumps([field, scalar, *read(field, scalar)], default=repr) + "\n")
