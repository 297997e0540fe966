import asyncio

from plain import converse, seen, text_of
from snippet import xaxbot


async def main():
    async with xaxbot as client:
        listed = (await client.list_tools()).tools

        async def call(name, arguments):
            result = await client.call_tool(name, arguments)
            return text_of(result.content), result.is_error

        await converse([seen(tool.name, tool.description, tool.input_schema) for tool in listed], call)


asyncio.run(main())
