import { cpuUs, familyOf, mainThreadUs } from './cpu.ts';
import { runLoad } from './load.ts';
import type { Subject } from './subjects.ts';

/** Calls in flight at once, in every slice. */
const CONCURRENCY = 32;

/** One kind of call. `subjects` names those that can answer it, when not all can. */
export type Workload = {
  name: string;
  path: string;
  body(model: string): string;
  requests: number;
  subjects?: string[];
};

/** What one subject needed for one slice of a workload, per call where it says Us. */
export type Slice = {
  subject: string;
  workload: string;
  /** Processor time of the subject's process, all threads. */
  cpuUs: number;
  /** Its event loop alone. */
  mainUs: number;
  /** The processes it started: our embedded stores. */
  childrenUs: number;
  firstByteMs: number[];
  perSecond: number;
};

/** Sends a slice of calls and tells what they cost. */
export async function measure(subject: Subject, workload: Workload): Promise<Slice> {
  const [main = 0] = subject.pids;
  const children = familyOf(main).filter((pid) => !subject.pids.includes(pid));
  const read = () => [cpuUs(subject.pids), mainThreadUs(main), cpuUs(children)] as const;
  const before = read();
  const { firstByteMs, wallMs } = await runLoad({
    origin: subject.origin,
    path: workload.path,
    headers: subject.headers,
    body: workload.body(subject.model),
    requests: workload.requests,
    concurrency: CONCURRENCY,
  });
  const after = read();
  return {
    subject: subject.name,
    workload: workload.name,
    cpuUs: (after[0] - before[0]) / workload.requests,
    mainUs: (after[1] - before[1]) / workload.requests,
    childrenUs: (after[2] - before[2]) / workload.requests,
    firstByteMs,
    perSecond: (workload.requests / wallMs) * 1_000,
  };
}
