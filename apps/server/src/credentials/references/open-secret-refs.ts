import type { Schedule } from '@app/gateway';
import type { Secret } from '@app/providers';
import type { SecretRef, SecretRefEntries } from '../../config/secret-ref-fields.ts';
import type { ReferenceValue, SecretRefs } from '../secret-refs.ts';
import type { ReadReference } from './create-read-reference.ts';
import { ReferenceFailure } from './reference-failure.ts';

export type SecretRefsDeps = {
  refs: SecretRefEntries;
  read: ReadReference;
  /** How often each is read again, give or take a fifth, so that not all servers ask at once. */
  refreshMs: number;
  schedule: Schedule;
  /** From 0 to 1. */
  random: () => number;
  nowMs: () => number;
  /** Told once when a reference begins to fail, and not again until it was good. */
  onWarning: (message: string, error: unknown) => void;
};

export type OpenSecretRefs = SecretRefs & {
  /** Stops reading. */
  close(): void;
};

type Held = { ref: SecretRef; secret: Secret | undefined; problem: string | undefined; readAtMs: number };

/** A start does not wait longer for places that do not answer. */
const FIRST_READ_MS = 5_000;
/** One that has given nothing yet is asked sooner. */
const RETRY_MS = 15_000;

/**
 * Reads every reference once, waiting a moment for all, then again and again. A place that fails costs nothing but
 * news: what was last good goes on being used, and is said to be old.
 */
export async function openSecretRefs(deps: SecretRefsDeps): Promise<OpenSecretRefs> {
  const held = new Map<string, Held>();
  for (const [name, ref] of Object.entries(deps.refs)) {
    held.set(name, { ref, secret: undefined, problem: undefined, readAtMs: 0 });
  }
  const first = Promise.all([...held].map(([name, one]) => readInto(deps, name, one)));
  await soonEnough(first, deps.schedule);
  const stops = [...held].map(([name, one]) => {
    // What a variable holds stays what it was at the start.
    if (one.ref.env !== undefined) return () => undefined;
    return follow(deps, one, () => readInto(deps, name, one));
  });
  return {
    find: (name) => {
      const one = held.get(name);
      return one === undefined ? undefined : shownValue(one, deps.nowMs());
    },
    mayStore: (name, { providerId, organizationId }) => {
      const ref = held.get(name)?.ref;
      if (ref === undefined || !ref.providers.includes(providerId)) return false;
      return ref.organizations === undefined || ref.organizations.includes(organizationId);
    },
    close: () => {
      for (const stop of stops) stop();
    },
  };
}

async function readInto(deps: SecretRefsDeps, name: string, held: Held): Promise<void> {
  try {
    const secret = await deps.read(held.ref);
    // The same text stays the same value, so that what was fetched for it is not fetched again.
    if (held.secret?.reveal() !== secret.reveal()) held.secret = secret;
    held.problem = undefined;
    held.readAtMs = deps.nowMs();
  } catch (error) {
    const sentence = error instanceof ReferenceFailure ? error.message : 'It could not be read.';
    if (held.problem === undefined)
      deps.onWarning(`The secret "${name}" cannot be read: ${sentence}`, undefined);
    held.problem = sentence;
  }
}

function follow(deps: SecretRefsDeps, held: Held, read: () => Promise<void>): () => void {
  let stop = () => {};
  let isStopped = false;
  const plan = () => {
    if (isStopped) return;
    const everyMs = held.secret === undefined ? Math.min(RETRY_MS, deps.refreshMs) : deps.refreshMs;
    const jitter = 0.8 + 0.4 * deps.random();
    stop = deps.schedule(everyMs * jitter, () => void read().finally(plan));
  };
  plan();
  return () => {
    isStopped = true;
    stop();
  };
}

function shownValue({ secret, problem, readAtMs }: Held, nowMs: number): ReferenceValue {
  if (secret === undefined || problem === undefined) return { secret, problem };
  const minutes = Math.max(1, Math.round((nowMs - readAtMs) / 60_000));
  return { secret, problem: `${problem} The value of ${minutes} min ago is used.` };
}

function soonEnough(all: Promise<unknown>, schedule: Schedule): Promise<void> {
  return new Promise((resolve) => {
    const cancel = schedule(FIRST_READ_MS, resolve);
    all.finally(() => {
      cancel();
      resolve();
    });
  });
}
