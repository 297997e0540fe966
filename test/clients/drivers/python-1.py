import asyncio

from mcp import ClientSession
from plain import converse, seen, text_of
from snippet import xaxbot


async def main():
    async with xaxbot as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        listed = (await session.list_tools()).tools

        async def call(name, arguments):
            result = await session.call_tool(name, arguments)
            return text_of(result.content), result.isError

        await converse([seen(tool.name, tool.description, tool.inputSchema) for tool in listed], call)


asyncio.run(main())
