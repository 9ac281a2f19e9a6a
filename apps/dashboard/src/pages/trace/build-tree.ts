import type { TreeSpan } from '@app/contract';

/** A span at its place: how deep it stands, and what it and everything below it add up to. */
export type TreeRow = {
  span: TreeSpan;
  depth: number;
  /** How many spans are below it, however deep. */
  below: number;
  /** A span below it failed. */
  hasFailure: boolean;
  /** Of the counted calls at or below it. */
  costNanos: number;
  inputTokens: number;
  outputTokens: number;
};

type Node = TreeRow & { children: Node[] };

/**
 * The spans of a trace as a tree, written as one list: each parent before its children, children by their start.
 * A span whose parent is not there stands at the top, and so does the first of those that go round in a circle.
 */
export function buildTree(spans: readonly TreeSpan[]): TreeRow[] {
  const nodes = new Map(spans.map((span) => [span.span_id, nodeOf(span)]));
  const roots: Node[] = [];
  for (const node of nodes.values()) {
    const parent = nodes.get(node.span.parent_span_id ?? '');
    if (parent === undefined) roots.push(node);
    else parent.children.push(node);
  }
  const seen = new Set<Node>();
  const rows = listDown(roots, seen);
  for (const node of nodes.values()) if (!seen.has(node)) rows.push(...listDown([node], seen));
  addUp(rows);
  return rows;
}

function nodeOf(span: TreeSpan): Node {
  const isCounted = span.kind === 'call';
  return {
    span,
    depth: 0,
    below: 0,
    hasFailure: false,
    costNanos: isCounted ? span.cost_nanos : 0,
    inputTokens: isCounted ? span.input_tokens : 0,
    outputTokens: isCounted ? span.output_tokens : 0,
    children: [],
  };
}

/** Without recursion: a trace may be a chain of tens of thousands. */
function listDown(roots: Node[], seen: Set<Node>): Node[] {
  const rows: Node[] = [];
  const waiting = roots.sort(byStart).reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    rows.push(node);
    seen.add(node);
    node.children = node.children.filter((child) => !seen.has(child));
    for (const child of node.children.sort(byStart).reverse()) {
      child.depth = node.depth + 1;
      waiting.push(child);
    }
  }
  return rows;
}

function byStart(a: Node, b: Node): number {
  return a.span.offset_us - b.span.offset_us || (a.span.span_id < b.span.span_id ? -1 : 1);
}

/** From the bottom up: whoever is added to a parent has heard of all its own children. */
function addUp(rows: readonly Node[]): void {
  for (const row of rows.toReversed()) {
    for (const child of row.children) {
      row.below += child.below + 1;
      row.hasFailure ||= child.hasFailure || child.span.outcome === 'failed';
      row.costNanos += child.costNanos;
      row.inputTokens += child.inputTokens;
      row.outputTokens += child.outputTokens;
    }
  }
}

/** The rows that are seen while these spans are closed. */
export function openRows(rows: readonly TreeRow[], closed: ReadonlySet<string>): TreeRow[] {
  const seen: TreeRow[] = [];
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at];
    if (row === undefined) break;
    seen.push(row);
    if (closed.has(row.span.span_id)) at += row.below;
  }
  return seen;
}

/** The rows whose name, model or id holds this text, in either case, as a flat list. */
export function findRows(rows: readonly TreeRow[], text: string): TreeRow[] {
  const wanted = text.toLowerCase();
  return rows.filter(({ span }) =>
    [span.name, span.model ?? '', span.span_id, span.type].some((said) =>
      said.toLowerCase().includes(wanted),
    ),
  );
}
