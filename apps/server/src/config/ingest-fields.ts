import { z } from 'zod';
import { count } from './field-kinds.ts';

/** Spans that applications send. */
export const IngestFields = z.strictObject({
  body_bytes: count(100_000_000)
    .default(16_777_216)
    .describe('Largest batch of spans as it is sent, compressed where it is.'),
  batch_bytes: count(30_000_000).default(25_165_824).describe('Largest batch of spans after decompression.'),
  in_flight_bytes: count(10_000_000_000)
    .default(134_217_728)
    .describe('Memory for all batches that are being read or wait; one key may have half of it.'),
  spans_per_minute: count(1_000_000_000)
    .default(1_200_000)
    .describe('What one key may send in a minute, counted by each server for itself.'),
  bytes_per_minute: count(1_000_000_000_000)
    .default(2_000_000_000)
    .describe('What one key may send in a minute, decompressed, counted by each server for itself.'),
});
