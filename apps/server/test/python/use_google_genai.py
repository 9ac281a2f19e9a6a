import json

from google import genai
from google.genai import errors as failures
from google.genai import types

from journey import KEY, RESULTS, TEXT, heard, raises, run


kept = []


def client(url, key=KEY):
    # A client that nobody holds any more closes its connections, also while they are used.
    kept.append(genai.Client(api_key=key, http_options=types.HttpOptions(base_url=url)))
    return kept[-1]


def generate(url, dialect):
    config = types.GenerateContentConfig(system_instruction="Be brief.", max_output_tokens=300)
    reply = client(url).models.generate_content(model="the-model", contents="Hello?", config=config)
    assert reply.text == TEXT
    assert reply.usage_metadata.prompt_token_count == 21


def stream(url, dialect):
    given = list(client(url).models.generate_content_stream(model="the-model", contents="Hello?"))
    assert "".join(chunk.text or "" for chunk in given) == TEXT and len(given) > 3
    assert given[-1].candidates[0].finish_reason == types.FinishReason.STOP


def tools(url, dialect):
    declared = [
        types.FunctionDeclaration(name=name, parameters_json_schema={"type": "object"}) for name in RESULTS
    ]
    config = types.GenerateContentConfig(
        tools=[types.Tool(function_declarations=declared)],
        thinking_config=types.ThinkingConfig(include_thoughts=True, thinking_budget=2000),
        max_output_tokens=4000,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )
    question = types.Content(role="user", parts=[types.Part(text="Weather?")])
    models = client(url).models
    whole = [models.generate_content(model="the-model", contents=[question], config=config)]
    streamed = list(models.generate_content_stream(model="the-model", contents=[question], config=config))
    for replies in (whole, streamed):
        said = [reply.candidates[0].content for reply in replies if reply.candidates[0].content]
        calls = [part.function_call for content in said for part in content.parts or [] if part.function_call]
        answers = [
            types.Part(
                function_response=types.FunctionResponse(
                    id=call.id, name=call.name, response={"output": RESULTS[call.name]}
                )
            )
            for call in calls
        ]
        contents = [question, *said, types.Content(role="user", parts=answers)]
        reply = models.generate_content(model="the-model", contents=contents, config=config)
        heard(reply.text, dialect, seals=True)


def functions_of_python(url, dialect):
    called = []

    def get_weather(city: str, days: int) -> str:
        """Tells the weather."""
        called.append((city, days))
        return "rain"

    def get_time(zone: str) -> str:
        """Tells the time."""
        called.append(zone)
        return "12:00"

    config = types.GenerateContentConfig(tools=[get_weather, get_time])
    reply = client(url).models.generate_content(model="the-model", contents="Weather?", config=config)
    assert called == [("Zürich", 3), "Europe/Zurich"], called
    assert len(json.loads(reply.text)["results"]) == 2


def errors(url, dialect):
    def call(key=KEY, model="the-model"):
        return client(url, key).models.generate_content(model=model, contents="Hello?")

    assert raises(failures.ClientError, lambda: call("tr_live_nobody")).code == 401
    assert raises(failures.ClientError, lambda: call(model="no-such-model")).code == 404


run(generate, stream, tools, functions_of_python, errors)
