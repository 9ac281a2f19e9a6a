import type { Key, KeyUsageList } from '@app/contract';
import { shownText, writeTable } from './write-table.ts';

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** What keys did over a range, with a line of bars for the requests over time. */
export function writeKeyUsage(keys: readonly Key[], { data, from, to }: KeyUsageList): string {
  if (keys.length === 0) return 'No keys.\n';
  const names = new Map(keys.map((key) => [key.id, key]));
  const headings = [
    'ID',
    'NAME',
    'REQUESTS',
    'ERRORS',
    'TOKENS IN',
    'TOKENS OUT',
    'COST USD',
    'LAST USED',
    'TREND',
  ];
  const rows = data.map((usage) => {
    const key = names.get(usage.key_id);
    return [
      usage.key_id,
      shownText(key?.name ?? ''),
      String(usage.requests),
      String(usage.errors),
      String(usage.input_tokens),
      String(usage.output_tokens),
      usage.cost.usd,
      key?.last_used_at?.slice(0, 16).replace('T', ' ') ?? 'never',
      barsOf(usage.series.requests),
    ];
  });
  return `${from} to ${to}\n${writeTable(headings, rows)}`;
}

function barsOf(values: readonly number[]): string {
  const most = Math.max(1, ...values);
  return values.map((value) => BARS[Math.round((value / most) * (BARS.length - 1))] ?? BARS[0]).join('');
}
