import anthropic

from journey import KEY, RESULTS, TEXT, heard, raises, run

ASK = {"model": "the-model", "max_tokens": 4000, "system": "Be brief."}
MESSAGES = [{"role": "user", "content": "Hello?"}]
TOOLS = [{"name": name, "input_schema": {"type": "object"}} for name in RESULTS]
THINKING = {"type": "enabled", "budget_tokens": 2000}


def client(url, key=KEY):
    return anthropic.Anthropic(api_key=key, base_url=url, max_retries=0)


def messages(url, dialect):
    reply = client(url).messages.create(messages=MESSAGES, **ASK)
    assert reply.content[0].text == TEXT and reply.stop_reason == "end_turn"
    assert reply.usage.input_tokens == 16 and reply.usage.cache_read_input_tokens == 5


def stream(url, dialect):
    with client(url).messages.stream(messages=MESSAGES, **ASK) as given:
        texts = list(given.text_stream)
        final = given.get_final_message()
    assert "".join(texts) == TEXT and len(texts) > 2
    assert final.content[0].text == TEXT and final.usage.output_tokens == 7


def tools(url, dialect):
    ask = {**ASK, "tools": TOOLS, "thinking": THINKING}
    with client(url).messages.stream(messages=MESSAGES, **ask) as given:
        streamed = given.get_final_message()
    for message in (client(url).messages.create(messages=MESSAGES, **ask), streamed):
        assert message.stop_reason == "tool_use"
        results = [
            {"type": "tool_result", "tool_use_id": block.id, "content": RESULTS[block.name]}
            for block in message.content
            if block.type == "tool_use"
        ]
        history = [
            *MESSAGES,
            {"role": "assistant", "content": message.content},
            {"role": "user", "content": results},
        ]
        reply = client(url).messages.create(messages=history, **ask)
        heard(reply.content[-1].text, dialect, seals=True)


def models(url, dialect):
    assert "the-model" in [model.id for model in client(url).models.list()]


def errors(url, dialect):
    def call(key=KEY, **other):
        return client(url, key).messages.create(messages=MESSAGES, **{**ASK, **other})

    raises(anthropic.AuthenticationError, lambda: call("tr_live_nobody"))
    raises(anthropic.NotFoundError, lambda: call(model="no-such-model"))


run(messages, stream, tools, models, errors)
