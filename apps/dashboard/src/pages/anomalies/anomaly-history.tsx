import type { Anomaly } from '@app/contract';

type Props = Pick<Anomaly, 'history' | 'value' | 'expected'> & { format: (amount: number) => string };

const WIDTH = 288;
const HEIGHT = 88;
const GAP = 1.5;

/** The hours before as bars, this one marked at the right, and the usual range as a band behind them. */
export function AnomalyHistory({ history, value, expected, format }: Props) {
  const values = [...history.slice(-71), value];
  const top = Math.max(...values, expected.high, Number.MIN_VALUE);
  const y = (amount: number) => HEIGHT - (amount / top) * HEIGHT;
  const step = WIDTH / values.length;
  const label = `${values.length - 1} earlier periods, usually ${format(expected.low)} to ${format(expected.high)}, then ${format(value)}`;
  return (
    <figure className="flex flex-col gap-1.5 self-center">
      <svg role="img" aria-label={label} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="h-auto w-full">
        <rect
          x={0}
          y={y(expected.high)}
          width={WIDTH}
          height={Math.max(1, y(expected.low) - y(expected.high))}
          className="fill-accent-soft"
        />
        {values.map((amount, at) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: bars have no other identity than their place.
            key={at}
            x={at * step + GAP / 2}
            y={Math.min(y(amount), HEIGHT - 1)}
            width={Math.max(0.5, step - GAP)}
            height={Math.max(1, HEIGHT - y(amount))}
            className={at === values.length - 1 ? 'fill-bad' : 'fill-line-strong'}
          />
        ))}
      </svg>
      <figcaption className="flex justify-between text-faint text-xs tabular-nums">
        <span>usually {format(expected.middle)}</span>
        <span className="font-medium text-bad">{format(value)}</span>
      </figcaption>
    </figure>
  );
}
