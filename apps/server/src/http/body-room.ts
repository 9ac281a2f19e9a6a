/** Memory for request bodies that all calls under way share. */
export type BodyRoom = { open(): BodyLease };

/** What one request holds of it. */
export type BodyLease = {
  /** False when so many more bytes do not fit; nothing is taken then. */
  take(bytes: number): boolean;
  /** Gives everything back, and takes no more. */
  close(): void;
};

/**
 * Counts the bytes of bodies in memory. Without a bound of their own, many slow uploads of one key would each hold as
 * much as a body may have, long before any limit of calls is looked at.
 */
export function createBodyRoom(bytesMax: number): BodyRoom {
  let taken = 0;
  return {
    open: () => {
      let held = 0;
      let isClosed = false;
      return {
        take: (bytes) => {
          if (isClosed || taken + bytes > bytesMax) return false;
          taken += bytes;
          held += bytes;
          return true;
        },
        close: () => {
          isClosed = true;
          taken -= held;
          held = 0;
        },
      };
    },
  };
}
