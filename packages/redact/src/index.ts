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
