#!/bin/sh
# llama-index-tools-mcp 0.6.0 (PyPI), which makes LlamaIndex's tools of those of an MCP server.
#
# An argument that is an object, its properties written where it stands, is valid JSON Schema. The model is given it as "any
# object": its properties, types, choices and what is required are gone, without a warning. The same object behind a "$ref"
# arrives whole.
#
# Seen, 2026-11-30, Python 3.11:
#   in place: {"additionalProperties": true, "description": "", "title": "Oven", "type": "object"}
#   by $ref, its properties: ["celsius", "mode"]
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"

python3 -m venv venv
timeout 600 venv/bin/pip install --quiet --disable-pip-version-check \
  'llama-index-tools-mcp==0.6.0' 'llama-index-core==0.14.25' 'mcp==2.3.0'

# Without an SDK, so that the schema is told as it stands here.
cat > server.py <<'PY'
import json
import sys

OVEN = {
    "type": "object",
    "properties": {"celsius": {"type": "number"}, "mode": {"type": "string", "enum": ["top", "bottom"]}},
    "required": ["celsius"],
}


def tool(name, oven, **more):
    schema = {"type": "object", "properties": {"oven": oven}, "required": ["oven"], **more}
    return {"name": name, "description": "Bake a cake", "inputSchema": schema}


TOOLS = [tool("in_place", OVEN), tool("by_ref", {"$ref": "#/$defs/Oven"}, **{"$defs": {"Oven": OVEN}})]
INFO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {"tools": {}},
    "serverInfo": {"name": "kitchen", "version": "1"},
}
RESULTS = {"initialize": INFO, "tools/list": {"tools": TOOLS}}
UNKNOWN = {"error": {"code": -32601, "message": "Method not found"}}

for line in sys.stdin:
    request = json.loads(line)
    if "id" in request:
        result = RESULTS.get(request["method"])
        answer = {"result": result} if result else UNKNOWN
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], **answer}), flush=True)
PY

cat > try.py <<'PY'
import asyncio
import json
import sys

from llama_index.tools.mcp import BasicMCPClient, McpToolSpec


async def main():
    """Prints what a model is given of the argument `oven`."""
    client = BasicMCPClient(sys.executable, args=["server.py"])
    in_place, by_ref = [
        tool.metadata.to_openai_tool()["function"]["parameters"]
        for tool in await McpToolSpec(client=client).to_tool_list_async()
    ]
    print("in place:", json.dumps(in_place["properties"]["oven"], sort_keys=True))
    (oven,) = by_ref.get("$defs", {"": {}}).values()
    print("by $ref, its properties:", json.dumps(sorted(oven.get("properties", {}))))


asyncio.run(main())
PY

seen=$(timeout 120 venv/bin/python try.py 2> /dev/null)
echo "$seen"
[ "$seen" = 'in place: {"additionalProperties": true, "description": "", "title": "Oven", "type": "object"}
by $ref, its properties: ["celsius", "mode"]' ]
