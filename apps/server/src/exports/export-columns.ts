import type { TraceSummary } from '@app/contract';

/** What a column holds. Money is billionths of a dollar, a time epoch microseconds. */
export type ExportColumn = { name: string; isRequired: boolean } & (
  | { kind: 'text'; read: (line: TraceSummary) => string | null }
  | { kind: 'time' | 'money'; read: (line: TraceSummary) => bigint | null }
  | { kind: 'whole' | 'number'; read: (line: TraceSummary) => number | null }
  | { kind: 'flag'; read: (line: TraceSummary) => boolean | null }
);

/** The columns of a file that is a table, in their order. New ones are added at the end. */
export const exportColumns: readonly ExportColumn[] = [
  text('trace_id', (line) => line.trace_id),
  text('span_id', (line) => line.span_id),
  text('parent_span_id', (line) => line.parent_span_id ?? null),
  text('request_id', (line) => line.request_id),
  text('name', (line) => line.name),
  text('type', (line) => line.type ?? null),
  text('source', (line) => line.source ?? null),
  { name: 'started_at', kind: 'time', isRequired: true, read: (line) => microsOf(line.started_at) },
  { name: 'duration_ms', kind: 'number', isRequired: true, read: (line) => line.duration_ms },
  { name: 'ttft_ms', kind: 'number', isRequired: false, read: (line) => line.ttft_ms },
  { name: 'status', kind: 'whole', isRequired: true, read: (line) => line.status },
  text('error_code', (line) => line.error_code),
  { name: 'stream', kind: 'flag', isRequired: true, read: (line) => line.stream },
  text('mode', (line) => line.mode),
  text('environment', (line) => line.environment),
  text('service', (line) => line.service ?? null),
  text('release', (line) => line.release ?? null),
  text('provider', (line) => line.provider),
  text('model', (line) => line.model),
  text('model_asked', (line) => line.model_asked),
  text('key_id', (line) => line.key_id),
  text('user_id', (line) => line.user_id),
  text('session_id', (line) => line.session_id ?? null),
  { name: 'tags', kind: 'text', isRequired: true, read: (line) => JSON.stringify(line.tags) },
  text('prompt_name', (line) => line.prompt?.name ?? null),
  text('prompt_version', (line) => line.prompt?.version ?? null),
  { name: 'input_tokens', kind: 'whole', isRequired: true, read: (line) => line.input_tokens },
  { name: 'output_tokens', kind: 'whole', isRequired: true, read: (line) => line.output_tokens },
  { name: 'cost_usd', kind: 'money', isRequired: true, read: (line) => BigInt(line.cost.nanos) },
  text('cost_label', (line) => line.cost_label),
  { name: 'span_count', kind: 'whole', isRequired: false, read: (line) => line.span_count ?? null },
  { name: 'failed_count', kind: 'whole', isRequired: false, read: (line) => line.failed_count ?? null },
  {
    name: 'redactions',
    kind: 'text',
    isRequired: true,
    read: (line) => JSON.stringify(line.redactions ?? {}),
  },
  text('input_preview', (line) => line.input_preview),
  text('output_preview', (line) => line.output_preview),
];

function text(name: string, read: (line: TraceSummary) => string | null): ExportColumn {
  return { name, kind: 'text', isRequired: false, read };
}

/** RFC 3339 in UTC with up to nine digits behind the point; a date of this language keeps only three of them. */
function microsOf(time: string): bigint {
  const [whole = '', fraction = ''] = time.replace('Z', '').split('.');
  return BigInt(Date.parse(`${whole}Z`)) * 1_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}
