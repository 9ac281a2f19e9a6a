import type { FilterFlag, NumberField, TextField } from '@app/contract';
import { addUp, cacheReadTokens, inputTokens, outputTokens } from '../token-sums.ts';

type Keyed = 'metadata' | 'attribute' | 'score';

/** The column behind each field that is text. */
export const textColumns: Readonly<Record<Exclude<TextField, Keyed | 'tag'>, string>> = {
  model: 'model',
  model_asked: 'model_asked',
  provider: 'provider',
  user: 'user_id',
  session: 'session_id',
  environment: 'environment',
  service: 'service',
  release: 'release',
  name: 'name',
  trace_name: 'trace_name',
  trace: 'trace_id',
  span: 'span_id',
  parent: 'parent_span_id',
  request: 'request_id',
  gateway_request: 'gateway_request_id',
  key: 'key_id',
  prompt: 'prompt_name',
  prompt_version: 'prompt_version',
  prompt_digest: 'prompt_digest',
  tool: 'tool_name',
  finish: 'finish_reason',
  error: 'error_code',
  message: 'error_message',
  route: 'route',
  dialect: 'dialect',
  credential: 'credential',
  service_tier: 'service_tier',
  geo: 'geo',
  limit: 'limit_refused',
  convention: 'convention',
  type: 'type',
  kind: 'kind',
  source: 'source',
  mode: 'mode',
  capture: 'capture',
  cost_label: 'cost_label',
  outcome: 'outcome',
};

/** What each field that is a number is compared by. Where it is unknown, no comparison holds. */
export const numberColumns: Readonly<
  Record<Exclude<NumberField, Keyed>, { sql: string; type: 'Int64' | 'UInt64'; isNullable?: true }>
> = {
  status: { sql: 'status', type: 'Int64' },
  cost: { sql: 'cost_nanos', type: 'Int64' },
  given_cost: { sql: 'given_cost_nanos', type: 'Int64', isNullable: true },
  duration: { sql: 'duration_us', type: 'Int64' },
  ttft: { sql: 'ttft_us', type: 'Int64', isNullable: true },
  tokens: { sql: `(${addUp([...inputTokens, ...outputTokens])})`, type: 'Int64' },
  input_tokens: { sql: `(${addUp(inputTokens)})`, type: 'Int64' },
  output_tokens: { sql: `(${addUp(outputTokens)})`, type: 'Int64' },
  cache_read_tokens: { sql: `(${addUp(cacheReadTokens)})`, type: 'Int64' },
  thinking_tokens: { sql: 'ifNull(output_thinking, 0)', type: 'Int64' },
};

export const flagConditions: Readonly<Record<Exclude<FilterFlag, 'score'>, string>> = {
  error: "outcome = 'failed'",
  user: "user_id != ''",
  session: "session_id != ''",
  tag: 'length(tags) > 0',
  parent: "parent_span_id != ''",
  prompt: "prompt_name != ''",
  tool: "tool_name != ''",
  model: "model != ''",
  cost: 'cost_nanos != 0',
  content: "capture != 'metadata'",
  redaction: "redactions NOT IN ('', '{}')",
  loss: "losses NOT IN ('', '[]')",
  limit: "(limit_refused != '' OR limit_routed != '' OR output_cap IS NOT NULL)",
  ttft: 'ttft_us IS NOT NULL',
  cache: `(${addUp(cacheReadTokens)}) > 0`,
  thinking: 'ifNull(output_thinking, 0) > 0',
};

/** The text of an entry of what was received, whatever its JSON type; `path` is made of literals and bound names. */
export const entryText = (path: string): string =>
  `if(JSONType(attributes, ${path}) = 'String', JSONExtractString(attributes, ${path}), JSONExtractRaw(attributes, ${path}))`;

/** The same as a number; a text that is none compares with nothing. */
export const entryNumber = (path: string): string => `toFloat64OrNull(${entryText(path)})`;

/**
 * Spans that refer to one of the contents whose digests are bound. A few are looked for in the index of a granule; many would be found
 * in most of them, and each of a span's digests is looked up among them instead.
 */
export const refersTo = (digests: string, isMany: boolean): string =>
  isMany
    ? `arrayExists(each -> each IN splitByChar(',', ${digests}), content_digests)`
    : `hasAny(content_digests, splitByChar(',', ${digests}))`;
