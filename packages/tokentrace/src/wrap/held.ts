/** What is held until the end of its operation is told. */
export type Held<T> = {
  put(id: string, value: T): void;
  get(id: string): T | undefined;
  take(id: string): T | undefined;
};

/** How many operations are held; beyond it the oldest is let go. */
const HELD_MAX = 10_000;

export function openHeld<T>(): Held<T> {
  const values = new Map<string, T>();
  return {
    put(id, value) {
      values.set(id, value);
      const oldest = values.keys().next().value;
      if (values.size > HELD_MAX && oldest !== undefined) values.delete(oldest);
    },
    get: (id) => values.get(id),
    take(id) {
      const value = values.get(id);
      values.delete(id);
      return value;
    },
  };
}
