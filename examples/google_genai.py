# Google's official client for Python (pip install google-genai).
import os

from google import genai
from google.genai import types

client = genai.Client(
    api_key=os.environ["TOKENROUTER_API_KEY"],
    http_options=types.HttpOptions(base_url=os.environ["TOKENROUTER_BASE_URL"]),
)
print(client.models.generate_content(model="gpt-4o-mini", contents="Hello").text)
for chunk in client.models.generate_content_stream(model="gpt-4o-mini", contents="Hello"):
    print(chunk.text or "", end="", flush=True)
print()
