import type { TreeSpan } from '@app/contract';
import { formatDuration } from '../../ui/format.ts';

const colours = { ok: 'fill-accent', failed: 'fill-bad', cancelled: 'fill-warn' } as const;
/** A span that took no time is seen all the same; in hundredths of the width. */
const WIDTH_MIN = 0.4;

/** A span over the time of its whole trace; the darker part is the wait for the first token. */
export function SpanBar({ span, wholeUs }: { span: TreeSpan; wholeUs: number }) {
  const whole = Math.max(wholeUs, 1);
  const x = Math.min((span.offset_us / whole) * 100, 100 - WIDTH_MIN);
  const width = Math.max((span.duration_us / whole) * 100, WIDTH_MIN);
  const waited = span.ttft_us === null ? 0 : Math.min((span.ttft_us / whole) * 100, width);
  const colour = colours[span.outcome];
  return (
    <svg
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      role="img"
      aria-label={`begins at ${formatDuration(span.offset_us / 1_000)}`}
      className="h-3 min-w-0 flex-1 rounded bg-sunken"
    >
      <rect x={x} width={width} height="8" rx="0.6" opacity="0.5" className={colour} />
      <rect x={x} width={waited} height="8" rx="0.6" className={colour} />
    </svg>
  );
}
