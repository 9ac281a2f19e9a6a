import { StoreError, type StoreErrorCode } from '../error.ts';

const unavailable = 'PostgreSQL does not answer.';

/** SQLSTATE (PostgreSQL, appendix A), its class of two characters, or the code of a socket error. */
const known: Readonly<Record<string, [StoreErrorCode, string]>> = {
  ECONNREFUSED: ['store_unavailable', unavailable],
  ECONNRESET: ['store_unavailable', unavailable],
  ENOENT: ['store_unavailable', unavailable],
  ENOTFOUND: ['store_unavailable', unavailable],
  EPIPE: ['store_unavailable', unavailable],
  ETIMEDOUT: ['store_unavailable', unavailable],
  '08': ['store_unavailable', unavailable],
  '57P': ['store_unavailable', 'PostgreSQL is starting or stopping.'],
  '53': ['store_unavailable', 'PostgreSQL is out of connections, memory or disk.'],
  '57014': ['store_limit', 'A PostgreSQL statement took longer than it may.'],
  '55P03': ['store_limit', 'A lock in PostgreSQL was held by somebody else for too long.'],
  '23': ['conflict', 'The row exists already, or refers to one that does not.'],
  '22021': ['invalid_text', 'The text holds a character that PostgreSQL cannot store.'],
  '22P05': ['invalid_text', 'The text holds a character that PostgreSQL cannot store.'],
};

/** Errors of the driver itself, which carry no code. */
const lost =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|Cannot use a pool after calling end/;

/** A driver's error as ours where its cause is a known one; otherwise the error as it is. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const found = known[code] ?? known[code.slice(0, 3)] ?? known[code.slice(0, 2)];
  if (found !== undefined) return new StoreError(found[0], found[1], error);
  return lost.test(error.message) ? new StoreError('store_unavailable', unavailable, error) : error;
}
