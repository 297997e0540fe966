import asyncio
import os

os.environ |= {"GOOGLE_GEMINI_BASE_URL": os.environ["MODEL_URL"], "GOOGLE_API_KEY": "none"}

from google.adk.agents import LlmAgent
from google.adk.runners import InMemoryRunner
from snippet import xaxbot


async def main():
    agent = LlmAgent(name="agent", model="gemini-scripted", tools=[xaxbot])
    runner = InMemoryRunner(agent=agent)
    await runner.run_debug("Go on.")
    await runner.close()


asyncio.run(main())
