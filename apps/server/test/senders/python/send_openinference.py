"""OpenInference's instrumentation of OpenAI's client for Python."""

import os

from openai import OpenAI
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from ask_the_model import ask_the_model

exporter = OTLPSpanExporter(
    endpoint=os.environ["SENDER_URL"] + "/v1/traces",
    headers={"authorization": "Bearer " + os.environ["SENDER_KEY"]},
)
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(exporter))
OpenAIInstrumentor().instrument(tracer_provider=provider)

ask_the_model(OpenAI(api_key="sk-any", base_url=os.environ["SENDER_MODEL_URL"] + "/v1", max_retries=0))
provider.shutdown()
