/** Parts in the order of their start, for wires that have one open part at a time: the first is open, the others wait. */
export type PartQueue<Part> = {
  first(): Part | undefined;
  find(index: number): Part | undefined;
  add(part: Part): void;
  /** Takes the first away. */
  shift(): void;
  all(): Part[];
};

const KEPT_MAX = 64;

/** Every step takes the same time, however many parts a provider leaves open. */
export function openPartQueue<Part extends { start: { index: number } }>(): PartQueue<Part> {
  const byIndex = new Map<number, Part>();
  let parts: Part[] = [];
  let head = 0;
  return {
    first: () => parts[head],
    find: (index) => byIndex.get(index),
    add(part) {
      parts.push(part);
      byIndex.set(part.start.index, part);
    },
    shift() {
      const part = parts[head];
      if (part === undefined) return;
      byIndex.delete(part.start.index);
      head += 1;
      if (head < KEPT_MAX || head < parts.length / 2) return;
      parts = parts.slice(head);
      head = 0;
    },
    all: () => parts.slice(head),
  };
}
