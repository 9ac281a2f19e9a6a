"""What an app does with a model: a question that ends in a call of a tool, and a streamed answer."""

TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}


def ask_the_model(client):
    messages = [
        {"role": "system", "content": "You answer in one line."},
        {"role": "user", "content": "How is the weather in Bern?"},
    ]
    asked = client.chat.completions.create(
        model="gpt-4o", messages=messages, tools=[TOOL], temperature=0.5, max_tokens=200
    )
    call = asked.choices[0].message.tool_calls[0]
    turn = {"role": "assistant", "content": None, "tool_calls": [call.model_dump()]}
    result = {"role": "tool", "tool_call_id": call.id, "content": '{"celsius":4}'}
    stream = client.chat.completions.create(
        model="gpt-4o",
        messages=[*messages, turn, result],
        stream=True,
        stream_options={"include_usage": True},
    )
    for _ in stream:
        pass
