/** Bounds on what senders of spans may make this server hold and do. */
export type IngestLimits = {
  /** Of one request as it is sent, compressed where it is. */
  bodyBytesMax: number;
  /** Of one request after decompression; a batch is one record of the spool, which may have no more than 32 MiB. */
  batchBytesMax: number;
  /** Of all requests that are being read or wait for their turn. */
  inFlightBytesMax: number;
  /** Per key and minute, counted by each server for itself. */
  spansPerMinuteMax: number;
  /** Decompressed, per key and minute. */
  bytesPerMinuteMax: number;
  /** Longer strings within a span are cut there, and marked; characters. */
  valueCharsMax: number;
  /** How long one batch may take to be understood before the thread is given up. */
  batchMsMax: number;
};

export const ingestDefaults: IngestLimits = {
  bodyBytesMax: 16 * 2 ** 20,
  batchBytesMax: 24 * 2 ** 20,
  inFlightBytesMax: 128 * 2 ** 20,
  spansPerMinuteMax: 1_200_000,
  bytesPerMinuteMax: 2_000_000_000,
  valueCharsMax: 4 * 2 ** 20,
  batchMsMax: 30_000,
};
