import { GatewayError } from '@app/protocol';
import { type Provider, withSecret } from '@app/providers';
import type { Asked, CallerKeys } from '../asked.ts';
import type { OwnKeys, Snapshot, Target } from '../ports.ts';

/** The header in which callers bring keys of their own, as its errors name it. */
const HEADER = 'X-TR-Provider-Keys';
const PROVIDERS_SHOWN_MAX = 8;

/** How a caller's own key is shown where a stored one would be by its name. */
const INLINE = 'inline';

type Keyed = Pick<Asked, 'principal' | 'callerKeys'>;

/** Who serves a name for this call: those its own keys reach come first, and those of ours that its mode lets in. */
export function findTargetsFor(
  { findTargets, ownKeys }: Snapshot,
  { principal, callerKeys }: Keyed,
): (model: string) => readonly Target[] {
  const { mode } = principal;
  if (callerKeys === undefined || ownKeys === undefined)
    return (model) => findTargets(model, mode, principal);
  const providers = [...callerKeys.byProvider.keys()];
  return (model) => {
    const known = ownKeys.findTargets(model, providers);
    return withCallerKeys(callerKeys, ownKeys, [...findTargets(model, mode, principal), ...known]);
  };
}

/**
 * The targets with the caller's keys in the place of ours where one fits, and these first. The rest stays only where the
 * mode lets it. A caller's key goes to its provider's own origin and nowhere else.
 */
export function withCallerKeys(
  keys: CallerKeys,
  { ownerOf }: Pick<OwnKeys, 'ownerOf'>,
  targets: readonly Target[],
): readonly Target[] {
  if (keys.mode === 'stored') return targets;
  const theirs = new Map<string, Target>();
  const ours: Target[] = [];
  for (const target of targets) {
    const owner = ownerOf(target.provider);
    const secret = owner === undefined ? undefined : keys.byProvider.get(owner);
    if (secret === undefined) {
      ours.push(target);
      continue;
    }
    // Several of our own keys for one provider are one place for the caller's.
    const place = `${target.provider.id} ${target.model}`;
    if (theirs.has(place)) continue;
    // What is ours of the target, its pool of keys above all, plays no part any more.
    const { keys: _, ...rest } = target;
    const provider = withSecret(withinOrigin(target.provider), secret);
    theirs.set(place, { ...rest, provider, credential: INLINE });
  }
  return keys.mode === 'inline' ? [...theirs.values()] : [...theirs.values(), ...ours];
}

/** A way that leads to another origin is none for a caller's key. */
function withinOrigin(row: Provider): Provider {
  if (row.also === undefined) return row;
  const origin = URL.parse(row.baseUrl)?.origin;
  return { ...row, also: row.also.filter((way) => URL.parse(way.provider.baseUrl)?.origin === origin) };
}

/** Why nobody is left where the caller's keys are the reason; undefined where they are not. */
export function findKeyRefusal(
  keys: CallerKeys | undefined,
  names: readonly string[],
  findOurs: (model: string) => readonly Target[],
): GatewayError | undefined {
  if (keys === undefined || keys.mode === 'stored') return undefined;
  if (names.length === 0) {
    const message = `The call names no model, and none is configured here to choose from: name a model that the keys in ${HEADER} are for.`;
    return new GatewayError('missing_parameter', message, { param: 'model', retryable: false });
  }
  return keys.mode === 'inline' ? findUnfit(names, names.flatMap(findOurs)) : undefined;
}

/** The models are served, but by nobody for whom a key came. */
export function findUnfit(names: readonly string[], ours: readonly Target[]): GatewayError | undefined {
  if (ours.length === 0) return undefined;
  const providers = [...new Set(ours.map(({ provider }) => provider.id))].slice(0, PROVIDERS_SHOWN_MAX);
  const named = names.length === 1 ? `\`${(names[0] ?? '').slice(0, 100)}\`` : 'these models';
  const message =
    `No key in ${HEADER} may be used for ${named}, served here by ${providers.join(', ')}. ` +
    'Send a key for one of these at its own address, or set key_mode to mixed or stored.';
  return new GatewayError('invalid_parameter', message, { param: HEADER.toLowerCase(), retryable: false });
}
