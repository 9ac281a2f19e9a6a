import type { JournalClaim, LimitJournal } from '@app/gateway';
import type { LimitDelta } from '@app/store';
import type { Spool } from '@app/tracing';
import { writeDeltas } from './delta-record.ts';
import { createDeltaSums, type DeltaSums } from './sum-deltas.ts';

export type LimitJournalDeps = {
  spool: Pick<Spool, 'append'>;
  /** Whose calls these are: this process. */
  serverId: string;
  /** Runs `run` when this turn of the event loop ends. */
  atTurnEnd: (run: () => void) => void;
};

export type OpenLimitJournal = LimitJournal & {
  /** Hands what this turn changed to the kernel in one write. Never throws. */
  flush(): void;
  /** What the disk did not take, added up: it survives no crash until PostgreSQL has it. */
  unwritten: DeltaSums;
  /** What was settled and not applied yet, whatever holds it. Bounded: beyond it, counts are left out. */
  listUnapplied(): LimitDelta[];
  /** All that was written is in sealed segments. */
  sealed(): void;
  /** Begins to apply all that is sealed; the returned function says whether that was done. */
  beginApply(): (isDone: boolean) => void;
  /** Writes that the disk refused, and changes of counts that found no room in memory either. */
  faults(): { refusedWrites: number; lostChanges: number };
};

/** Counts that are kept in memory while the disk refuses the journal. */
const UNWRITTEN_COUNTS_MAX = 100_000;
/** So many changes of counts are written before the turn ends. */
const CHANGES_MAX = 4_096;

/**
 * Writes down by how much counts change: what a call under way costs whatever becomes of it is held from its
 * reservation on, and taken away when it settles. So what a killed server leaves held is what it has to be charged,
 * and nobody has to remember single calls.
 */
export function openLimitJournal({ spool, serverId, atTurnEnd }: LimitJournalDeps): OpenLimitJournal {
  const turn = createDeltaSums();
  const unwritten = createDeltaSums(UNWRITTEN_COUNTS_MAX);
  const unapplied = createUnapplied();
  const counts = { refusedWrites: 0, lostChanges: 0 };

  function flush(): void {
    if (turn.size() === 0) return;
    const deltas = turn.take();
    if (deltas.length === 0) return;
    const isKept = isWritten(deltas);
    // Only now, because what is written may seal the segment before it.
    for (const delta of deltas) unapplied.add(delta);
    if (isKept) return;
    counts.refusedWrites += 1;
    for (const delta of deltas) if (!unwritten.add(delta)) counts.lostChanges += 1;
  }

  function isWritten(deltas: readonly LimitDelta[]): boolean {
    return spool.append(writeDeltas({ serverId, deltas }));
  }

  function add(claim: JournalClaim, used: number, held: number): void {
    const { limitId, subject, periodStartMs } = claim;
    if (turn.size() === 0) atTurnEnd(flush);
    turn.add({ limitId, subject, periodStartMs, used, held });
    if (turn.size() >= CHANGES_MAX) flush();
  }

  return {
    reserved(_holdId, claims) {
      for (const claim of claims) add(claim, 0, claim.floor);
    },
    settled(_holdId, claims, used) {
      claims.forEach((claim, at) => {
        add(claim, used[at] ?? claim.amount, -claim.floor);
      });
    },
    flush,
    unwritten,
    listUnapplied() {
      flush();
      return unapplied.list();
    },
    sealed: unapplied.seal,
    beginApply: unapplied.begin,
    faults: () => ({ ...counts }),
  };
}

/** Changes by how far they have come: in the segment that is written, in sealed ones, in those that are being applied. */
function createUnapplied() {
  const written = createDeltaSums(UNWRITTEN_COUNTS_MAX);
  const sealed = createDeltaSums(UNWRITTEN_COUNTS_MAX);
  let applying: readonly LimitDelta[] = [];
  return {
    add: (delta: LimitDelta) => void written.add(delta),
    seal() {
      for (const delta of written.take()) sealed.add(delta);
    },
    begin() {
      const begun = sealed.take();
      applying = begun;
      return (isDone: boolean): void => {
        applying = [];
        if (!isDone) for (const delta of begun) sealed.add(delta);
      };
    },
    list(): LimitDelta[] {
      const sums = createDeltaSums();
      for (const delta of [...written.list(), ...sealed.list(), ...applying]) sums.add(delta);
      return sums.take();
    },
  };
}
