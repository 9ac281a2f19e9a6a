/** Bounds on what a stranger can make the edge hold or wait for. */
export type EdgeLimits = {
  bodyBytesMax: number;
  /** Of a form with files in it. */
  uploadBytesMax: number;
  /**
   * All bodies in memory together, until their calls are over, and as much again for all forms; never less than four of
   * the largest. A form counts twice: it is read and written anew.
   */
  bodiesBytesMax: number;
  headerBytesMax: number;
  /** For the whole head of a request to come. */
  headersTimeoutMs: number;
  /** For the whole request, body included, to come. */
  requestTimeoutMs: number;
  /** How often connections are looked at for the two deadlines above. */
  checkEveryMs: number;
  /** How long an unused connection is kept; longer than the idle time of usual load balancers. */
  keepAliveMs: number;
  /** A connection on which nothing moves for this long is closed, whatever state it is in. */
  silenceTimeoutMs: number;
  /** How long a caller may leave a full socket unread. */
  drainTimeoutMs: number;
  /** How long a caller that was answered early may go on sending its body. */
  lingerMs: number;
  /** Absent = as many as the system gives. */
  connectionsMax?: number;
};

export const edgeDefaults: EdgeLimits = {
  bodyBytesMax: 20 * 1024 * 1024,
  uploadBytesMax: 32 * 1024 * 1024,
  bodiesBytesMax: 256 * 1024 * 1024,
  headerBytesMax: 16_384,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 120_000,
  checkEveryMs: 2_000,
  keepAliveMs: 75_000,
  silenceTimeoutMs: 900_000,
  drainTimeoutMs: 60_000,
  lingerMs: 5_000,
};
