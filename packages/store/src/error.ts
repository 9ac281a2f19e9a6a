/** What a store can answer instead of a result; the list is closed. */
export type StoreErrorCode =
  /** The database does not answer, is starting, or has no connection left. Trying again can help. */
  | 'store_unavailable'
  /** The statement took longer than it may, or needed more memory than it may. */
  | 'store_limit'
  /** The row exists already, or refers to something that does not. */
  | 'conflict'
  /** A text that the database cannot hold, such as one with a zero character. */
  | 'invalid_text'
  /** A page cursor that this store did not issue. */
  | 'invalid_cursor'
  /** A filter that cannot be read. The sentence says where, and what to write instead. */
  | 'invalid_filter'
  /** A question in SQL that cannot be asked. The sentence says where, and what to write instead. */
  | 'invalid_sql';

/** The one error of this package. The sentence is fit for a log; `cause` is the driver's own error. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StoreError';
    this.code = code;
  }
}

/** An error in one line for a log: a driver's own errors hold whole connections. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
