import type { GatewayError } from '@app/protocol';
import type { CallRecord, RecordCall } from '../ports.ts';
import type { Ledger } from '../record/ledger.ts';

/** How a call ended: the status the caller saw, and the error if there was one. */
type CallEnd = { status: number; error: GatewayError | undefined };

/** Gives the call's record the first time, and nothing ever after. */
export type Settle = (end: CallEnd) => CallRecord | undefined;

export type SettleInput = {
  ledger: Pick<Ledger, 'close'>;
  /** Gives the call's place among those under way back. */
  release: () => void;
  record: RecordCall;
  /** Told of an error that is nobody's fault but ours. */
  onDefect?: (error: unknown) => void;
};

/**
 * Ends a call once, whatever happens: its place among the key's calls is free again, its attempts are priced, its record
 * is in the kernel's hands. Whoever writes to the caller settles before the last frame leaves.
 */
export function createSettle({ ledger, release, record, onDefect }: SettleInput): Settle {
  let isSettled = false;
  return (end) => {
    if (isSettled) return undefined;
    isSettled = true;
    const call = ledger.close(end);
    release();
    record(call);
    if (end.error?.code === 'internal_error') onDefect?.(end.error.detail.cause ?? end.error);
    return call;
  };
}
