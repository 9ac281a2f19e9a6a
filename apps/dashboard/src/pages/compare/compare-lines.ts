/** A line that both have, or only one of them. */
export type ComparedLine = { side: 'both' | 'left' | 'right'; text: string };

/** With more lines than this between the common ends, they are told as removed and added. */
const LINES_MAX = 2_000;

/**
 * How one text becomes another, line by line: the longest sequence of lines that both have stays, the rest is only left
 * or only right.
 */
export function compareLines(left: string, right: string): ComparedLine[] {
  const a = left.split('\n');
  const b = right.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  ) {
    end += 1;
  }
  const both = (text: string): ComparedLine => ({ side: 'both', text });
  return [
    ...a.slice(0, start).map(both),
    ...compareMiddle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map(both),
  ];
}

function compareMiddle(a: readonly string[], b: readonly string[]): ComparedLine[] {
  if (a.length === 0 || b.length === 0 || a.length * b.length > LINES_MAX ** 2) {
    return [...a.map(only('left')), ...b.map(only('right'))];
  }
  const commonAt = measureCommon(a, b);
  const lines: ComparedLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      lines.push({ side: 'both', text: a[i] ?? '' });
      i += 1;
      j += 1;
    } else if (commonAt(i + 1, j) >= commonAt(i, j + 1)) {
      lines.push({ side: 'left', text: a[i] ?? '' });
      i += 1;
    } else {
      lines.push({ side: 'right', text: b[j] ?? '' });
      j += 1;
    }
  }
  return [...lines, ...a.slice(i).map(only('left')), ...b.slice(j).map(only('right'))];
}

const only =
  (side: 'left' | 'right') =>
  (text: string): ComparedLine => ({ side, text });

/** How long the longest common sequence is of what follows each pair of lines. */
function measureCommon(a: readonly string[], b: readonly string[]): (i: number, j: number) => number {
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  return at;
}
