"""A model of no API: the scripted model is told the tools and what they answered as they are."""

import json
import os
import urllib.request


async def converse(tools, call, offered):
    """Calls tools as the model says, until it is done. `call(name, arguments)` gives (text, is_error)."""
    results = []
    while True:
        turn = {"system": "", "tools": tools, "results": results, "offered": offered}
        request = urllib.request.Request(
            os.environ["MODEL_URL"] + "/plain", json.dumps(turn).encode(), {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request) as response:
            move = json.load(response)
        if "say" in move:
            return
        text, is_error = await call(move["tool"], move["arguments"])
        results.append({"tool": move["tool"], "text": text, "isError": is_error})


def offer(resources, report, prompts, loop):
    return {
        "resources": [str(each.uri) for each in resources],
        "report": report[0].text,
        "prompts": [each.name for each in prompts],
        "loop": loop.messages[0].content.text,
    }


def seen(name, description, schema):
    return {"name": name, "description": description or "", "schema": schema}


def text_of(content):
    return "\n".join(part.text for part in content if part.type == "text")
