import { writeCall } from './call-record.ts';
import type { CallSpan } from './call-span.ts';
import type { Log } from './environment.ts';
import { faultFields } from './fault-fields.ts';
import type { Spool } from './spool.ts';

export type Recorder = {
  /** Returns when the call is in the kernel's hands or was counted as dropped. Never throws. */
  recordCall(call: CallSpan): void;
  /** Calls that could not be written down at all, which is a defect. */
  failedCalls(): number;
};

/** Records calls in the spool, on the path of the reply: it does as little as it can, and the loader the rest. */
export function createRecorder(deps: { spool: Pick<Spool, 'append'>; log: Log }): Recorder {
  let failed = 0;
  return {
    recordCall(call) {
      try {
        const { head, contents } = writeCall(call);
        deps.spool.append(head, contents);
      } catch (cause) {
        failed += 1;
        deps.log.error({ ...faultFields(cause), requestId: call.requestId }, 'A call could not be recorded.');
      }
    },
    failedCalls: () => failed,
  };
}
