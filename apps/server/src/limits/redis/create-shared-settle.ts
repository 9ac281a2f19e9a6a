import { type Hold, type LimitStore, safeUsed } from '@app/gateway';
import type { SharedCounting, SharedHold } from './shared-counting.ts';
import { journalClaimOf, listJournalClaims, settleArgs, type WireClaim } from './wire-claim.ts';

/** Settles what was held, in Redis or, while that is away, here; it is said to Redis when it is back. */
export function createSharedSettle(counting: SharedCounting): LimitStore['settle'] {
  const { lease } = counting;
  const isOurs = (hold: Hold): hold is SharedHold => 'owner' in hold && hold.owner === lease;
  return (hold, used) => {
    if (!isOurs(hold) || hold.isSettled) return;
    hold.isSettled = true;
    const settling = { hold, used: hold.wires.map((wire, at) => safeUsed(used[at], wire.amount)) };
    tellJournal(counting, settling);
    if (hold.local === undefined) lease.drop(hold.wires);
    else counting.away.settle(hold.local, settling.used);
    if (lease.current() === undefined) chargeLater(counting, settling);
    else charge(counting, settling);
  };
}

type Settling = { hold: SharedHold; used: readonly number[] };

function tellJournal({ journal }: SharedCounting, { hold, used }: Settling): void {
  if (journal === undefined) return;
  const journaled = listJournalClaims(hold.wires);
  if (journaled.length > 0) journal.settled(hold.id, journaled, ofCalendar(hold.wires, used));
}

function chargeLater({ lease, away }: SharedCounting, { hold, used }: Settling): void {
  lease.charge(hold.wires, used);
  if (hold.local !== undefined) return;
  for (const [at, wire] of hold.wires.entries()) if (wire.kind === 'c') away.add(wire, used[at] ?? 0);
}

function charge({ lease, news, away }: SharedCounting, { hold, used }: Settling): void {
  // What was taken here alone is not held there: only what it used is charged.
  const isHeldThere = hold.local === undefined;
  const wires = isHeldThere ? hold.wires : hold.wires.filter(isCalendar).map(withoutAmount);
  const charged = isHeldThere ? used : ofCalendar(hold.wires, used);
  if (wires.length === 0) return;
  const args = wires.flatMap((wire, at) => settleArgs(wire, charged[at] ?? 0));
  const sentUnder = lease.current();
  lease.run('settle', { wires, args, used: charged }, (reply) => {
    if (reply instanceof Error) return;
    // It ran out, or Redis has lost its data: better seen now than by the next call.
    if (reply[wires.length] === '0' && lease.current() === sentUnder) lease.renew(() => undefined);
    for (const [at, wire] of wires.entries()) {
      if (wire.kind !== 'c') continue;
      const spent = Number(reply[at]);
      away.note(journalClaimOf(wire), spent);
      news.settled(wire, spent);
    }
  });
}

function ofCalendar(wires: readonly WireClaim[], used: readonly number[]): number[] {
  return used.filter((_, at) => wires[at]?.kind === 'c');
}

function isCalendar({ kind }: WireClaim): boolean {
  return kind === 'c';
}

function withoutAmount(wire: WireClaim): WireClaim {
  return { ...wire, amount: 0, floor: 0 };
}
