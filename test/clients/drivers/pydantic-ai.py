import asyncio
import os

from pydantic_ai import Agent, UsageLimits
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
from snippet import xaxbot


async def main():
    provider = OpenAIProvider(base_url=os.environ["MODEL_URL"] + "/v1", api_key="none")
    agent = Agent(OpenAIChatModel("scripted", provider=provider), toolsets=[xaxbot])
    await agent.run("Go on.", usage_limits=UsageLimits(request_limit=40))


asyncio.run(main())
