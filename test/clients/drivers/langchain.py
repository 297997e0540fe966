import asyncio
import os

from langchain.agents import create_agent
from langchain_openai import ChatOpenAI
from snippet import xaxbot


async def main():
    model = ChatOpenAI(model="scripted", base_url=os.environ["MODEL_URL"] + "/v1", api_key="none")
    agent = create_agent(model, await xaxbot.get_tools())
    await agent.ainvoke({"messages": [("user", "Go on.")]}, {"recursion_limit": 100})


asyncio.run(main())
