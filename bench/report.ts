import { median, quantile } from './load.ts';
import type { Slice } from './measure.ts';

const BARE = 'bare Node proxy';
const OURS = 'tokenrouter';

/** The medians of all slices, and what they mean against the budgets. */
export function report(slices: readonly Slice[]): string {
  const names = [...new Set(slices.map((slice) => slice.workload))];
  const tables = names.map((name) =>
    table(
      name,
      slices.filter((slice) => slice.workload === name),
    ),
  );
  return `${tables.join('\n')}\n${budgets(slices)}`;
}

function table(workload: string, slices: Slice[]): string {
  const bare = slices.some((slice) => slice.subject === BARE) ? of(slices, BARE, 'cpuUs') : Number.NaN;
  const rows = [...new Set(slices.map((slice) => slice.subject))].map((name) => {
    const cpu = of(slices, name, 'cpuUs');
    const ratio = Number.isNaN(bare) ? '' : `${(cpu / bare).toFixed(2)} x`;
    const cells = [
      `${cpu.toFixed(0)} µs`,
      `${of(slices, name, 'mainUs').toFixed(0)} µs`,
      ratio,
      `${of(slices, name, 'childrenUs').toFixed(0)} µs`,
      `${firstByte(slices, name, 0.5).toFixed(2)} ms`,
      `${firstByte(slices, name, 0.99).toFixed(2)} ms`,
      of(slices, name, 'perSecond').toFixed(0),
    ];
    return `  ${name.padEnd(16)}${cells.map((cell) => cell.padStart(12)).join('')}`;
  });
  const heads = ['CPU', 'event loop', 'CPU / bare', 'its stores', 'first p50', 'first p99', 'per second'];
  return [
    `\n${workload}`,
    `  ${''.padEnd(16)}${heads.map((head) => head.padStart(12)).join('')}`,
    ...rows,
  ].join('\n');
}

function budgets(slices: readonly Slice[]): string {
  const cpu = (subject: string, workload: string) => of(select(slices, workload), subject, 'cpuUs');
  const loop = (subject: string, workload: string) => of(select(slices, workload), subject, 'mainUs');
  const speed = (workload: string) => of(select(slices, workload), OURS, 'perSecond');
  const first = (share: number) => {
    const streams = select(slices, 'stream of 100 chunks');
    return firstByte(streams, OURS, share) - firstByte(streams, BARE, share);
  };
  const lines: [string, number, string][] = [
    ['CPU of a whole reply / bare Node proxy', cpu(OURS, 'whole reply') / cpu(BARE, 'whole reply'), '<= 1.5'],
    ['the event loop alone / bare Node proxy', loop(OURS, 'whole reply') / loop(BARE, 'whole reply'), ''],
    ['CPU of a whole reply / nginx', cpu(OURS, 'whole reply') / cpu('nginx', 'whole reply'), '<= 8'],
    ['CPU of a whole reply / portkey', cpu(OURS, 'whole reply') / cpu('portkey', 'whole reply'), '<= 0.17'],
    [
      'CPU of a stream / bare Node proxy',
      cpu(OURS, 'stream of 100 chunks') / cpu(BARE, 'stream of 100 chunks'),
      '',
    ],
    ['added time to the first byte of a stream, p50, ms', first(0.5), '<= 0.5'],
    ['added time to the first byte of a stream, p99, ms', first(0.99), '<= 5'],
    [
      'translated / passed through, per second',
      speed('whole reply, translated') / speed('whole reply'),
      '>= 0.6',
    ],
  ];
  const known = lines.filter(([, value]) => !Number.isNaN(value));
  return [
    '\nbudgets',
    ...known.map(
      ([name, value, budget]) => `  ${name.padEnd(52)}${value.toFixed(2).padStart(8)}   ${budget}`,
    ),
    '',
  ].join('\n');
}

function select(slices: readonly Slice[], workload: string): Slice[] {
  return slices.filter((slice) => slice.workload === workload);
}

type Figure = 'cpuUs' | 'mainUs' | 'childrenUs' | 'perSecond';

/** Not a number when the subject has no slice. */
function of(slices: readonly Slice[], subject: string, figure: Figure): number {
  return median(slices.filter((slice) => slice.subject === subject).map((slice) => slice[figure]));
}

function firstByte(slices: readonly Slice[], subject: string, share: number): number {
  const own = slices.filter((slice) => slice.subject === subject);
  return median(own.map((slice) => quantile(slice.firstByteMs, share)));
}
