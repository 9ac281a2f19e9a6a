import type { AuditFault } from '@app/contract';
import type { StoredAuditChain, StoredAuditEvent } from '@app/store';
import { FIRST_PREVIOUS, headMacOf, isSameMac } from './bind-events.ts';
import { createFaults, type Faults } from './collect-faults.ts';
import { createFindPlace, type FindPlace } from './find-true-place.ts';

export type ChainFloor = Pick<StoredAuditEvent, 'sequence' | 'previous'>;
export type ChainHead = Pick<StoredAuditChain, 'sequence' | 'mac' | 'headMac'>;
/** A signed copy of a link, whose signature was checked. */
export type KnownLink = { sequence: number; mac: Buffer };

export type VerifyInput = {
  organizationId: string;
  key: Uint8Array;
  /** Every link as it is kept, in the order of their numbers. */
  events: AsyncIterable<StoredAuditEvent> | Iterable<StoredAuditEvent>;
  /** Asked before the first link and after the last one, because links may be added meanwhile. */
  readHead(): Promise<ChainHead | undefined>;
  /** From where the chain begins, where its beginning was taken out by the rules. */
  floor?: ChainFloor | undefined;
  /** In the order of their numbers. */
  anchors?: readonly KnownLink[];
  onProgress?: (checked: number) => void;
};

export type Verified = {
  checked: number;
  firstSequence: number | undefined;
  lastSequence: number | undefined;
  faults: AuditFault[];
};

/** Where the walk through a chain stands. */
type Walk = {
  /** The number that the next link has if nothing is wrong. */
  expected: number;
  /** What the next link has to be bound to; undefined where that is not known. */
  previous: Buffer | undefined;
  /** Numbers of links that prove nothing, which wait to be told apart as edited or inserted. */
  unproven: number[];
  /** How far numbers are from where links were made. */
  offset: number;
  anchorAt: number;
};

const PROGRESS_EVERY = 10_000;

/**
 * Looks at every link of a chain once, in little memory, and names what is wrong: edited, missing, inserted, reordered,
 * truncated, forked. Without anchors it finds what anybody does who has no key; with them, also who has it.
 */
export async function verifyChain(input: VerifyInput): Promise<Verified> {
  const faults = createFaults();
  const place = createFindPlace(input);
  const { floor, anchors = [] } = input;
  const first = floor?.sequence ?? 1;
  const walk: Walk = {
    expected: first,
    previous: floor?.previous ?? FIRST_PREVIOUS,
    unproven: [],
    offset: 0,
    anchorAt: anchors.findIndex(({ sequence }) => sequence >= first),
  };
  if (walk.anchorAt === -1) walk.anchorAt = anchors.length;
  const before = await input.readHead();
  let checked = 0;
  let firstSequence: number | undefined;
  let lastSequence: number | undefined;
  for await (const event of input.events) {
    checked += 1;
    firstSequence ??= event.sequence;
    lastSequence = event.sequence;
    visit(event, { walk, faults, place, anchors });
    if (checked % PROGRESS_EVERY === 0) input.onProgress?.(checked);
  }
  const after = await input.readHead();
  end({ ...input, walk, faults, before, after, anchors });
  return { checked, firstSequence, lastSequence, faults: faults.list() };
}

type Visit = { walk: Walk; faults: Faults; place: FindPlace; anchors: readonly KnownLink[] };

function visit(event: StoredAuditEvent, { walk, faults, place, anchors }: Visit): void {
  const at = place(event, walk.expected);
  if (at === undefined) {
    walk.unproven.push(event.sequence);
    return;
  }
  const known = faults.count();
  if (at >= walk.expected) {
    settleUnproven(walk, faults, at);
    if (at > walk.expected) faults.gap(walk.expected, at - 1);
    else if (walk.previous !== undefined && !isSameMac(walk.previous, event.previous)) {
      faults.add('forked', at, 'It follows another link than the one before it.');
    }
    walk.expected = at + 1;
    walk.previous = event.mac;
    checkAnchor(event, at, { walk, faults, anchors });
  } else if (!faults.fillGap(at)) {
    faults.add('inserted', event.sequence, `It repeats event ${at}.`);
  }
  const offset = event.sequence - at;
  if (offset !== 0 && offset !== walk.offset && faults.count() === known) {
    faults.add('edited', event.sequence, `It was made as number ${at}.`);
  }
  walk.offset = offset;
}

/** So many links that prove nothing stand before the link `at`: what they took the place of was edited. */
function settleUnproven(walk: Walk, faults: Faults, at: number): void {
  const { unproven } = walk;
  if (unproven.length === 0) return;
  const edited = Math.min(unproven.length, at - walk.expected);
  for (const [index, sequence] of unproven.entries()) {
    if (index < edited) faults.add('edited', sequence, 'It is not what was written down.');
    else faults.add('inserted', sequence, 'Nothing was written down there.');
  }
  walk.unproven = [];
  walk.expected += edited;
  if (edited > 0) walk.previous = undefined;
}

function checkAnchor(
  event: StoredAuditEvent,
  at: number,
  { walk, faults, anchors }: Omit<Visit, 'place'>,
): void {
  for (
    let anchor = anchors[walk.anchorAt];
    anchor && anchor.sequence <= at;
    anchor = anchors[walk.anchorAt]
  ) {
    if (anchor.sequence === at && !isSameMac(anchor.mac, event.mac)) {
      faults.add(
        'forked',
        at,
        'The signed copy of it says something else: from here or before, the chain was made anew.',
      );
    }
    walk.anchorAt += 1;
  }
}

type End = Pick<VerifyInput, 'organizationId' | 'key'> & {
  walk: Walk;
  faults: Faults;
  anchors: readonly KnownLink[];
  before: ChainHead | undefined;
  after: ChainHead | undefined;
};

function end({ organizationId, key, walk, faults, anchors, before, after }: End): void {
  const prove = (head: ChainHead | undefined): ChainHead | undefined =>
    head !== undefined && isSameMac(head.headMac, headMacOf(key, organizationId, head)) ? head : undefined;
  const head = prove(before);
  const now = prove(after);
  settleUnproven(walk, faults, Math.max(walk.expected, (head?.sequence ?? 0) + 1));
  const last = walk.expected - 1;
  const anchored = Math.max(0, ...anchors.slice(-1).map(({ sequence }) => sequence));
  const ends = Math.max(head?.sequence ?? 0, anchored);
  if (last < ends) {
    const witness = anchored > (head?.sequence ?? 0) ? 'A signed copy says' : 'The head of the chain says';
    faults.add('truncated', last + 1, `${witness} that it went on to event ${ends}.`);
  }
  if (now === undefined) {
    faults.add(
      'edited',
      after?.sequence ?? last,
      'What says where the chain ends is not what was written down.',
    );
  } else if (now.sequence < last) {
    faults.add('forked', now.sequence, `The head of the chain was put back from event ${last}.`);
  }
}
