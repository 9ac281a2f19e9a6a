/** Memory for request bodies that all calls under way share. */
export type BodyRoom = {
  /** A lease for one request of this key. */
  open(keyId: string): BodyLease;
};

/** What one request holds of it. */
export type BodyLease = {
  /** False when so many more bytes do not fit; nothing is taken then. */
  take(bytes: number): boolean;
  /** Gives everything back, and takes no more. */
  close(): void;
};

/**
 * Counts the bytes of bodies in memory. Without a bound of their own, many slow uploads of one key would each hold as
 * much as a body may have, long before any limit of calls is looked at. One key gets half of it at most, so that the
 * others are still served.
 */
export function createBodyRoom(bytesMax: number): BodyRoom {
  const byKey = new Map<string, number>();
  let taken = 0;
  return {
    open: (keyId) => {
      let held = 0;
      let isClosed = false;
      return {
        take: (bytes) => {
          const ofKey = (byKey.get(keyId) ?? 0) + bytes;
          if (isClosed || taken + bytes > bytesMax || ofKey > bytesMax / 2) return false;
          byKey.set(keyId, ofKey);
          taken += bytes;
          held += bytes;
          return true;
        },
        close: () => {
          isClosed = true;
          if (held === 0) return;
          const ofKey = (byKey.get(keyId) ?? held) - held;
          if (ofKey > 0) byKey.set(keyId, ofKey);
          else byKey.delete(keyId);
          taken -= held;
          held = 0;
        },
      };
    },
  };
}
