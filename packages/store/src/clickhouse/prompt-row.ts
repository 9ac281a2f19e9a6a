import { readTotals, type TotalsRow } from './list-groups.ts';
import type { PromptTexts } from './prompt-texts.ts';

/** What a prompt is known by: the name that its caller gave it, or else its system prompt. */
export const promptId = `if(prompt_name != '', concat('name:', prompt_name), concat('digest:', prompt_digest))`;

export const promptColumns = `quantileTDigest(0.5)(duration_us) AS p50, quantileTDigest(0.95)(duration_us) AS p95,
    argMax(prompt_digest, started_at) AS digest, toUnixTimestamp(toStartOfHour(max(started_at))) AS sample_hour,
    argMax(trace_id, (started_at, span_id)) AS sample_trace, argMax(span_id, (started_at, span_id)) AS sample_span,
    arraySort(groupUniqArrayIf(10)(model, model != '')) AS models`;

/** The same from sums, whose rows tell of their last call. */
export const promptSumColumns = `quantileTDigestMerge(0.5)(latency) AS p50, quantileTDigestMerge(0.95)(latency) AS p95,
    argMax(prompt_digest, sums.last_at) AS digest, toUnixTimestamp(toStartOfHour(max(sums.last_at))) AS sample_hour,
    argMax(last_trace, (sums.last_at, last_span)) AS sample_trace, argMax(last_span, (sums.last_at, last_span)) AS sample_span,
    arraySort(groupUniqArrayArray(10)(sums.models)) AS models`;

export type PromptRow = TotalsRow & {
  versions: string;
  p50: number;
  p95: number;
  digest: string;
  sample_hour: number;
  sample_trace: string;
  sample_span: string;
  models: string[];
};

export function readPromptRow(row: PromptRow, texts: PromptTexts) {
  return {
    ...readTotals(row),
    latency_p50_ms: row.p50 / 1000,
    latency_p95_ms: row.p95 / 1000,
    preview: texts.get(row.sample_span) ?? '',
    models: row.models,
  };
}
