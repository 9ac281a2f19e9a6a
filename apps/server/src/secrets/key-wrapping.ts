/** Encrypts the master key with a key that never leaves its service. Both reject with a `ReferenceFailure`. */
export type KeyService = {
  wrap(key: Buffer): Promise<string>;
  unwrap(wrapped: string): Promise<Buffer>;
};

/** What is said with every encryption, so that what was encrypted for something else is no master key. */
export const WRAPPING_CONTEXT = 'tokenrouter master key';
