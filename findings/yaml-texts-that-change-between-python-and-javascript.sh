#!/bin/sh
# PyYAML 6.0.4 and the npm package yaml 2.9.1, texts both ways.
#
# PyYAML writes a text without quotes wherever its own YAML 1.1 reads it back as a text. For some texts that is where
# YAML 1.2 reads a number: 1e-3 (no dot), 08, 0o17. And the other way: yaml writes 0b11, off and 1:30 without quotes,
# which PyYAML reads as 3, False and 90. An integer beyond 2^53 that PyYAML writes loses its last digits in JavaScript,
# in silence. So "dump here, load there" is not the identity, though both are right by their own version of YAML, and
# the file itself does not say which version that is.
#
# Seen, 2026-11-29:
#   python -> javascript: "1e-3" -> 0.001 (number)
#   python -> javascript: "-.5e3" -> -500 (number)
#   python -> javascript: "08" -> 8 (number)
#   python -> javascript: "0o17" -> 15 (number)
#   python -> javascript: 1234567890123456789 -> 1234567890123456800 (number)
#   javascript -> python: "0b11" -> 3 (int)
#   javascript -> python: "off" -> False (bool)
#   javascript -> python: "1:30" -> 90 (int)
#   javascript -> python: "1_000" -> 1000 (int)
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"

python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check 'PyYAML==6.0.4'
npm install --silent --no-save --no-audit --no-fund 'yaml@2.9.1'

venv/bin/python -c '
import yaml
texts = ["1e-3", "-.5e3", "08", "0o17", 1234567890123456789]
print(yaml.safe_dump(texts), end="")
' > from-python.yaml

cat > both.mjs <<'JS'
import { readFileSync, writeFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
const given = ['"1e-3"', '"-.5e3"', '"08"', '"0o17"', '1234567890123456789'];
parse(readFileSync('from-python.yaml', 'utf8')).forEach((value, index) => {
  console.log(`python -> javascript: ${given[index]} -> ${value} (${typeof value})`);
});
writeFileSync('from-javascript.yaml', stringify(['0b11', 'off', '1:30', '1_000']));
JS
node both.mjs > seen.txt

venv/bin/python -c '
import yaml
given = ["0b11", "off", "1:30", "1_000"]
for text, value in zip(given, yaml.safe_load(open("from-javascript.yaml"))):
    print(f"javascript -> python: \"{text}\" -> {value} ({type(value).__name__})")
' >> seen.txt

cat seen.txt
diff - seen.txt <<'EXPECTED'
python -> javascript: "1e-3" -> 0.001 (number)
python -> javascript: "-.5e3" -> -500 (number)
python -> javascript: "08" -> 8 (number)
python -> javascript: "0o17" -> 15 (number)
python -> javascript: 1234567890123456789 -> 1234567890123456800 (number)
javascript -> python: "0b11" -> 3 (int)
javascript -> python: "off" -> False (bool)
javascript -> python: "1:30" -> 90 (int)
javascript -> python: "1_000" -> 1000 (int)
EXPECTED
