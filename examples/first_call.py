# A first call with the official OpenAI client for Python (pip install openai).
import os

from openai import OpenAI

client = OpenAI(
    base_url=os.environ["TOKENROUTER_BASE_URL"] + "/v1",
    api_key=os.environ["TOKENROUTER_API_KEY"],
)
reply = client.chat.completions.create(
    model="gpt-4o-mini",
    messages=[{"role": "user", "content": "Hello"}],
)
print(reply.choices[0].message.content)
