export type { AttemptSpan, CallSpan } from './call-span.ts';
export type { Clock, Log, Schedule } from './environment.ts';
export type * from './ports.ts';
export { createRecorder, type Recorder } from './recorder.ts';
export {
  openSpool,
  SPOOL_LIMITS,
  type Spool,
  type SpoolLimits,
  type SpoolOptions,
  type SpoolStats,
} from './spool.ts';
