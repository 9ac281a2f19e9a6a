import type { Overview } from '@app/contract';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { formatMoney } from '../../api/format-money.ts';
import { Card } from '../../ui/card.tsx';
import { formatCount, formatDuration, formatShare } from '../../ui/format.ts';

/** The four figures of a range, each against the range before it. */
export function Figures({ overview }: { overview: Overview }) {
  const { spend, latency_p99_ms: latency, traces, error_rate: errors } = overview;
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4 lg:gap-4">
      <Figure
        label="Spend"
        value={formatMoney(spend.now)}
        now={spend.now.nanos}
        before={spend.before?.nanos ?? null}
        isBadWhenUp
      />
      <Figure
        label="Latency p99"
        value={traces.now === 0 ? '–' : formatDuration(latency.now)}
        now={latency.now}
        before={latency.before}
        isBadWhenUp
      />
      <Figure label="Traces" value={formatCount(traces.now)} now={traces.now} before={traces.before} />
      <Figure
        label="Error rate"
        value={traces.now === 0 ? '–' : formatShare(errors.now)}
        now={errors.now}
        before={errors.before}
        isBadWhenUp
      />
    </div>
  );
}

type FigureProps = {
  label: string;
  value: string;
  now: number;
  before: number | null;
  isBadWhenUp?: boolean;
};

function Figure({ label, value, now, before, isBadWhenUp = false }: FigureProps) {
  return (
    <Card className="flex flex-col gap-2 p-4 lg:p-5">
      <h2 className="text-soft text-sm">{label}</h2>
      <p className="truncate font-semibold text-xl sm:text-2xl tabular-nums tracking-tight" title={value}>
        {value}
      </p>
      <Change now={now} before={before} isBadWhenUp={isBadWhenUp} />
    </Card>
  );
}

function Change({ now, before, isBadWhenUp }: { now: number; before: number | null; isBadWhenUp: boolean }) {
  if (before === null || before === 0) return <p className="text-faint text-xs">no earlier data</p>;
  const change = now / before - 1;
  if (Math.abs(change) < 0.005) return <p className="text-faint text-xs">as before</p>;
  const isUp = change > 0;
  const Arrow = isUp ? ArrowUp : ArrowDown;
  return (
    <p className={`flex items-center gap-1 text-xs ${isUp === isBadWhenUp ? 'text-warn' : 'text-good'}`}>
      <Arrow aria-hidden="true" className="size-3.5" />
      <span className="tabular-nums">
        {isUp ? 'up ' : 'down '}
        {change > 10 ? `${formatCount(Math.round(change + 1))} times` : formatShare(Math.abs(change))}
      </span>
    </p>
  );
}
