import asyncio
import os

from langchain_openai import ChatOpenAI
from mcp_use import MCPAgent
from snippet import xaxbot


async def main():
    model = ChatOpenAI(model="scripted", base_url=os.environ["MODEL_URL"] + "/v1", api_key="none")
    agent = MCPAgent(llm=model, client=xaxbot, max_steps=40)
    await agent.run("Go on.")
    await xaxbot.close_all_sessions()


asyncio.run(main())
