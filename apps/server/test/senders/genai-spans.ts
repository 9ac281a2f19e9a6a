import { context, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';

const TOKENS = {
  'gen_ai.usage.input_tokens': 21,
  'gen_ai.usage.cache_read.input_tokens': 5,
  'gen_ai.usage.output_tokens': 7,
  'gen_ai.usage.reasoning.output_tokens': 2,
};

/** An agent's turn as an app tells it by hand, by OpenTelemetry's GenAI conventions. */
export function makeGenaiSpans(tracer: Tracer): void {
  const agent = tracer.startSpan('invoke_agent weather-desk', {
    attributes: {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'weather-desk',
      'gen_ai.conversation.id': 'session-9',
      'user.id': 'user-7',
      ...TOKENS,
    },
  });
  const inAgent = trace.setSpan(context.active(), agent);
  const chat = tracer.startSpan('chat gpt-4o', { kind: SpanKind.CLIENT, attributes: CHAT }, inAgent);
  chat.end();
  tracer
    .startSpan(
      'execute_tool get_weather',
      {
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'get_weather',
          'gen_ai.tool.call.id': 'call_weather',
          'gen_ai.tool.call.arguments': '{"city":"Bern"}',
          'gen_ai.tool.call.result': '{"celsius":4}',
        },
      },
      inAgent,
    )
    .end();
  const failed = tracer.startSpan(
    'chat gpt-none',
    {
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'openai',
        'gen_ai.request.model': 'gpt-none',
        'error.type': 'model_not_found',
        'http.response.status_code': 404,
      },
    },
    inAgent,
  );
  failed.setStatus({ code: SpanStatusCode.ERROR, message: 'The model does not exist.' });
  failed.end();
  agent.end();
}

const CHAT = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-4o',
  'gen_ai.request.temperature': 0.5,
  'gen_ai.request.max_tokens': 200,
  'gen_ai.request.stream': true,
  'gen_ai.response.model': 'gpt-4o-2024-08-06',
  'gen_ai.response.id': 'chatcmpl-fake',
  'gen_ai.response.finish_reasons': ['tool_calls'],
  'gen_ai.response.time_to_first_chunk': 0.02,
  'gen_ai.system_instructions': JSON.stringify([{ type: 'text', content: 'You answer in one line.' }]),
  'gen_ai.input.messages': JSON.stringify([
    { role: 'user', parts: [{ type: 'text', content: 'How is the weather in Bern?' }] },
  ]),
  'gen_ai.output.messages': JSON.stringify([
    {
      role: 'assistant',
      parts: [
        { type: 'reasoning', content: 'A tool knows.' },
        { type: 'tool_call', id: 'call_weather', name: 'get_weather', arguments: { city: 'Bern' } },
      ],
      finish_reason: 'tool_call',
    },
  ]),
  ...TOKENS,
};
