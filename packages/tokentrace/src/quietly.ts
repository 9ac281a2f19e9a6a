/** Runs a piece of tracing. A fault of it, such as a getter of the app's that throws, is told and goes no further. */
export function quietly<T>(run: () => T, onFault: (fault: unknown) => void): T | undefined {
  try {
    return run();
  } catch (fault) {
    onFault(fault);
    return undefined;
  }
}
