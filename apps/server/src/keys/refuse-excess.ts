import { GatewayError } from '@app/protocol';
import { type IpRange, isWithin, parseIpRange } from './ip-range.ts';
import type { KeyPowers } from './key-powers.ts';

/**
 * Nobody gives a key what they do not have: throws a 403 that names the first thing that `wanted` has beyond `giver`.
 * What a key had `before` it was changed it may keep.
 */
export function refuseExcess(wanted: KeyPowers, giver: KeyPowers, before?: KeyPowers): void {
  const haves = before === undefined ? [giver] : [giver, before];
  if (giver.mode === 'test' && wanted.mode === 'live') {
    throw refused('mode', 'A test key makes and changes test keys only.');
  }
  const excess = wanted.permissions.filter(
    (permission) => !haves.some((have) => have.permissions.includes(permission)),
  );
  if (excess.length > 0) {
    const message = `You cannot give a key what you do not have yourself: ${excess.join(', ')}.`;
    throw refused('permissions', `${message} Name the permissions that it shall have.`);
  }
  for (const { param, name } of NUMBERS) {
    const most = Math.max(...haves.map((have) => have[name]));
    if (wanted[name] > most) throw refused(param, `${param}: at most your own, which is ${most}.`);
  }
  const latest = Math.max(...haves.map((have) => have.expiresAtMs));
  if (wanted.expiresAtMs > latest) {
    const message = `expires_at: not after your own key ends, which is at ${new Date(latest).toISOString()}.`;
    throw refused('expires_at', message);
  }
  for (const { param, name, isCovered } of LISTS) {
    // An ingest key calls no model and cannot become one that does.
    if (wanted.kind === 'ingest' && name !== 'ipRanges') continue;
    if (haves.some((have) => isNarrower(wanted[name], have[name], isCovered))) continue;
    throw refused(param, `${param}: only what your own key is confined to.`);
  }
}

const NUMBERS = [
  { param: 'requests_per_minute_max', name: 'requestsPerMinuteMax' },
  { param: 'concurrency_max', name: 'concurrencyMax' },
] as const;

const LISTS = [
  { param: 'models', name: 'models', isCovered: isModelCovered },
  { param: 'providers', name: 'providers', isCovered: (inner: string, outer: string) => inner === outer },
  { param: 'ip_ranges', name: 'ipRanges', isCovered: isRangeCovered },
] as const;

type List = readonly string[] | null;

function isNarrower(wanted: List, have: List, isCovered: (inner: string, outer: string) => boolean): boolean {
  if (have === null) return true;
  return wanted?.every((inner) => have.some((outer) => isCovered(inner, outer))) ?? false;
}

/** Whether a model name or prefix is among those of another: `gpt-5`, `acme/*`, `*`. */
function isModelCovered(inner: string, outer: string): boolean {
  if (inner === outer) return true;
  return outer.endsWith('*') && inner.startsWith(outer.slice(0, -1));
}

function isRangeCovered(inner: string, outer: string): boolean {
  const [one, other] = [rangeOf(inner), rangeOf(outer)];
  return one !== undefined && other !== undefined && isWithin(one, other);
}

function rangeOf(text: string): IpRange | undefined {
  const parsed = parseIpRange(text);
  return parsed.ok ? parsed.range : undefined;
}

function refused(param: string, message: string): GatewayError {
  return new GatewayError('insufficient_permissions', message, { param, retryable: false });
}
