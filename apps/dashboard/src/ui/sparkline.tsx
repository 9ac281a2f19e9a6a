type Props = {
  values: readonly number[];
  /** What the line shows, for those who cannot see it. */
  label: string;
};

const WIDTH = 96;
const HEIGHT = 24;
const PAD = 2;

/** A small line without axes: only its shape speaks. Flat at the bottom where nothing happened. */
export function Sparkline({ values, label }: Props) {
  const top = Math.max(...values, 0);
  const step = values.length > 1 ? (WIDTH - 2 * PAD) / (values.length - 1) : 0;
  const y = (value: number) => HEIGHT - PAD - (top === 0 ? 0 : (value / top) * (HEIGHT - 2 * PAD));
  const points = values.map((value, at) => `${(PAD + at * step).toFixed(1)},${y(value).toFixed(1)}`);
  const isQuiet = top === 0;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className={`h-6 w-24 ${isQuiet ? 'text-line-strong' : 'text-accent'}`}
    >
      {isQuiet ? null : (
        <polygon
          points={`${PAD},${HEIGHT - PAD} ${points.join(' ')} ${WIDTH - PAD},${HEIGHT - PAD}`}
          fill="currentColor"
          opacity="0.14"
        />
      )}
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth="1.5" />
    </svg>
  );
}
