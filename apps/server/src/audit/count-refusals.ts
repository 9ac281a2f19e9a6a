import type { Schedule } from '@app/gateway';
import { networkOf } from '../identity/network-of.ts';
import type { NewAuditEvent, Refusal } from './audit.ts';

type CountedRefusal = {
  id: string;
  atMs: number;
  event: NewAuditEvent;
  reason: string;
  count: number;
};

export type CountRefusalsDeps = {
  newId: () => string;
  nowMs: () => number;
  schedule: Schedule;
  /** A refusal that was not seen in this minute, with a count of 1: what is to be told if this process ends now. */
  onFirst: (refusal: CountedRefusal) => void;
  /** What the minute came to. */
  onMinute: (refusals: readonly CountedRefusal[]) => void;
};

export type RefusalCounts = { note(refusal: Refusal): void; close(): void };

const MINUTE_MS = 60_000;
/** Whoever tries with ever new addresses or routes fills no more than this. */
const SUBJECTS_MAX = 1_000;

/** Counts the same refusal of the same somebody, and tells once a minute how often it was. */
export function createRefusalCounts(deps: CountRefusalsDeps): RefusalCounts {
  const { nowMs, schedule } = deps;
  let counted = new Map<string, CountedRefusal>();
  let cancel = () => {};

  function tell(): void {
    cancel();
    const all = [...counted.values()];
    counted = new Map();
    if (all.length > 0) deps.onMinute(all);
  }

  function begin(key: string, event: NewAuditEvent, reason: string): void {
    if (counted.size === 0) cancel = schedule(MINUTE_MS, tell);
    const first = { id: deps.newId(), atMs: nowMs(), event, reason, count: 1 };
    counted.set(key, first);
    deps.onFirst(first);
  }

  return {
    note(refusal) {
      const { code, route, ...rest } = refusal;
      const { actor, ip } = rest;
      const isFull = counted.size >= SUBJECTS_MAX;
      const own = JSON.stringify([
        rest.organizationId,
        actor.kind,
        actor.id ?? networkOf(ip ?? ''),
        route,
        code,
      ]);
      const key = counted.has(own) || !isFull ? own : REST;
      const known = counted.get(key);
      if (known !== undefined) known.count += 1;
      else if (key === REST)
        begin(REST, restOf(), 'Refused to more callers than are told apart in a minute.');
      else
        begin(
          own,
          { ...rest, action: 'access.refuse', target: { kind: 'route', id: route, name: null } },
          code,
        );
    },
    close: tell,
  };
}

const REST = 'rest';

const restOf = (): NewAuditEvent => ({
  action: 'access.refuse',
  actor: { kind: 'anyone' },
  target: { kind: 'route', id: '*', name: null },
});
