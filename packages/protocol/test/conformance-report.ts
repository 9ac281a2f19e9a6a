import { isDeepStrictEqual } from 'node:util';
import type { Reply } from '../src/index.ts';

/** What happened to each recording, by provider. */
export type Report = Map<string, { title: string; what: string; why: string }[]>;

/**
 * Why a reply that was written and read in its own dialect is not the same one, where that is right; a text that begins
 * `not justified` where it is not, and undefined where nothing changed.
 */
export function changedReason(reply: Reply, came: { whole: Reply; stream: Reply }): string | undefined {
  const changed = Object.values(came).filter((one) => !isDeepStrictEqual(comparable(one), comparable(reply)));
  if (changed.length === 0) return undefined;
  return `not justified: ${changed.map((one) => difference(comparable(reply), comparable(one))).join('; ')}`;
}

/** JSON may be spaced otherwise; a stop reason that no dialect knows becomes the word for its meaning. */
function comparable(reply: Reply): { [field: string]: unknown } {
  const parts = reply.parts.map((part) =>
    part.kind === 'tool-call' ? { ...part, input: parsed(part.input) } : part,
  );
  return { ...reply, parts };
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input === '' ? '{}' : input);
  } catch {
    return input;
  }
}

function difference(one: { [field: string]: unknown }, other: { [field: string]: unknown }): string {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const changed = names.filter((name) => !isDeepStrictEqual(one[name], other[name]));
  return changed.map((name) => `${name} was ${shown(one[name])}, is ${shown(other[name])}`).join(', ');
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'absent').slice(0, 600);
}

/** One line per provider, and one per recording that is not read, does not cross, or does not return unchanged. */
export function reportText(report: Report): string {
  const lines = ['', 'provider              recordings  read  cross  unchanged  other'];
  const reasons: string[] = [];
  const totals = [0, 0, 0, 0, 0];
  for (const [provider, notes] of [...report].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const count = (what: string): number => notes.filter((note) => note.what === what).length;
    const other = notes.filter(({ what }) => ['foreign', 'error', 'cut'].includes(what)).length;
    const figures = [count('read') + other, count('read'), count('crossed'), count('unchanged'), other];
    for (const [place, figure] of figures.entries()) totals[place] = (totals[place] ?? 0) + figure;
    lines.push(row(provider, figures));
    for (const { title, why } of notes) if (why !== '') reasons.push(`  ${title}: ${why}`);
  }
  return [
    ...lines,
    row('all', totals),
    '',
    "Not read, not returned unchanged, or off OpenAI's schema:",
    ...reasons,
    '',
    '',
  ].join('\n');
}

function row(name: string, [all = 0, read = 0, crossed = 0, unchanged = 0, other = 0]: number[]): string {
  const cells = [
    `${all}`.padStart(10),
    `${read}`.padStart(4),
    `${crossed}`.padStart(5),
    `${unchanged}`.padStart(9),
  ];
  return [name.padEnd(20), ...cells, `${other}`.padStart(5)].join('  ');
}
