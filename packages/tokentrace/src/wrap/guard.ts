/** Is told of a fault of tracing itself. */
export type OnFault = (fault: unknown) => void;

/** Runs a piece of tracing; what it throws is told to `onFault` and goes no further. */
export function guard<T>(onFault: OnFault, body: () => T): T | undefined {
  try {
    return body();
  } catch (fault) {
    try {
      onFault(fault);
    } catch {
      // Whoever is told of faults may have one too.
    }
    return undefined;
  }
}
