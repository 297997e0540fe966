import asyncio
import json
import os

import litellm
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from plain import text_of
from snippet import XAXBOT, call_openai_tool, xaxbot_tools


async def main():
    server = stdio_client(StdioServerParameters(**XAXBOT))
    async with server as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        tools = await xaxbot_tools(session)
        messages = [{"role": "user", "content": "Go on."}]
        while True:
            answer = await litellm.acompletion(
                model="openai/scripted",
                api_base=os.environ["MODEL_URL"] + "/v1",
                api_key="none",
                messages=messages,
                tools=tools,
            )
            said = answer.choices[0].message
            messages.append(said.model_dump())
            if not said.tool_calls:
                return
            for each in said.tool_calls:
                result = await call_openai_tool(session=session, openai_tool=each.model_dump())
                messages.append({"role": "tool", "tool_call_id": each.id, "content": text_of(result.content)})


asyncio.run(main())
