# A stream with the official Anthropic client for Python (pip install anthropic).
import os

from anthropic import Anthropic

client = Anthropic(
    base_url=os.environ["TOKENROUTER_BASE_URL"],
    api_key=os.environ["TOKENROUTER_API_KEY"],
)
asked = {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}]}
with client.messages.stream(max_tokens=200, **asked) as stream:
    for text in stream.text_stream:
        print(text, end="", flush=True)
print()
print(client.messages.count_tokens(**asked).input_tokens, "tokens")
