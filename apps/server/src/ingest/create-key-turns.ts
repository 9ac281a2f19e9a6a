import { GatewayError } from '@app/protocol';

/** How many requests of each key are in work; those that are over are forgotten. */
export type KeyTurns = {
  /** Takes a place for one request, to be given back once; or says that the key has none left. */
  take(key: { keyId: string; concurrencyMax: number }): (() => void) | GatewayError;
};

export function createKeyTurns(): KeyTurns {
  const byKey = new Map<string, number>();
  return {
    take: ({ keyId, concurrencyMax }) => {
      const running = byKey.get(keyId) ?? 0;
      if (running >= concurrencyMax) {
        const message = `This key may have ${concurrencyMax} requests at once. Send again when one has ended.`;
        return new GatewayError('concurrency_limit_exceeded', message, { retryAfterS: 1 });
      }
      byKey.set(keyId, running + 1);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        const left = (byKey.get(keyId) ?? 1) - 1;
        if (left === 0) byKey.delete(keyId);
        else byKey.set(keyId, left);
      };
    },
  };
}
