import { writeCall } from './call-record.ts';
import type { CallSpan } from './call-span.ts';
import type { Log } from './environment.ts';
import { faultFields } from './fault-fields.ts';
import type { Spool, SpoolRecord } from './spool.ts';

export type Recorder = {
  /** Returns when the call is in the kernel's hands or was counted as dropped. Never throws. */
  recordCall(call: CallSpan): void;
  /**
   * The same together with other calls of this turn of the event loop: `onKept` runs when it is in the kernel's hands
   * or was counted as dropped, at the latest when the turn ends.
   */
  recordSoon(call: CallSpan, onKept: () => void): void;
  /** Writes what waits for the end of the turn. */
  flush(): void;
  /** Calls that could not be written down at all, which is a defect. */
  failedCalls(): number;
};

export type RecorderDeps = {
  spool: Pick<Spool, 'append' | 'appendTogether'>;
  log: Log;
  /** Runs `run` when this turn of the event loop ends. Without it every call is written by itself. */
  atTurnEnd?: (run: () => void) => void;
};

/** So many calls are written before the turn ends. */
const WAITING_MAX = 64;

type Waiting = { record: SpoolRecord; requestId: string; onKept: () => void };

/** Records calls in the spool, on the path of the reply: it does as little as it can, and the loader the rest. */
export function createRecorder({ spool, log, atTurnEnd }: RecorderDeps): Recorder {
  let failed = 0;
  let waiting: Waiting[] = [];

  function guarded(requestId: string, run: () => void): void {
    try {
      run();
    } catch (cause) {
      failed += 1;
      log.error({ ...faultFields(cause), requestId }, 'A call could not be recorded.');
    }
  }

  function flush(): void {
    const all = waiting;
    if (all.length === 0) return;
    waiting = [];
    guarded(all[0]?.requestId ?? '', () => spool.appendTogether(all.map(({ record }) => record)));
    for (const { requestId, onKept } of all) guarded(requestId, onKept);
  }

  function recordCall(call: CallSpan): void {
    guarded(call.requestId, () => {
      const { head, contents } = writeCall(call);
      spool.append(head, contents);
    });
  }

  return {
    recordCall,
    recordSoon(call, onKept) {
      if (atTurnEnd === undefined) {
        recordCall(call);
        onKept();
        return;
      }
      let record: SpoolRecord | undefined;
      guarded(call.requestId, () => {
        record = writeCall(call);
      });
      if (record === undefined) {
        onKept();
        return;
      }
      if (waiting.length === 0) atTurnEnd(flush);
      waiting.push({ record, requestId: call.requestId, onKept });
      if (waiting.length >= WAITING_MAX) flush();
    },
    flush,
    failedCalls: () => failed,
  };
}
