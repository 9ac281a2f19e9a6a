import type { AttributedSpan } from '../received/received-span.ts';
import { chatContent, plainContent } from './content/chat-content.ts';
import type { Convention, SpanKind } from './convention.ts';
import { findJson, findText } from './find-attribute.ts';
import type { MappedContent } from './mapped-span.ts';
import { otelGenai } from './otel-genai.ts';
import { withShared } from './shared-names.ts';

/** By the name of the span. A node holds the requests that it makes, which have the counts. */
const KINDS = new Map<string, SpanKind>(
  Object.entries({
    llm_request: { type: 'generation', isCall: true },
    llm_request_run: { type: 'chain', isCall: false },
    llm_node: { type: 'chain', isCall: false },
    tts_request: { type: 'audio', isCall: true },
    tts_node: { type: 'chain', isCall: false },
    stt_request: { type: 'audio', isCall: true },
    function_tool: { type: 'tool', isCall: false },
    agent_session: { type: 'agent', isCall: false },
    agent_turn: { type: 'agent', isCall: false },
    start_agent_activity: { type: 'agent', isCall: false },
  } satisfies { [name: string]: SpanKind }),
);

/** LiveKit's agents, which speak. Source: github.com/livekit/agents, `telemetry/trace_types.py`. */
export const livekit: Convention = {
  ...otelGenai,
  id: 'livekit',
  texts: withShared({ toolName: ['lk.function_tool.name'], sessionId: ['lk.session_id', 'lk.room_name'] }),
  ttftSeconds: ['lk.response.ttft', 'lk.response.ttfb', 'gen_ai.response.time_to_first_chunk'],
  kindOf: ({ name }) => KINDS.get(name) ?? { type: 'span', isCall: false },
  contentOf,
};

function contentOf({ attributes }: AttributedSpan, { type }: SpanKind): MappedContent {
  const input = findJson(attributes, [
    'lk.chat_ctx',
    'lk.function_tool.arguments',
    'lk.input_text',
    'lk.user_input',
  ]);
  const output = findJson(attributes, ['lk.response.text', 'lk.function_tool.output', 'lk.user_transcript']);
  const calls = findJson(attributes, ['lk.response.function_calls']);
  if (type !== 'generation') return plainContent(input, output);
  return chatContent({
    attributes,
    input: itemsOf(input),
    output: calls === undefined ? output : { role: 'assistant', content: output ?? null, tool_calls: calls },
    finishReason: findText(attributes, ['gen_ai.response.finish_reasons']),
  });
}

/** A context has its turns in `items`. */
function itemsOf(input: ReturnType<typeof findJson>): ReturnType<typeof findJson> {
  const holder = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : undefined;
  return holder?.items ?? input;
}
