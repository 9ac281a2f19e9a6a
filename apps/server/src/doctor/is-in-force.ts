const DAY_MS = 86_400_000;

/** Whether a finding is still accepted: through its last day, in UTC. */
export function isInForce({ until }: { until?: string | undefined }, nowMs: number): boolean {
  return until === undefined || nowMs < Date.parse(`${until}T00:00:00Z`) + DAY_MS;
}
