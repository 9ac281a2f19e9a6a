import { hash, verify } from '@node-rs/bcrypt';

/** bcrypt reads no more than this; what follows would not protect anything. */
export const passwordBytesMax = 72;
export const passwordCharactersMin = 12;

/** Why a password cannot be used, as a sentence for its owner; undefined when it can. */
export function refusePassword(password: string): string | undefined {
  if (password.length < passwordCharactersMin) {
    return `The password must have at least ${passwordCharactersMin} characters.`;
  }
  if (isTooLong(password)) {
    return `The password must have at most ${passwordBytesMax} bytes: bcrypt would ignore the rest, so a longer one is refused.`;
  }
  return undefined;
}

/** Measured in bytes of UTF-8, because bcrypt counts those and not characters. */
export function isTooLong(password: string): boolean {
  return Buffer.byteLength(password, 'utf8') > passwordBytesMax;
}

/** Work on a thread of its own: a quarter of a second at cost 12, twice that at 13. Rejects what is too long. */
export function hashPassword(password: string, cost: number): Promise<string> {
  return hash(password, { cost, rejectLongPasswords: true });
}

/** False also for a stored hash that is malformed. */
export async function verifyPassword(password: string, hashed: string): Promise<boolean> {
  return !isTooLong(password) && (await verify(password, hashed));
}
