# The Responses API with the official OpenAI client for Python: streamed, and fetched again.
import os

from openai import OpenAI

client = OpenAI(
    base_url=os.environ["TOKENROUTER_BASE_URL"] + "/v1",
    api_key=os.environ["TOKENROUTER_API_KEY"],
)
with client.responses.stream(model="claude-sonnet-4-5", input="Hello") as stream:
    for event in stream:
        if event.type == "response.output_text.delta":
            print(event.delta, end="", flush=True)
    reply = stream.get_final_response()
print()
print(client.responses.retrieve(reply.id).status)
