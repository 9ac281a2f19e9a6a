import type { Span, Trace } from '@app/contract';
import { Badge } from '../../ui/badge.tsx';
import { formatCount, formatDuration } from '../../ui/format.ts';
import { MoreOf } from '../../ui/more-of.tsx';
import { Cost } from './cost.tsx';
import { CredentialName } from './credential-name.tsx';

const SPANS_SHOWN = 100;
const tones = { ok: 'good', failed: 'bad', cancelled: 'warn' } as const;

/** Each span as a bar over the time of the whole trace; the darker part is the wait for the first part of the reply. */
export function Timing({ project, trace }: { project: string; trace: Trace }) {
  const startMs = Math.min(...trace.spans.map((span) => Date.parse(span.started_at)));
  const endMs = Math.max(...trace.spans.map((span) => Date.parse(span.started_at) + span.duration_ms));
  const calls = trace.spans.filter((span) => span.kind === 'call');
  const wholeMs = Math.max(endMs - startMs, 1);
  // The call fails as its last attempt did: said once is enough.
  const tried = new Set(trace.spans.flatMap((span) => (span.kind === 'attempt' ? [span.error_message] : [])));
  return (
    <div className="flex flex-col gap-3">
      <MoreOf
        items={trace.spans}
        step={SPANS_SHOWN}
        noun="spans"
        draw={(spans) => (
          <ol className="flex flex-col gap-3">
            {spans.map((span) => (
              <Bar
                key={span.span_id}
                project={project}
                span={span}
                name={
                  span.kind === 'attempt'
                    ? (span.provider ?? 'no provider')
                    : calls.length === 1
                      ? 'Whole call'
                      : `Call ${calls.indexOf(span) + 1} of ${calls.length}`
                }
                problem={span.kind === 'call' && tried.has(span.error_message) ? null : span.error_message}
                offsetMs={Date.parse(span.started_at) - startMs}
                wholeMs={wholeMs}
              />
            ))}
          </ol>
        )}
      />
    </div>
  );
}

type BarProps = {
  project: string;
  span: Span;
  name: string;
  problem: string | null;
  offsetMs: number;
  wholeMs: number;
};

function Bar({ project, span, name, problem, offsetMs, wholeMs }: BarProps) {
  const x = (offsetMs / wholeMs) * 100;
  const width = Math.max((span.duration_ms / wholeMs) * 100, 0.6);
  const waited = span.ttft_ms === null ? 0 : (span.ttft_ms / wholeMs) * 100;
  const colour = span.outcome === 'failed' ? 'fill-bad' : 'fill-accent';
  return (
    <li className="rounded-xl border border-line bg-surface p-4">
      <p className="flex flex-wrap items-center gap-2 text-sm">
        <span className="font-medium">{name}</span>
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
        <Spent span={span} />
        {span.kind === 'attempt' && span.credential !== null ? (
          <>
            {' · key: '}
            <CredentialName project={project} id={span.credential} />
          </>
        ) : null}
      </p>
      {problem ? <p className="mt-2 text-bad text-sm wrap-anywhere">{problem}</p> : null}
    </li>
  );
}

/** What the span used and cost; a call's cost is that of all its attempts. */
function Spent({ span: { usage, cost, cost_label: label } }: { span: Span }) {
  const counts = Object.entries(usage);
  const sum = (side: string) =>
    counts.reduce((total, [name, tokens]) => (name.startsWith(side) ? total + (tokens ?? 0) : total), 0);
  return (
    <>
      {counts.length === 0 ? '' : ` · ${formatCount(sum('input'))} in, ${formatCount(sum('output'))} out`}
      {label === 'unknown' ? ' · cost ' : ' · '}
      <Cost cost={cost} label={label} />
    </>
  );
}
