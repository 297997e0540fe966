import asyncio
import os

from anthropic import AsyncAnthropic
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from snippet import XAXBOT, xaxbot_tools


async def main():
    model = AsyncAnthropic(base_url=os.environ["MODEL_URL"], api_key="none")
    server = stdio_client(StdioServerParameters(**XAXBOT))
    async with server as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        runner = model.beta.messages.tool_runner(
            model="scripted",
            max_tokens=1000,
            tools=await xaxbot_tools(session),
            messages=[{"role": "user", "content": "Go on."}],
            thread=False,  # else the server keeps the conversation, which the scripted model does not
        )
        await runner.until_done()


asyncio.run(main())
