/**
 * Runs one at a time. A call during a run makes one more run follow it, so that nothing said meanwhile is missed;
 * that run hears `true` if one of the calls said so. Resolves when nothing is left to run.
 */
export function singleFlight(run: (flag: boolean) => Promise<void>): (flag: boolean) => Promise<void> {
  let running: Promise<void> | undefined;
  let next: { flag: boolean } | undefined;
  const loop = async () => {
    try {
      while (next !== undefined) {
        const { flag } = next;
        next = undefined;
        await run(flag);
      }
    } finally {
      running = undefined;
    }
  };
  return (flag) => {
    next = { flag: flag || next?.flag === true };
    running ??= loop();
    return running;
  };
}
