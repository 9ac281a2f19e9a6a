import json
from importlib.util import find_spec

import litellm

from journey import KEY, RESULTS, TEXT, heard, raises, run

MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello?"}]
TOOLS = [
    {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": {}}}}
    for name in RESULTS
]

litellm.telemetry = False
litellm.suppress_debug_info = True
# It looks at tools with a package that it does not bring along.
WITHOUT_MCP = {} if find_spec("mcp") else {"_skip_mcp_handler": True}


def bases(url):
    """The prefix of a model says in which dialect it calls."""
    return {
        "openai/the-model": f"{url}/v1",
        "anthropic/claude-sonnet-4-5": url,
        "gemini/gemini-2.5-flash": f"{url}/v1beta",
    }


def complete(model, base, key=KEY, **other):
    return litellm.completion(
        model=model,
        api_base=base,
        api_key=key,
        num_retries=0,
        **{"messages": MESSAGES, **WITHOUT_MCP, **other},
    )


def in_object(result):
    """A result as it writes it for Google."""
    return json.dumps({"content": result}, separators=(",", ":"))


def completion(url, dialect):
    for model, base in bases(url).items():
        reply = complete(model, base)
        assert reply.choices[0].message.content == TEXT, model
        assert reply.usage.prompt_tokens == 21 and reply.usage.completion_tokens == 7, model


def stream(url, dialect):
    for model, base in bases(url).items():
        chunks = list(complete(model, base, stream=True))
        assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == TEXT, model
        assert chunks[-1].choices[0].finish_reason == "stop", model


def tools(url, dialect):
    for model, base in bases(url).items():
        message = complete(model, base, tools=TOOLS).choices[0].message
        results = [
            {"role": "tool", "tool_call_id": call.id, "content": RESULTS[call.function.name]}
            for call in message.tool_calls
        ]
        said = message.model_dump(exclude_none=True, warnings=False)
        reply = complete(model, base, tools=TOOLS, messages=[*MESSAGES, said, *results])
        wrap = in_object if "gemini" in model else str
        heard(reply.choices[0].message.content, dialect, seals=False, wrap=wrap)


def errors(url, dialect):
    for model, base in bases(url).items():
        raises(litellm.AuthenticationError, lambda: complete(model, base, key="tr_live_nobody"))


run(completion, stream, tools, errors)
