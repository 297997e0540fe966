import asyncio
import os

from google import genai
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from snippet import XAXBOT, with_xaxbot


async def main():
    client = genai.Client(api_key="none", http_options={"base_url": os.environ["MODEL_URL"]})
    server = stdio_client(StdioServerParameters(**XAXBOT))
    async with server as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        await client.aio.models.generate_content(
            model="scripted", contents="Go on.", config=with_xaxbot(session)
        )


asyncio.run(main())
