import asyncio
import os

from llama_index.core.agent.workflow import FunctionAgent
from llama_index.llms.openai import OpenAI
from snippet import xaxbot


async def main():
    # A name that it knows: it looks up what a model can do.
    model = OpenAI(model="gpt-4o", api_base=os.environ["MODEL_URL"] + "/v1", api_key="none")
    agent = FunctionAgent(tools=await xaxbot.to_tool_list_async(), llm=model)
    await agent.run("Go on.", max_iterations=40)


asyncio.run(main())
