import type { SpanDetails } from '@app/contract';
import { Fact, FactList } from '../../ui/fact-list.tsx';
import { formatDuration, formatMoment } from '../../ui/format.ts';
import { tokensOf } from './tokens-of.ts';

/** When it began, when the first token came, and how fast the rest followed. */
export function SpanTiming({ span }: { span: SpanDetails }) {
  const { duration_ms: wholeMs, ttft_ms: waitedMs } = span;
  const restMs = waitedMs === null ? wholeMs : wholeMs - waitedMs;
  const { output } = tokensOf(span);
  const endedAt = new Date(Date.parse(span.started_at) + wholeMs).toISOString();
  return (
    <div className="flex flex-col gap-5">
      <Bar wholeMs={wholeMs} waitedMs={waitedMs} isFailed={span.outcome === 'failed'} />
      <FactList title="Times">
        <Fact name="Started">{formatMoment(span.started_at)}</Fact>
        {waitedMs === null ? null : <Fact name="First token after">{formatDuration(waitedMs)}</Fact>}
        <Fact name="Ended">{formatMoment(endedAt)}</Fact>
        <Fact name="Took">{formatDuration(wholeMs)}</Fact>
        {output === 0 || restMs <= 0 ? null : (
          <Fact name="Output speed">
            {Math.round((output / restMs) * 1_000).toLocaleString('en-US')} tokens/s
          </Fact>
        )}
        {span.received_at === null ? null : (
          <Fact name="Received here">{formatMoment(span.received_at)}</Fact>
        )}
      </FactList>
    </div>
  );
}

type BarProps = { wholeMs: number; waitedMs: number | null; isFailed: boolean };

function Bar({ wholeMs, waitedMs, isFailed }: BarProps) {
  const waited = waitedMs === null ? 0 : (waitedMs / Math.max(wholeMs, 1)) * 100;
  const colour = isFailed ? 'fill-bad' : 'fill-accent';
  return (
    <div className="flex flex-col gap-2">
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" className="h-3 w-full">
        <rect width="100" height="4" rx="1" opacity="0.45" className={colour} />
        <rect width={waited} height="4" rx="1" className={colour} />
      </svg>
      <p className="flex justify-between text-faint text-xs tabular-nums">
        <span>{waitedMs === null ? 'start' : `waited ${formatDuration(waitedMs)}`}</span>
        <span>{formatDuration(wholeMs)}</span>
      </p>
    </div>
  );
}
