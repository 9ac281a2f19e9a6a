import type { Span, Trace } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { formatDuration } from '../../ui/format.ts';

const tones = { ok: 'good', failed: 'bad', cancelled: 'warn' } as const;

/** Each span as a bar over the time of the whole trace; the darker part is the wait for the first part of the reply. */
export function Timing({ trace }: { trace: Trace }) {
  const startMs = Math.min(...trace.spans.map((span) => Date.parse(span.started_at)));
  const endMs = Math.max(...trace.spans.map((span) => Date.parse(span.started_at) + span.duration_ms));
  const wholeMs = Math.max(endMs - startMs, 1);
  // The call fails as its last attempt did: said once is enough.
  const tried = new Set(trace.spans.flatMap((span) => (span.kind === 'attempt' ? [span.error_message] : [])));
  return (
    <ol className="flex flex-col gap-3">
      {trace.spans.map((span) => (
        <Bar
          key={span.span_id}
          span={span}
          problem={span.kind === 'call' && tried.has(span.error_message) ? null : span.error_message}
          offsetMs={Date.parse(span.started_at) - startMs}
          wholeMs={wholeMs}
        />
      ))}
    </ol>
  );
}

type BarProps = { span: Span; problem: string | null; offsetMs: number; wholeMs: number };

function Bar({ span, problem, offsetMs, wholeMs }: BarProps) {
  const x = (offsetMs / wholeMs) * 100;
  const width = Math.max((span.duration_ms / wholeMs) * 100, 0.6);
  const waited = span.ttft_ms === null ? 0 : (span.ttft_ms / wholeMs) * 100;
  const colour = span.outcome === 'failed' ? 'fill-bad' : 'fill-accent';
  return (
    <li className="rounded-xl border border-line bg-surface p-4">
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <span className="font-medium">
          {span.kind === 'call' ? 'Whole call' : (span.provider ?? 'no provider')}
        </span>
        {span.kind === 'attempt' ? (
          <span className="min-w-0 text-soft wrap-anywhere">{span.model}</span>
        ) : null}
        <Badge tone={tones[span.outcome]}>
          {span.outcome === 'ok' ? 'ok' : (span.error_code ?? span.outcome)}
        </Badge>
        <span className="ml-auto text-soft tabular-nums">{formatDuration(span.duration_ms)}</span>
      </p>
      <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" className="mt-3 h-3 w-full">
        <rect width="100" height="4" rx="1" className="fill-chip" />
        <rect x={x} width={width} height="4" rx="0.6" opacity="0.45" className={colour} />
        <rect x={x} width={waited} height="4" rx="0.6" className={colour} />
      </svg>
      <p className="mt-2 text-faint text-xs tabular-nums">
        starts at {formatDuration(offsetMs)}
        {span.ttft_ms === null ? '' : ` · first part after ${formatDuration(span.ttft_ms)}`}
      </p>
      {problem ? <p className="mt-2 text-bad text-sm wrap-anywhere">{problem}</p> : null}
    </li>
  );
}
