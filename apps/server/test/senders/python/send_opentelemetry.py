"""OpenTelemetry for Python with spans written by hand, by the GenAI conventions."""

import json
import os

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

exporter = OTLPSpanExporter(
    endpoint=os.environ["SENDER_URL"] + "/v1/traces",
    headers={"authorization": "Bearer " + os.environ["SENDER_KEY"]},
)
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(exporter))
tracer = provider.get_tracer("weather-app")

USER = {"role": "user", "parts": [{"type": "text", "content": "How is the weather in Bern?"}]}
ANSWER = {"role": "assistant", "parts": [{"type": "text", "content": "Four degrees and dry."}], "finish_reason": "stop"}

with tracer.start_as_current_span("invoke_agent weather-desk") as agent:
    agent.set_attributes(
        {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": "weather-desk",
            "gen_ai.conversation.id": "session-9",
            "user.id": "user-7",
            "gen_ai.usage.input_tokens": 21,
        }
    )
    with tracer.start_as_current_span("chat gpt-4o") as chat:
        chat.set_attributes(
            {
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": "openai",
                "gen_ai.request.model": "gpt-4o",
                "gen_ai.request.temperature": 0.5,
                "gen_ai.response.model": "gpt-4o-2024-08-06",
                "gen_ai.response.id": "chatcmpl-fake",
                "gen_ai.response.finish_reasons": ["stop"],
                "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "You answer in one line."}]),
                "gen_ai.input.messages": json.dumps([USER]),
                "gen_ai.output.messages": json.dumps([ANSWER]),
                "gen_ai.usage.input_tokens": 21,
                "gen_ai.usage.cache_read.input_tokens": 5,
                "gen_ai.usage.output_tokens": 7,
            }
        )
provider.shutdown()
