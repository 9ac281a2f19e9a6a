/** Bounds of one call. All waits are milliseconds. */
export type JourneySettings = {
  /** Targets tried before the caller gets the last one's error. */
  attemptsMax: number;
  /** A stream's first byte, its head included. */
  firstByteMs: number;
  /** A whole reply's first byte. Providers send nothing until the model has finished, so it is longer. */
  wholeFirstByteMs: number;
  /** Between two pieces of a reply. Models think without a word for a minute and more. */
  idleMs: number;
  /** The whole call, every attempt included. */
  totalMs: number;
  /** How long a call waits for money or tokens that calls under way hold and may give back. */
  heldWaitMs: number;
  /** Batches may begin where tokens or money are limited, although they are counted only when they are over. */
  batchesBeyondLimits: boolean;
  /** Silence on a stream after which the caller gets a comment line. */
  heartbeatMs: number;
  /** The largest whole reply that is read, and the most text of a stream that is kept for the record. */
  replyBytesMax: number;
  /** The largest error body that is read. */
  errorBytesMax: number;
  /** The most that is held back before a stream's first part. */
  heldBytesMax: number;
};

export const defaultSettings: JourneySettings = {
  attemptsMax: 4,
  firstByteMs: 60_000,
  wholeFirstByteMs: 300_000,
  idleMs: 120_000,
  totalMs: 600_000,
  heldWaitMs: 5_000,
  batchesBeyondLimits: false,
  heartbeatMs: 15_000,
  replyBytesMax: 33_554_432,
  errorBytesMax: 65_536,
  heldBytesMax: 1_048_576,
};
