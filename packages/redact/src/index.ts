export { createRedactor } from './create-redactor.ts';
export type {
  CustomPattern,
  DetectedType,
  Finding,
  RedactingStream,
  Redaction,
  RedactionCounts,
  Redactor,
  RedactorOptions,
} from './redactor.ts';
