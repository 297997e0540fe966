import asyncio

from mcp import ClientSession
from plain import converse, offer, seen, text_of
from pydantic import AnyUrl
from snippet import xaxbot


async def main():
    async with xaxbot as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        listed = (await session.list_tools()).tools

        offered = offer(
            (await session.list_resources()).resources,
            (await session.read_resource(AnyUrl("xaxbot://report"))).contents,
            (await session.list_prompts()).prompts,
            await session.get_prompt("experiment_loop"),
        )

        async def call(name, arguments):
            result = await session.call_tool(name, arguments)
            return text_of(result.content), result.isError

        await converse([seen(tool.name, tool.description, tool.inputSchema) for tool in listed], call, offered)


asyncio.run(main())
