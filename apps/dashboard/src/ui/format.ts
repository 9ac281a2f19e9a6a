/** A cost with as many digits as it needs to be told from zero: $1,234.56, $0.0123, $0.00000041. */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0';
  const size = Math.abs(usd);
  if (size >= 1) return usd.toLocaleString('en-US', { style: 'currency', currency: 'USD' });
  if (size >= 0.01) return `$${usd.toFixed(size >= 0.1 ? 2 : 4)}`;
  return `$${usd.toLocaleString('en-US', { maximumSignificantDigits: 2, maximumFractionDigits: 9 })}`;
}

/** The labels of one axis: all with as many digits as the step between them needs. */
export function formatUsdStep(usd: number, step: number): string {
  if (usd === 0) return '$0';
  const digits = Math.min(9, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  const fixed = digits === 1 ? 2 : digits;
  return usd.toLocaleString('en-US', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: fixed,
    maximumFractionDigits: fixed,
  });
}

/** 840 ms, 1.24 s, 2 min 5 s. */
export function formatDuration(ms: number): string {
  const wholeMs = Math.round(ms);
  if (wholeMs < 1_000) return `${wholeMs} ms`;
  const hundredths = Math.round(ms / 10);
  if (hundredths < 6_000) return `${(hundredths / 100).toFixed(2)} s`;
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export const formatCount = (count: number): string =>
  count < 10_000
    ? count.toLocaleString('en-US')
    : count.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 1 });

export const formatShare = (share: number): string =>
  share.toLocaleString('en-US', { style: 'percent', maximumFractionDigits: share < 0.1 ? 2 : 1 });

/** The time of day today, else the date with it; in the reader's zone. */
export function formatTime(iso: string, now = new Date()): string {
  const time = new Date(iso);
  const clock = time.toLocaleTimeString('en-GB');
  if (time.toDateString() === now.toDateString()) return clock;
  return `${time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${clock}`;
}

/** Date and time to the second, in the reader's zone. */
export function formatSecond(iso: string): string {
  const time = new Date(iso);
  const day = time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
  return `${day} ${time.toLocaleTimeString('en-GB')}`;
}

/** The same to the millisecond. */
export const formatMoment = (iso: string): string =>
  `${formatSecond(iso)}.${String(new Date(iso).getMilliseconds()).padStart(3, '0')}`;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** "3 hours ago", "in 20 days", "just now". */
export function formatRelative(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1_000;
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit);
  }
  return 'just now';
}

/** `1.5 MB`: bytes in powers of a thousand, as disks are sold. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1_000 ** power).toPrecision(3))} ${units[power]}`;
}
