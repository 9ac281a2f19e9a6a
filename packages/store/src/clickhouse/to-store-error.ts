import { ClickHouseError } from '@clickhouse/client';
import { StoreError } from '../error.ts';

/** ClickHouse's error codes for a query that took or returned more than it may. */
const limits: ReadonlySet<string> = new Set(['158', '159', '241', '307', '396']);

/**
 * A client's error as ours. What ClickHouse itself answered stays as it is, for it tells of a mistake in a
 * statement; anything else means that it did not answer.
 */
export function toStoreError(error: unknown): unknown {
  if (error instanceof StoreError) return error;
  if (!(error instanceof ClickHouseError)) {
    return new StoreError('store_unavailable', 'ClickHouse does not answer.', error);
  }
  return limits.has(error.code)
    ? new StoreError('store_limit', 'A ClickHouse query took more time or memory than it may.', error)
    : error;
}
