import type { StoredAuditEvent } from '@app/store';
import { FIRST_PREVIOUS, isSameMac, macOf } from './bind-events.ts';

/** The number under which a link was made; undefined when it was not made with this chain's key. */
export type FindPlace = (event: StoredAuditEvent, expected: number) => number | undefined;

/** How far ahead a link is looked for that has another number now. */
const AHEAD_MAX = 1_000;
/** All tries together, so that a chain full of faults takes no longer than a few seconds. */
const TRIES_MAX = 100_000;
const REMEMBERED_MAX = 2_000;

type Chain = {
  organizationId: string;
  key: Uint8Array;
  floor?: Pick<StoredAuditEvent, 'sequence' | 'previous'> | undefined;
};

/** A link that was moved proves its own number still: it is looked for where it may have stood. */
export function createFindPlace({ organizationId, key, floor }: Chain): FindPlace {
  const first: [string, number] =
    floor === undefined ? [nameOf(FIRST_PREVIOUS), 0] : [nameOf(floor.previous), floor.sequence - 1];
  /** Where links are that were met lately, by their mac. */
  const places = new Map([first]);
  let before = first[0];
  let triesLeft = TRIES_MAX;

  const isMadeAs = (event: StoredAuditEvent, sequence: number) =>
    isSameMac(macOf(key, organizationId, { ...event, sequence }), event.mac);

  function search(event: StoredAuditEvent, expected: number): number | undefined {
    const after = places.get(nameOf(event.previous));
    const near = after === undefined ? [expected] : [after + 1, expected];
    const found = near.find((sequence) => isMadeAs(event, sequence));
    // What names the link before it as its own was not moved: it was changed where it stands.
    if (found !== undefined || nameOf(event.previous) === before) return found;
    for (let ahead = 1; ahead <= AHEAD_MAX && triesLeft > 0; ahead += 1) {
      triesLeft -= 1;
      if (isMadeAs(event, expected + ahead)) return expected + ahead;
    }
    return undefined;
  }

  return (event, expected) => {
    const place = isMadeAs(event, event.sequence) ? event.sequence : search(event, expected);
    before = nameOf(event.mac);
    if (place === undefined) return undefined;
    places.set(before, place);
    if (places.size > REMEMBERED_MAX) {
      const oldest = places.keys().next().value;
      if (oldest !== undefined) places.delete(oldest);
    }
    return place;
  };
}

const nameOf = (mac: Buffer): string => mac.toString('hex');
