import type { SpanDetails } from '@app/contract';
import { Card } from '../../ui/card.tsx';
import { formatCount, formatDuration, formatShare, formatUsd } from '../../ui/format.ts';
import { tokensOf } from '../trace/tokens-of.ts';

type Props = { left: SpanDetails; right: SpanDetails };
type Figure = {
  name: string;
  of: (span: SpanDetails) => number | null;
  write: (value: number) => string;
};

const figures: Figure[] = [
  { name: 'Duration', of: (span) => span.duration_ms, write: formatDuration },
  { name: 'First token', of: (span) => span.ttft_ms, write: formatDuration },
  { name: 'Tokens in', of: (span) => tokensOf(span).input, write: formatCount },
  { name: 'Tokens out', of: (span) => tokensOf(span).output, write: formatCount },
  { name: 'Cost', of: (span) => span.cost.nanos / 1e9, write: formatUsd },
];
const facts: [string, (span: SpanDetails) => string | null][] = [
  ['Model', (span) => span.model],
  ['Provider', (span) => span.provider],
  ['Outcome', (span) => span.error_code ?? span.outcome],
  ['Ended by', (span) => span.finish_reason],
  ['Prompt', (span) => (span.prompt === null ? null : `${span.prompt.name} ${span.prompt.version ?? ''}`)],
  ['Environment', (span) => span.environment],
  ['Release', (span) => span.release],
];

/** What both took, and by how much the right differs from the left. */
export function CompareFigures({ left, right }: Props) {
  return (
    <Card className="overflow-x-auto">
      <table aria-label="Figures" className="w-full min-w-136 text-sm tabular-nums">
        <thead>
          <tr className="border-line border-b text-left text-faint text-xs">
            <th scope="col" className="px-4 py-2.5 font-medium">
              <span className="sr-only">What</span>
            </th>
            <th scope="col" className="px-4 py-2.5 text-right font-medium">
              Left
            </th>
            <th scope="col" className="px-4 py-2.5 text-right font-medium">
              Right
            </th>
            <th scope="col" className="px-4 py-2.5 text-right font-medium">
              Difference
            </th>
          </tr>
        </thead>
        <tbody>
          {figures.map(({ name, of, write }) => (
            <Row
              key={name}
              name={name}
              values={[told(of(left), write), told(of(right), write)]}
              change={changeOf(of(left), of(right))}
            />
          ))}
          {facts.map(([name, of]) => (
            <Row
              key={name}
              name={name}
              values={[of(left) ?? '–', of(right) ?? '–']}
              change={of(left) === of(right) ? '' : 'differs'}
            />
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function Row({ name, values, change }: { name: string; values: [string, string]; change: string }) {
  return (
    <tr className="border-line border-t first:border-0">
      <th scope="row" className="px-4 py-2 text-left font-normal text-soft">
        {name}
      </th>
      <td className="px-4 py-2 text-right wrap-anywhere">{values[0]}</td>
      <td className="px-4 py-2 text-right wrap-anywhere">{values[1]}</td>
      <td className="px-4 py-2 text-right text-soft">{change}</td>
    </tr>
  );
}

const told = (value: number | null, write: (value: number) => string): string =>
  value === null ? '–' : write(value);

function changeOf(left: number | null, right: number | null): string {
  if (left === null || right === null || left === right || left === 0) return '';
  const share = right / left - 1;
  return `${share > 0 ? '+' : '−'}${formatShare(Math.abs(share))}`;
}
