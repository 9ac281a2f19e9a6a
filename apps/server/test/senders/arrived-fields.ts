import type { Score, SpanDetails } from '@app/contract';

/** All that arrived from one sender. */
export type Arrived = { spans: readonly SpanDetails[]; scores: readonly Score[] };

type Fields = { [name: string]: unknown };

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listAt = (value: unknown, name: string): readonly unknown[] => {
  const list = isFields(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
};

const calls = ({ spans }: Arrived) => spans.filter(({ kind }) => kind === 'call');
const chats = (arrived: Arrived) => calls(arrived).filter(({ type }) => type === 'generation');
const someCall = (test: (span: SpanDetails) => boolean) => (arrived: Arrived) => chats(arrived).some(test);
const someSpan = (test: (span: SpanDetails) => boolean) => (arrived: Arrived) => arrived.spans.some(test);
const counts =
  (name: keyof SpanDetails['usage']) =>
  ({ usage }: SpanDetails) =>
    (usage[name] ?? 0) > 0;

const saysAnything = (request: unknown, role: string): boolean => {
  const turns = isFields(request) ? listAt(request, 'messages') : Array.isArray(request) ? request : [];
  return turns.some((turn) => isFields(turn) && turn.role === role && typeof turn.content === 'string');
};
const isAnswer = (reply: unknown): boolean =>
  listAt(reply, 'parts').some((part) => isFields(part) && part.kind === 'text') ||
  (isFields(reply) && (typeof reply.content === 'string' || Array.isArray(reply.choices)));
const hasCalls = (reply: unknown): boolean =>
  /"tool[-_]calls?"|get_weather/.test(JSON.stringify(reply ?? null));

/** What a reader of traces looks for, and how it is seen that it came. In the order of the table. */
const FIELDS: readonly [field: string, isThere: (arrived: Arrived) => boolean][] = [
  ['calls of a model', (arrived) => chats(arrived).length > 0],
  ['model asked', someCall(({ model_asked }) => model_asked !== null)],
  ['model that answered', someCall(({ model, model_asked }) => model !== null && model !== model_asked)],
  ['provider', someCall(({ provider }) => provider !== null)],
  ['conversation', someCall(({ request }) => saysAnything(request, 'user'))],
  ['system prompt', someCall(({ request }) => saysAnything(request, 'system'))],
  ['answer', someCall(({ reply }) => isAnswer(reply))],
  ['tools offered', someCall(({ request }) => listAt(request, 'tools').length > 0)],
  ['calls of tools', someCall(({ reply }) => hasCalls(reply))],
  ['runs of tools', someSpan(({ type, tool_name }) => type === 'tool' && tool_name !== null)],
  ['settings', someCall(({ request }) => isFields(request) && request.temperature === 0.5)],
  ['input tokens', someCall(counts('input_fresh'))],
  ['output tokens', someCall(counts('output_text'))],
  ['cached tokens', someCall(counts('input_cache_read'))],
  ['tokens of streams', someCall((span) => span.stream && counts('input_fresh')(span))],
  ['cost', someCall(({ cost_label, cost }) => cost_label !== 'unknown' && cost.nanos > 0)],
  ['streamed or not', someCall(({ stream }) => stream)],
  ['first token', someCall(({ ttft_ms }) => ttft_ms !== null)],
  ['why it ended', someCall(({ finish_reason }) => finish_reason !== null)],
  ["the provider's id", someCall(({ request_id }) => request_id !== null)],
  ['embeddings', (arrived) => calls(arrived).some(({ type }) => type === 'embedding')],
  ['failed calls', someCall(({ outcome }) => outcome === 'failed')],
  ['what failed', someCall(({ error_message }) => error_message !== null)],
  ['tree', someSpan(({ parent_span_id }) => parent_span_id !== null)],
  ['name of the trace', someSpan(({ trace_name }) => trace_name !== null)],
  ['session', someSpan(({ session_id }) => session_id === 'session-9')],
  ['user', someSpan(({ user_id }) => user_id === 'user-7')],
  ['tags', someSpan(({ tags }) => tags.includes('weather'))],
  ['environment', someSpan(({ environment }) => environment === 'staging')],
  ['release', someSpan(({ release }) => release === '2026.11')],
  ['prompt and version', someSpan(({ prompt }) => prompt?.version === '3')],
  ['scores', ({ scores }) => scores.some(({ name }) => name === 'helpful')],
];

/** A table in Markdown: a line for each field, a column for each sender. */
export function writeFieldTable(senders: { readonly [name: string]: Arrived }): string {
  const names = Object.keys(senders);
  const rows = FIELDS.map(([field, isThere]) => {
    const cells = Object.values(senders).map((arrived) => (isThere(arrived) ? 'yes' : '–'));
    return `| ${[field, ...cells].join(' | ')} |`;
  });
  const head = `| field | ${names.join(' | ')} |`;
  return [head, `| --- |${' :-: |'.repeat(names.length)}`, ...rows].join('\n');
}
