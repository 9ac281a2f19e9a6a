import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

type Series = { label: string; values: readonly number[] };

type Props = {
  /** Bucket starts, epoch seconds. */
  times: readonly number[];
  series: readonly Series[];
  /** Writes the labels of the axis, given the step between them. */
  format: (value: number, step: number) => string;
  /** Whether there are only whole values, so that the axis has no others. */
  isWhole?: boolean;
  /** What the picture shows, for those who cannot see it. */
  label: string;
  /** Hears which bucket the pointer is on; undefined when it left. */
  onHover: (at: number | undefined) => void;
};

const HEIGHT_PX = 260;
/** 1, 2, 5, 10 and so on. */
const WHOLE_STEPS = Array.from({ length: 13 }, (_, power) =>
  [1, 2, 5].map((step) => step * 10 ** power),
).flat();
/** Told apart also by colour-blind readers (after Okabe and Ito), on light and on dark ground. */
export const SERIES_COLOURS = [
  '#4f7cff',
  '#e69f00',
  '#12a37f',
  '#cc79a7',
  '#56b4e9',
  '#d55e00',
  '#8a6fe8',
  '#b0a200',
  '#8a94a4',
];

/** Stacked bars over time, one per bucket. */
export function TimeChart({ times, series, format, isWhole = false, label, onHover }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const chart = new uPlot(
      optionsOf(element, series, { format, isWhole, onHover }),
      dataOf(times, series),
      element,
    );
    const resize = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    resize.observe(element);
    const restyle = new MutationObserver(() => chart.redraw(false));
    restyle.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      resize.disconnect();
      restyle.disconnect();
      chart.destroy();
    };
  }, [times, series, format, isWhole, onHover]);
  return <div ref={place} role="img" aria-label={label} className="h-[260px] w-full" />;
}

/** Each series stands on top of those before it; the highest is drawn first and the lower ones over it. */
function dataOf(times: readonly number[], series: readonly Series[]): uPlot.AlignedData {
  const sums: number[] = times.map(() => 0);
  const stacked = series.map(({ values }) =>
    times.map((_time, at) => (sums[at] = (sums[at] ?? 0) + (values[at] ?? 0))),
  );
  return [[...times], ...stacked.reverse()];
}

function optionsOf(
  element: HTMLElement,
  series: readonly Series[],
  { format, isWhole, onHover }: Pick<Props, 'format' | 'onHover'> & { isWhole: boolean },
): uPlot.Options {
  const role = (name: string) => () => getComputedStyle(document.documentElement).getPropertyValue(name);
  const axis = {
    stroke: role('--text-faint'),
    font: '12px Inter Variable, sans-serif',
    grid: { stroke: role('--line'), width: 1 },
    ticks: { show: false },
  };
  const paths = uPlot.paths.bars?.({ size: [0.8, 40], align: 1 });
  const drawn = series.map((one, at): uPlot.Series => {
    const colour = SERIES_COLOURS[at % SERIES_COLOURS.length] ?? '#888';
    return { label: one.label, fill: colour, width: 0, points: { show: false }, ...(paths && { paths }) };
  });
  return {
    width: element.clientWidth,
    height: HEIGHT_PX,
    padding: [12, 8, 0, 0],
    legend: { show: false },
    hooks: { setCursor: [(chart) => onHover(chart.cursor.idx ?? undefined)] },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { range: (chart, low, high) => [low, high + bucketOf(chart)] },
      y: { range: (_chart, _low, high) => [0, high > 0 ? high * 1.1 : 1] },
    },
    axes: [
      { ...axis, space: 80, grid: { show: false }, values: timeLabels },
      {
        ...axis,
        ...(isWhole && { incrs: WHOLE_STEPS }),
        size: 76,
        values: (...[, splits, , , step]) => splits.map((value) => format(value, step)),
      },
    ],
    series: [{}, ...drawn.reverse()],
  };
}

/** Seconds from one bucket to the next: the last bar needs its own place. */
function bucketOf(chart: uPlot): number {
  const [first = 0, second = first] = chart.data[0] ?? [];
  return second - first;
}

const DAY_S = 86_400;

/** The time of day; the date where a new day begins or the steps are whole days. */
const timeLabels: uPlot.Axis.DynamicValues = (...[, splits, , , step]) =>
  splits.map((second) => {
    const time = new Date(second * 1_000);
    const isDate = step >= DAY_S || (time.getHours() === 0 && time.getMinutes() === 0);
    return isDate
      ? time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })
      : time.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  });
