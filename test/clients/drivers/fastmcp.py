import asyncio

from plain import converse, offer, seen, text_of
from snippet import xaxbot


async def main():
    async with xaxbot as client:
        listed = await client.list_tools()

        offered = offer(
            await client.list_resources(),
            await client.read_resource("xaxbot://report"),
            await client.list_prompts(),
            await client.get_prompt("experiment_loop"),
        )

        async def call(name, arguments):
            result = await client.call_tool(name, arguments, raise_on_error=False)
            return text_of(result.content), result.is_error

        await converse([seen(tool.name, tool.description, tool.input_schema) for tool in listed], call, offered)


asyncio.run(main())
