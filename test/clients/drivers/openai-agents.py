import asyncio
import os

from agents import Agent, OpenAIResponsesModel, Runner, set_tracing_disabled
from openai import AsyncOpenAI
from snippet import xaxbot

set_tracing_disabled(True)


async def main():
    client = AsyncOpenAI(base_url=os.environ["MODEL_URL"] + "/v1", api_key="none")
    async with xaxbot:
        model = OpenAIResponsesModel(model="scripted", openai_client=client)
        agent = Agent(
            name="agent", model=model, mcp_servers=[xaxbot], mcp_config={"convert_schemas_to_strict": True}
        )
        await Runner.run(agent, "Go on.", max_turns=40)


asyncio.run(main())
