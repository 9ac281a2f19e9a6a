import { type Bill, INPUT_NANOS } from './open-billing-upstream.ts';
import type { LimitLab } from './open-limit-lab.ts';
import type { LimitedOutcome } from './send-limited-call.ts';

/** What callers do: most have their answer, whole or as a stream; others are refused, left alone, cut off or leave. */
const KINDS = [
  {},
  { isStream: true },
  {},
  { behaviour: 'refuse' },
  { isStream: true, behaviour: 'stall', leavesAfter: 5 },
  { isStream: true, behaviour: 'stall' },
  { isStream: true },
  { behaviour: 'silence' },
] as const;

/** The input of a call that nobody reported is estimated; it is never less than what is billed, and at most so much more. */
export const ESTIMATE_NANOS_MAX = 25 * INPUT_NANOS;

export const TOKENS = 10;

export type Storm = {
  outcomes: LimitedOutcome[];
  statuses: { [status: number]: number };
  /** Calls whose usage nobody reported. */
  unreportedCount: number;
};

/** So many callers at once, every one with one call, spread over the servers. */
export async function storm(
  lab: LimitLab,
  run: { count: number; key: string; label: string; servers?: readonly number[]; outputMax?: number },
): Promise<Storm> {
  const { servers = [0], outputMax = TOKENS } = run;
  const outcomes = await Promise.all(
    Array.from({ length: run.count }, (_, index) =>
      lab.call({
        ...KINDS[index % KINDS.length],
        ...{ key: run.key, label: run.label, output: TOKENS, outputMax },
        server: servers[index % servers.length] ?? 0,
      }),
    ),
  );
  const statuses: { [status: number]: number } = {};
  for (const { status } of outcomes) statuses[status] = (statuses[status] ?? 0) + 1;
  return { outcomes, statuses, unreportedCount: Math.ceil((run.count * 3) / KINDS.length) };
}

/** Calls one after the other until one is refused, and gives how many were not. */
export async function spendTheRest(
  lab: LimitLab,
  run: { key: string; label: string; servers?: readonly number[]; countMax?: number },
): Promise<{ count: number; last: LimitedOutcome | undefined }> {
  const { servers = [0], countMax = 2_000 } = run;
  for (let count = 0; count < countMax; count += 1) {
    const server = servers[count % servers.length] ?? 0;
    const last = await lab.call({ key: run.key, label: run.label, output: TOKENS, server });
    if (last.status !== 200) return { count, last };
  }
  return { count: countMax, last: undefined };
}

/** What a provider billed and somebody heard of, in a limit's measure. */
export function heardOf(bill: Bill, measure: 'requests' | 'tokens' | 'cost'): number {
  const { unheard } = bill;
  if (measure === 'requests') return bill.requests - unheard.requests;
  if (measure === 'cost') return bill.costNanos - unheard.costNanos;
  return bill.inputTokens + bill.outputTokens - unheard.tokens;
}
