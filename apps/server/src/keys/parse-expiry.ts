const DAY_MS = 86_400_000;
const UNIT_MS = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', DAY_MS],
  ['w', 7 * DAY_MS],
]);
const LIFETIME_MS_MAX = 3650 * DAY_MS;

export type Expiry = { ok: true; expiresAtMs: number } | { ok: false; problem: string };

/** When a key ends: an RFC 3339 time, or a length of time from now such as `90d`, `12h`, `30m`, `8w`. */
export function parseExpiry(text: string, nowMs: number): Expiry {
  const expiresAtMs = read(text.trim(), nowMs);
  if (expiresAtMs === undefined) {
    return fail(
      `"${text.slice(0, 64)}" is neither a time like 2030-01-31T00:00:00Z nor a length of time like 90d, 12h or 30m`,
    );
  }
  return checkExpiry(expiresAtMs, nowMs);
}

/** A key must end in the future, and within ten years. */
export function checkExpiry(expiresAtMs: number, nowMs: number): Expiry {
  if (expiresAtMs <= nowMs) return fail('the time of expiry must lie in the future');
  if (expiresAtMs > nowMs + LIFETIME_MS_MAX) {
    return fail('the time of expiry must lie within ten years; leave it out for a key that does not expire');
  }
  return { ok: true, expiresAtMs };
}

/** A length of time such as `90d`, `12h`, `30m`, `8w`, in milliseconds. */
export function parseLengthMs(text: string): number | undefined {
  const length = /^([1-9][0-9]{0,5})([mhdw])$/.exec(text);
  const unitMs = UNIT_MS.get(length?.[2] ?? '');
  return unitMs === undefined ? undefined : Number(length?.[1]) * unitMs;
}

function read(text: string, nowMs: number): number | undefined {
  const lengthMs = parseLengthMs(text);
  if (lengthMs !== undefined) return nowMs + lengthMs;
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/i.test(text);
  const atMs = isTime ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : atMs;
}

function fail(problem: string): Expiry {
  return { ok: false, problem };
}
