import asyncio

from plain import converse, offer, seen, text_of
from snippet import xaxbot


async def main():
    async with xaxbot as client:
        listed = (await client.list_tools()).tools

        offered = offer(
            (await client.list_resources()).resources,
            (await client.read_resource("xaxbot://report")).contents,
            (await client.list_prompts()).prompts,
            await client.get_prompt("experiment_loop"),
        )

        async def call(name, arguments):
            result = await client.call_tool(name, arguments)
            return text_of(result.content), result.is_error

        await converse([seen(tool.name, tool.description, tool.input_schema) for tool in listed], call, offered)


asyncio.run(main())
