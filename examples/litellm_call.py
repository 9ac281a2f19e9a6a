# LiteLLM as a client (pip install litellm): the prefix of a model says in which dialect it calls.
import os

import litellm

url = os.environ["TOKENROUTER_BASE_URL"]
key = os.environ["TOKENROUTER_API_KEY"]
messages = [{"role": "user", "content": "Hello"}]

for model, base in [
    ("openai/claude-sonnet-4-5", f"{url}/v1"),
    ("anthropic/gpt-4o-mini", url),
    ("gemini/gpt-4o-mini", f"{url}/v1beta"),
]:
    reply = litellm.completion(model=model, api_base=base, api_key=key, messages=messages)
    print(reply.choices[0].message.content)
