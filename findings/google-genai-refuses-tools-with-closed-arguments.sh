#!/bin/sh
# google-genai 3.6.1 with a session of the MCP Python SDK (1.30.0; 2.3.0 gives the same) among its tools.
#
# A tool whose arguments are closed, `"additionalProperties": false`, is valid JSON Schema, what most generators of schemas
# write, and what OpenAI's strict mode demands. google-genai takes the value for a schema, and fails before anything is sent:
# one such tool of a server makes all of its tools unusable, with an error that names neither.
# A request whose config is a GenerateContentConfig, as its README shows it, is copied in depth, sessions too, which cannot
# be; the same config as a dict is sent.
#
# Seen, 2026-11-30, Python 3.11:
#   dict, open schema: sent
#   dict, closed schema: AttributeError: 'bool' object has no attribute 'items'
#   GenerateContentConfig, open schema: TypeError: cannot pickle '_asyncio.Future' object
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cd "$folder"

python3 -m venv venv
timeout 600 venv/bin/pip install --quiet --disable-pip-version-check 'google-genai==3.6.1' 'mcp==1.30.0'

cat > server.py <<'PY'
import ast
import asyncio
import sys

from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.types import Tool

server = Server("weather")


@server.list_tools()
async def tools():
    return [Tool(name="weather", description="The weather", inputSchema=ast.literal_eval(sys.argv[1]))]


async def main():
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


asyncio.run(main())
PY

cat > try.py <<'PY'
import asyncio
import sys

from google import genai
from google.genai.types import GenerateContentConfig
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

CLIENT = genai.Client(api_key="none", http_options={"base_url": "http://127.0.0.1:9"})
CLOSED = {"type": "object", "properties": {"city": {"type": "string"}}, "additionalProperties": False}
OPEN = {"type": "object", "properties": {"city": {"type": "string"}}}


async def ask(schema, as_config):
    """What becomes of a request with the one tool of a server: port 9 lets none through."""
    server = StdioServerParameters(command=sys.executable, args=["server.py", repr(schema)])
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        try:
            config = as_config(tools=[session])
            await CLIENT.aio.models.generate_content(model="m", contents="Weather?", config=config)
        except Exception as error:
            return "sent" if "connect" in type(error).__name__.lower() else f"{type(error).__name__}: {error}"


print("dict, open schema:", asyncio.run(ask(OPEN, dict)))
print("dict, closed schema:", asyncio.run(ask(CLOSED, dict)))
print("GenerateContentConfig, open schema:", asyncio.run(ask(OPEN, GenerateContentConfig)))
PY

seen=$(timeout 120 venv/bin/python try.py 2> /dev/null)
echo "$seen"
[ "$seen" = "dict, open schema: sent
dict, closed schema: AttributeError: 'bool' object has no attribute 'items'
GenerateContentConfig, open schema: TypeError: cannot pickle '_asyncio.Future' object" ]
