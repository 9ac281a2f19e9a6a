/** How the values of a field are written. */
export type FieldKind = 'text' | 'tokens' | 'money' | 'duration' | 'status' | 'flag' | 'has' | 'keyed';

type FieldInfo = { kind: FieldKind; about: string; values?: readonly string[]; sameAs?: string };

const text = (about: string, values?: readonly string[]): FieldInfo & { kind: 'text' } => ({
  kind: 'text',
  about,
  ...(values !== undefined && { values }),
});
const tokens = (about: string) => ({ kind: 'tokens', about }) as const;

/** Every field of the filter language; its page lists them out of this table. */
export const filterFields = {
  model: text('the model that answered'),
  model_asked: text('the model that was asked for'),
  provider: text('who answered'),
  user: text('the user that the caller named'),
  session: text('what belongs together for the caller'),
  tag: text('one of the labels of the call and of its key'),
  environment: text('the environment'),
  service: text('the service that sent it'),
  release: text('the release of that service'),
  name: text('the name of the span'),
  trace_name: text('the name of its trace'),
  trace: text('the id of the trace'),
  span: text('the id of the span'),
  parent: text('the id of the span around it'),
  request: text('the id of the request'),
  gateway_request: text("the id of the request in the gateway's own record of the same call"),
  key: text('the id of the key'),
  prompt: text('the name of the prompt'),
  prompt_version: text('the version of the prompt'),
  prompt_digest: text('the digest of the system prompt'),
  tool: text('the name of the tool'),
  finish: text('why the reply ended, in the words of the provider'),
  error: text('the code of the error'),
  message: text('the message of the error'),
  route: text("the gateway's route"),
  dialect: text('the format of the request'),
  credential: text("which of the provider's keys answered"),
  service_tier: text("the provider's queue that answered"),
  geo: text('the place where it answered'),
  limit: text('the id of the limit that refused it'),
  convention: text('by which convention of attributes it was read'),
  type: text('what the span is', [
    ...['generation', 'embedding', 'image', 'audio', 'moderation', 'rerank', 'agent', 'chain'],
    ...['tool', 'retriever', 'guardrail', 'evaluator', 'event', 'span'],
  ]),
  kind: text('what it counts as', ['call', 'attempt', 'seen', 'step']),
  source: text('who told of it', ['gateway', 'sdk', 'otlp', 'langfuse', 'events']),
  mode: text('live or test', ['live', 'test']),
  capture: text('what is kept of its content', ['full', 'redacted', 'metadata']),
  cost_label: text('how well its cost is known', ['exact', 'estimated', 'unknown', 'sandbox']),
  status: { kind: 'status', about: 'ok, error, cancelled, or the HTTP status: 429, 4xx, >=500' },
  cost: { kind: 'money', about: 'what it cost, in dollars' },
  given_cost: { kind: 'money', about: 'what its sender says that it cost, in dollars' },
  duration: { kind: 'duration', about: 'how long it took' },
  ttft: { kind: 'duration', about: 'how long the first part took' },
  tokens: tokens('tokens in and out'),
  input_tokens: tokens('tokens that went in'),
  output_tokens: tokens('tokens that came out'),
  cache_read_tokens: tokens('tokens that came from a cache'),
  thinking_tokens: tokens('tokens of thinking'),
  stream: { kind: 'flag', about: 'whether the reply was streamed: true or false' },
  metadata: { kind: 'keyed', about: "an entry of the sender's metadata: metadata.plan" },
  attribute: { kind: 'keyed', about: 'an attribute as it was sent: attribute.http.method' },
  score: { kind: 'keyed', about: 'a score of the trace: score.helpful' },
  has: { kind: 'has', about: 'that there is something at all' },
} as const satisfies { [name: string]: FieldInfo };

export type FilterField = keyof typeof filterFields;
type FieldOf<Kind extends FieldKind> = {
  [name in FilterField]: (typeof filterFields)[name]['kind'] extends Kind ? name : never;
}[FilterField];

export type KeyedField = FieldOf<'keyed'>;
export type NumberField = FieldOf<'tokens' | 'money' | 'duration' | 'status' | 'keyed'>;
/** `outcome` is what the words of `status` mean. */
export type TextField = FieldOf<'text' | 'keyed'> | 'outcome';

/** What `has:` knows. */
export const filterFlags = {
  error: 'it failed',
  user: 'a user',
  session: 'a session',
  tag: 'a label',
  parent: 'a span around it',
  prompt: 'a named prompt',
  tool: 'a tool',
  model: 'a model',
  cost: 'a cost that is not nothing',
  content: 'its content was kept',
  redaction: 'something was taken out before it was stored',
  loss: 'something that a translation could not carry over',
  limit: 'a limit that did something to it',
  ttft: 'the time of the first part',
  cache: 'tokens from a cache',
  thinking: 'tokens of thinking',
  score: 'a score of its trace',
} as const;
export type FilterFlag = keyof typeof filterFlags;

/** Other names under which a field is known. */
export const filterAliases: { readonly [name: string]: FilterField } = {
  user_id: 'user',
  session_id: 'session',
  key_id: 'key',
  trace_id: 'trace',
  span_id: 'span',
  request_id: 'request',
  tags: 'tag',
  env: 'environment',
  latency: 'duration',
  error_code: 'error',
  prompt_name: 'prompt',
  tool_name: 'tool',
  finish_reason: 'finish',
  attributes: 'attribute',
  limit_id: 'limit',
};
