import { cacheReadTokens, inputTokens, outputTokens, sumOf } from './token-sums.ts';

/** How calls are added up: every call is in each family once. */
export const sumFamilies = ['model', 'user', 'prompt_all', 'prompt'] as const;

export type SumFamily = (typeof sumFamilies)[number];

/** What the rows of a family are apart by, besides time, mode and environment. */
export const familyKeys: Readonly<Record<SumFamily, readonly string[]>> = {
  model: ['provider', 'model'],
  user: ['user_id'],
  prompt_all: ['prompt_name', 'prompt_version', 'prompt_digest'],
  prompt: ['model', 'prompt_name', 'prompt_version', 'prompt_digest'],
};

/** Sums are kept for stretches of so many seconds, which hours hold whole. */
export const familySlotS: Readonly<Record<SumFamily, number>> = {
  model: 1_800,
  user: 3_600,
  prompt_all: 3_600,
  prompt: 3_600,
};

const sumIfCall = (sql: string) => sql.replace(/^sum\((.*)\)$/, `sumIf($1, kind = 'call')`);

/** Every column of sums, as it comes from spans. */
export const sumColumns = {
  calls: `countIf(kind = 'call')`,
  failed: `countIf(kind = 'call' AND outcome = 'failed')`,
  nanos: `sumIf(cost_nanos, kind = 'call')`,
  input_tokens: sumIfCall(sumOf(inputTokens)),
  output_tokens: sumIfCall(sumOf(outputTokens)),
  cache_read_tokens: sumIfCall(sumOf(cacheReadTokens)),
  took_us: `sumIf(duration_us, kind = 'call')`,
  first_at: 'min(started_at)',
  last_at: 'max(started_at)',
  last_trace: 'argMax(trace_id, (started_at, span_id))',
  last_span: 'argMax(span_id, (started_at, span_id))',
  models: `groupUniqArrayIf(10)(model, model != '')`,
  traces: 'uniqState(trace_id)',
  sessions: `uniqStateIf(session_id, session_id != '')`,
  latency: `quantileTDigestStateIf(duration_us, kind = 'call')`,
  ttft: `quantileTDigestStateIf(ttft_us, kind = 'call')`,
} as const;

export type SumColumn = keyof typeof sumColumns;

/** Users are those of any span; models and prompts are those of calls. */
export const familyWhere: Readonly<Record<SumFamily, string>> = {
  model: `kind = 'call'`,
  user: `kind IN ('call', 'seen', 'step', 'attempt')`,
  prompt_all: `kind = 'call'`,
  prompt: `kind = 'call'`,
};

/** The day that holds a moment, in seconds since 1970. */
export const dayOf = (sql: string) => `intDiv(toUnixTimestamp(${sql}), 86400) * 86400`;

/** Every column of the sums of a day, as it comes from those of its hours. */
export const daySumColumns: Readonly<Record<SumColumn, string>> = {
  calls: 'sum(calls)',
  failed: 'sum(failed)',
  nanos: 'sum(nanos)',
  input_tokens: 'sum(input_tokens)',
  output_tokens: 'sum(output_tokens)',
  cache_read_tokens: 'sum(cache_read_tokens)',
  took_us: 'sum(took_us)',
  first_at: 'min(first_at)',
  last_at: 'max(last_at)',
  last_trace: 'argMax(last_trace, (last_at, last_span))',
  last_span: 'argMax(last_span, (last_at, last_span))',
  models: 'groupUniqArrayArray(10)(models)',
  traces: 'uniqMergeState(traces)',
  sessions: 'uniqMergeState(sessions)',
  latency: 'quantileTDigestMergeState(latency)',
  ttft: 'quantileTDigestMergeState(ttft)',
};
