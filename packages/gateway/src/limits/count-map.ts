/** Counts by limit and subject. Those that are empty need no memory: each `sweep` looks at a few and forgets them. */
export type CountMap<Count> = {
  find(limitId: string, subject: string): Count | undefined;
  set(limitId: string, subject: string, count: Count): void;
  sweep(nowMs: number): void;
  size(): number;
};

export function createCountMap<Count>(isEmpty: (count: Count, nowMs: number) => boolean): CountMap<Count> {
  const counts = new Map<string, Count>();
  let entries = counts.entries();
  return {
    find: (limitId, subject) => counts.get(keyOf(limitId, subject)),
    set: (limitId, subject, count) => counts.set(keyOf(limitId, subject), count),
    sweep(nowMs) {
      for (let looked = 0; looked < LOOKED_AT; looked += 1) {
        const entry = entries.next();
        if (entry.done === true) {
          entries = counts.entries();
          return;
        }
        if (isEmpty(entry.value[1], nowMs)) counts.delete(entry.value[0]);
      }
    },
    size: () => counts.size,
  };
}

/** More than one, so that forgetting is faster than remembering. */
const LOOKED_AT = 2;

/** No id holds a line break. */
function keyOf(limitId: string, subject: string): string {
  return subject === '' ? limitId : `${limitId}\n${subject}`;
}
