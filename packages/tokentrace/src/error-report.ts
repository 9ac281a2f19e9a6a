import { findProcess } from './host-runtime.ts';

/** What went wrong in tracing. Holds nothing of what is traced, nor the key. */
export type ErrorReport = {
  code:
    | 'unreachable'
    | 'rejected'
    | 'too_large'
    | 'queue_full'
    | 'redaction_failed'
    | 'spool'
    | 'fault'
    | 'disabled';
  message: string;
};

/** Tells the app of errors. Without a listener each kind is warned of once. Never throws. */
export function createReporter(
  onError: ((error: ErrorReport) => void) | undefined,
): (error: ErrorReport) => void {
  const warned = new Set<string>();
  return (error) => {
    try {
      if (onError !== undefined) onError(error);
      else if (!warned.has(error.code)) {
        warned.add(error.code);
        findProcess()?.emitWarning?.(error.message, {
          type: 'TokentraceWarning',
          code: `TOKENTRACE_${error.code.toUpperCase()}`,
        });
      }
    } catch {
      // Whoever is told of errors may have one too.
    }
  };
}
