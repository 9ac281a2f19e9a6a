"""Langfuse for Python, with its wrapping of OpenAI's client."""

import os

os.environ["LANGFUSE_BASE_URL"] = os.environ["LANGFUSE_HOST"] = os.environ["SENDER_URL"]
os.environ["LANGFUSE_PUBLIC_KEY"] = "pk-lf-any"
os.environ["LANGFUSE_SECRET_KEY"] = os.environ["SENDER_KEY"]
os.environ["LANGFUSE_TRACING_ENVIRONMENT"] = "staging"

from langfuse import get_client  # noqa: E402
from langfuse.openai import OpenAI  # noqa: E402

from ask_the_model import ask_the_model  # noqa: E402

ask_the_model(OpenAI(api_key="sk-any", base_url=os.environ["SENDER_MODEL_URL"] + "/v1", max_retries=0))
get_client().flush()
get_client().shutdown()
