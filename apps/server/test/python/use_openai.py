import json

import openai
from pydantic import BaseModel

from journey import KEY, RESULTS, TEXT, heard, raises, run

MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hello?"}]
ANY = {"type": "object", "properties": {}}
TOOLS = [{"type": "function", "function": {"name": name, "parameters": ANY}} for name in RESULTS]
FLAT = [{"type": "function", "name": name, "parameters": ANY} for name in RESULTS]


class City(BaseModel):
    city: str


def client(url, key=KEY):
    return openai.OpenAI(api_key=key, base_url=f"{url}/v1", max_retries=0)


def chat(url, dialect):
    reply = client(url).chat.completions.create(model="the-model", messages=MESSAGES)
    assert reply.choices[0].message.content == TEXT
    assert reply.usage.prompt_tokens == 21 and reply.usage.completion_tokens == 7


def chat_stream(url, dialect):
    stream = client(url).chat.completions.create(
        model="the-model", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == TEXT
    assert chunks[-1].usage.completion_tokens == 7


def chat_tools(url, dialect):
    ask = {"model": "the-model", "tools": TOOLS, "reasoning_effort": "low"}
    with client(url).chat.completions.stream(messages=MESSAGES, **ask) as stream:
        streamed = stream.get_final_completion().choices[0].message
    whole = client(url).chat.completions.create(messages=MESSAGES, **ask).choices[0].message
    for message in (whole, streamed):
        results = [
            {"role": "tool", "tool_call_id": call.id, "content": RESULTS[call.function.name]}
            for call in message.tool_calls
        ]
        messages = [*MESSAGES, message.model_dump(exclude_none=True, exclude={"parsed"}), *results]
        reply = client(url).chat.completions.create(messages=messages, **ask)
        heard(reply.choices[0].message.content, dialect, seals=True)


def chat_parse(url, dialect):
    reply = client(url).chat.completions.parse(model="the-model", messages=MESSAGES, response_format=City)
    assert reply.choices[0].message.parsed == City(city="Zürich")


def responses(url, dialect):
    reply = client(url).responses.create(model="the-model", instructions="Be brief.", input="Hello?")
    assert reply.output_text == TEXT and reply.status == "completed"
    with client(url).responses.stream(model="the-model", input="Hello?") as stream:
        deltas = [event.delta for event in stream if event.type == "response.output_text.delta"]
        assert "".join(deltas) == TEXT and len(deltas) > 2
        assert stream.get_final_response().output_text == TEXT


def responses_tools(url, dialect):
    ask = {"model": "the-model", "tools": FLAT, "reasoning": {"effort": "low", "summary": "auto"}}
    first = client(url).responses.create(input="Weather?", **ask)
    results = [
        {"type": "function_call_output", "call_id": item.call_id, "output": RESULTS[item.name]}
        for item in first.output
        if item.type == "function_call"
    ]
    by_name = client(url).responses.create(input=results, previous_response_id=first.id, **ask)
    heard(by_name.output_text, dialect, seals=True)
    by_items = client(url).responses.create(
        input=[{"role": "user", "content": "Weather?"}, *first.output, *results],
        store=False,
        include=["reasoning.encrypted_content"],
        **ask,
    )
    assert json.loads(by_items.output_text)["results"] == list(RESULTS.values())


def responses_parse(url, dialect):
    reply = client(url).responses.parse(model="the-model", input="Where?", text_format=City)
    assert reply.output_parsed == City(city="Zürich")


def errors(url, dialect):
    def call(key=KEY, model="the-model"):
        return client(url, key).chat.completions.create(model=model, messages=MESSAGES)

    raises(openai.AuthenticationError, lambda: call("tr_live_nobody"))
    error = raises(openai.NotFoundError, lambda: call(model="no-such-model"))
    assert error.code == "model_not_found" and error.request_id.startswith("req_")


def models(url, dialect):
    assert "the-model" in [model.id for model in client(url).models.list()]


run(chat, chat_stream, chat_tools, chat_parse, responses, responses_tools, responses_parse, errors, models)
