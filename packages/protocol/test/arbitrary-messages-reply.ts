import fc from 'fast-check';
import type { AssistantPart, Reply, TextPart } from '../src/index.ts';
import { plainText, plainThinking, sealed, toolCall } from './arbitrary-parts.ts';
import { base64, id, seals } from './arbitrary-values.ts';
import { replyOf } from './reply-shape.ts';

const cited: fc.Arbitrary<TextPart> = fc.tuple(plainText, fc.webUrl()).map(([part, url]) => {
  const value = {
    type: 'web_search_result_location',
    url,
    title: 'A page',
    cited_text: 'It says.',
    encrypted_index: 'x',
  };
  const citation = { url, title: 'A page', quote: 'It says.' };
  return { ...part, citations: [{ ...citation, wire: { dialect: 'anthropic-messages', value } }] };
});
const redacted: fc.Arbitrary<AssistantPart> = base64.map((value) => ({
  kind: 'thinking',
  text: '',
  signature: { maker: 'anthropic', value, isRedacted: true },
}));
const openai = fc.record({ maker: fc.constant('openai' as const), value: base64, id });
const serverTool: fc.Arbitrary<AssistantPart> = fc.record({
  kind: fc.constant('opaque'),
  dialect: fc.constant('anthropic-messages'),
  value: fc.record({
    type: fc.constantFrom('server_tool_use', 'web_search_tool_result'),
    data: fc.jsonValue(),
  }),
});

export const arbitraryMessagesReply: fc.Arbitrary<Reply> = replyOf({
  parts: fc.array(
    fc.oneof<fc.Arbitrary<AssistantPart>[]>(
      sealed(plainThinking, fc.oneof(seals('anthropic', 'google'), openai)),
      redacted,
      sealed(plainText, seals('google')),
      cited,
      sealed(toolCall, seals('google')),
      serverTool,
    ),
    { maxLength: 5 },
  ),
  endingsOf: () => [
    { stop: 'end', rawStop: 'end_turn' },
    { stop: 'length', rawStop: 'max_tokens' },
    { stop: 'length', rawStop: 'model_context_window_exceeded' },
    { stop: 'tool-calls', rawStop: 'tool_use' },
    { stop: 'refusal', rawStop: 'refusal' },
    { stop: 'pause', rawStop: 'pause_turn' },
    { stop: 'stop-sequence', rawStop: 'stop_sequence', stopSequence: 'END' },
  ],
  usage: ['inputCacheRead', 'inputCacheWrite', 'outputThinking'],
  serviceTiers: fc.constantFrom('default', 'priority'),
});
