import type { AuditFault } from '@app/contract';

export type Faults = {
  add(kind: AuditFault['kind'], sequence: number | null, message: string): void;
  /** Events that were not met where they belong; some may come later. */
  gap(from: number, to: number): void;
  /** An event that comes late; false when it was not missing. */
  fillGap(sequence: number): boolean;
  count(): number;
  /** In the order of their numbers. */
  list(): AuditFault[];
};

const FAULTS_MAX = 200;

/** What is wrong with a chain, of which not more is remembered than anybody reads. */
export function createFaults(): Faults {
  const faults: AuditFault[] = [];
  let gaps: { from: number; to: number }[] = [];
  let counted = 0;

  function add(kind: AuditFault['kind'], sequence: number | null, message: string): void {
    counted += 1;
    if (faults.length < FAULTS_MAX) faults.push({ kind, sequence, message });
  }

  return {
    add,
    gap(from, to) {
      counted += 1;
      gaps.push({ from, to });
    },
    fillGap(sequence) {
      const gap = gaps.find(({ from, to }) => from <= sequence && sequence <= to);
      if (gap === undefined) return false;
      gaps = gaps.filter((each) => each !== gap);
      if (gap.from < sequence) gaps.push({ from: gap.from, to: sequence - 1 });
      if (sequence < gap.to) gaps.push({ from: sequence + 1, to: gap.to });
      add('reordered', sequence, 'It stands after events that were written down later.');
      return true;
    },
    count: () => counted,
    list() {
      const missing = gaps.slice(0, FAULTS_MAX).map(({ from, to }): AuditFault => {
        const message = from === to ? 'It is gone.' : `The events up to ${to} are gone.`;
        return { kind: 'missing', sequence: from, message };
      });
      const all = [...faults, ...missing];
      return all.sort((left, right) => (left.sequence ?? 0) - (right.sequence ?? 0)).slice(0, FAULTS_MAX);
    },
  };
}
