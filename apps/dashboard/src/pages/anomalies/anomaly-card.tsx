import type { AlertMetric, Anomaly } from '@app/contract';
import { Link } from '@tanstack/react-router';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { formatSecond, formatShare } from '../../ui/format.ts';
import { formatMetric } from '../alerts/alert-text.ts';
import { AnomalyHistory } from './anomaly-history.tsx';

type Props = { anomaly: Anomaly; isBusy: boolean; onAcknowledge: (() => void) | undefined };

const titles: Record<Anomaly['metric'], string> = {
  spend: 'Spend',
  errors: 'Errors',
  calls: 'Calls',
  latency: 'Latency',
};
/** Which metric of alerts has the same unit. */
const units: Record<Anomaly['metric'], AlertMetric> = {
  spend: 'spend',
  errors: 'error_rate',
  calls: 'calls',
  latency: 'latency_p95',
};
const states = {
  open: { word: 'open', tone: 'warn' },
  over: { word: 'over', tone: 'neutral' },
  acknowledged: { word: 'acknowledged', tone: 'neutral' },
} as const;

/** One thing that was not as usual: the figures, a drawing, what it comes from, and the traces behind it. */
export function AnomalyCard({ anomaly, isBusy, onAcknowledge }: Props) {
  const { metric, subject, value, expected, state, explanation, basis, history, contributors } = anomaly;
  const format = (amount: number) => formatMetric(units[metric], amount);
  const { word, tone } = states[state];
  return (
    <li className="grid gap-x-8 gap-y-4 rounded-xl border border-line bg-surface px-4 py-4 lg:grid-cols-[minmax(0,1fr)_18rem] lg:px-5">
      <div className="flex min-w-0 flex-col gap-2">
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <Badge tone={tone}>{word}</Badge>
          <h2 className="min-w-0 font-semibold text-sm wrap-anywhere">
            {titles[metric]}
            {subject.kind === 'project' ? '' : ` of the ${subject.kind} ${subject.name}`}
          </h2>
          <span className="text-faint text-xs tabular-nums">
            {formatSecond(anomaly.from)} to {hourOf(anomaly.to)}
          </span>
        </div>
        <p className="max-w-3xl text-sm wrap-anywhere">{explanation}</p>
        <p className="text-faint text-xs wrap-anywhere">
          {basis} Usual is {format(expected.low)} to {format(expected.high)}; this was{' '}
          {anomaly.score.toFixed(1)} usual deviations away.
        </p>
        <Contributors contributors={contributors} value={value} format={format} />
        <div className="mt-1 flex flex-wrap gap-2">
          <Link
            to="/traces"
            search={{ from: anomaly.from, to: anomaly.to, ...traceFilter(subject) }}
            className="inline-flex h-9 items-center rounded-lg border border-line-strong bg-surface px-3.5 font-medium text-sm transition-colors hover:bg-sunken"
          >
            Traces of that time
          </Link>
          {state === 'open' && onAcknowledge !== undefined ? (
            <Button isBusy={isBusy} onClick={onAcknowledge}>
              Acknowledge
            </Button>
          ) : null}
        </div>
      </div>
      <AnomalyHistory history={history} value={value} expected={expected} format={format} />
    </li>
  );
}

const hourOf = (iso: string): string =>
  new Date(iso).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });

function traceFilter({ kind, id }: Anomaly['subject']): {
  key_id?: string;
  user_id?: string;
  model?: string;
} {
  if (kind === 'key') return { key_id: id };
  if (kind === 'user') return { user_id: id };
  return kind === 'model' ? { model: id } : {};
}

type ContributorsProps = Pick<Anomaly, 'contributors' | 'value'> & { format: (amount: number) => string };

function Contributors({ contributors, value, format }: ContributorsProps) {
  if (contributors.length === 0) return null;
  return (
    <ul aria-label="What had the largest part in it" className="flex flex-wrap gap-1.5">
      {contributors.map((each) => (
        <li
          key={`${each.kind} ${each.id}`}
          className="flex max-w-full gap-2 rounded-md bg-chip px-2 py-1 text-soft text-xs tabular-nums"
        >
          <span className="min-w-0 truncate font-medium text-text" title={each.name}>
            {each.kind} {each.name}
          </span>
          {format(each.value)}
          {value > 0 && each.value <= value ? <span>{formatShare(each.value / value)}</span> : null}
        </li>
      ))}
    </ul>
  );
}
