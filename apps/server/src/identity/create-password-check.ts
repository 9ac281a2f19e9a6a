import { APIError } from 'better-auth/api';
import { createGate } from './create-gate.ts';
import { hashPassword, isTooLong, passwordBytesMax, verifyPassword } from './password.ts';

/** A hash takes a quarter of a second on one of the few threads that files are written with too. */
const HASHES_MAX = 2;
const HASHES_WAITING_MAX = 20;

/** The library hashes also for unknown users, so both ways must refuse alike or they would tell who exists. */
export function createPasswordCheck(cost: number) {
  const gate = createGate(HASHES_MAX, HASHES_WAITING_MAX);
  const run = async <T>(password: string, work: () => Promise<T>): Promise<T> => {
    if (isTooLong(password)) {
      throw new APIError('BAD_REQUEST', {
        code: 'PASSWORD_TOO_LONG',
        message: `A password has at most ${passwordBytesMax} bytes.`,
      });
    }
    const result = await gate(work);
    if (result !== undefined) return result;
    throw new APIError('SERVICE_UNAVAILABLE', {
      message: 'Too many people sign in just now. Try again soon.',
    });
  };
  return {
    hash: (password: string) => run(password, () => hashPassword(password, cost)),
    verify: ({ hash, password }: { hash: string; password: string }) =>
      run(password, () => verifyPassword(password, hash)),
  };
}
