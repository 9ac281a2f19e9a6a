export interface BackOffOptions {
  firstMs: number;
  maxMs: number;
  /** A run at least this long counts as healthy: the next failure starts again at `firstMs`. */
  healthyAfterMs: number;
}

/**
 * Doubling delays between restarts. `nextMs(ranMs)` takes how long the child lived and gives the pause before
 * the next start, at most `maxMs`. A quarter of each delay is drawn from `random`, so two children that died
 * together do not come back in step.
 */
export function createBackOff(
  options: BackOffOptions,
  random: () => number,
): { nextMs(ranMs: number): number } {
  let failures = 0;
  return {
    nextMs(ranMs) {
      if (ranMs >= options.healthyAfterMs) failures = 0;
      const full = Math.min(options.maxMs, options.firstMs * 2 ** Math.min(failures, 30));
      failures += 1;
      return Math.round(full * (0.75 + random() * 0.25));
    },
  };
}
