/**
 * `npm run accuracy -- <file>`: how much of what a labelled data set marks is found, and how much of what is found it
 * marks, per type, and the same on the project's own seeded hard negatives. The file is a list of
 * `{ full_text, spans: [{ entity_type, start_position, end_position }] }`, as presidio-research publishes them.
 */
import { readFileSync } from 'node:fs';
import { createRedactor } from '../packages/redact/src/index.ts';
import { HARD_NEGATIVES } from '../packages/redact/test/hard-negatives.ts';
import { createSeeded } from '../packages/redact/test/seeded.ts';

type Span = { entity_type: string; start_position: number; end_position: number };
type Document = { full_text: string; spans: Span[] };
type Tally = { found: number; marked: number; right: number; detected: number };

/** Our names for theirs; what else they mark (names, places, ages) is not looked for. */
const TYPES: Readonly<Record<string, string>> = {
  CREDIT_CARD: 'CARD',
  EMAIL_ADDRESS: 'EMAIL',
  IBAN_CODE: 'IBAN',
  IP_ADDRESS: 'IP',
  PHONE_NUMBER: 'PHONE',
  US_SSN: 'SSN',
};
const COVERED = 0.8;
const HARD_DOCUMENTS = 22_000;

const redactor = createRedactor();
const [path] = process.argv.slice(2);
if (path === undefined) process.stdout.write('No data set: name its file after `npm run accuracy --`.\n');
else reportDocuments(JSON.parse(readFileSync(path, 'utf8')));
reportHardNegatives();

function reportDocuments(documents: readonly Document[]): void {
  const tallies = new Map<string, Tally>();
  for (const document of documents) count(document, (type) => tallyOf(tallies, type));
  const rows = [...tallies].sort(([a], [b]) => a.localeCompare(b));
  process.stdout.write(
    `${documents.length} documents\n| type | marked | recall | detected | precision |\n| --- | --- | --- | --- | --- |\n`,
  );
  for (const [type, { found, marked, right, detected }] of rows) {
    process.stdout.write(
      `| ${type} | ${marked} | ${share(found, marked)} | ${detected} | ${share(right, detected)} |\n`,
    );
  }
}

/** A span is found when four fifths of it are covered; a detection is right when it overlaps a span of these types. */
function count({ full_text: text, spans }: Document, tally: (type: string) => Tally): void {
  const findings = redactor.find(text);
  const gold = spans.filter(({ entity_type }) => TYPES[entity_type] !== undefined);
  for (const { entity_type, start_position: start, end_position: end } of gold) {
    const shared = findings.map((hit) => Math.max(0, Math.min(hit.end, end) - Math.max(hit.start, start)));
    const covered = shared.reduce((sum, chars) => sum + chars, 0);
    const each = tally(TYPES[entity_type] ?? '');
    each.marked += 1;
    if (covered >= (end - start) * COVERED) each.found += 1;
  }
  for (const hit of findings) {
    const each = tally(hit.type);
    each.detected += 1;
    if (gold.some((span) => span.start_position < hit.end && hit.start < span.end_position)) each.right += 1;
  }
}

function tallyOf(tallies: Map<string, Tally>, type: string): Tally {
  const known = tallies.get(type) ?? { found: 0, marked: 0, right: 0, detected: 0 };
  tallies.set(type, known);
  return known;
}

function reportHardNegatives(): void {
  const chance = createSeeded(2026);
  let touched = 0;
  for (let turn = 0; turn < HARD_DOCUMENTS; turn += 1) {
    const text = HARD_NEGATIVES[turn % HARD_NEGATIVES.length]?.write(chance) ?? '';
    if (redactor.find(text).length > 0) touched += 1;
  }
  process.stdout.write(
    `hard negatives touched: ${touched} of ${HARD_DOCUMENTS} (${share(touched, HARD_DOCUMENTS)})\n`,
  );
}

function share(part: number, whole: number): string {
  return whole === 0 ? '-' : (part / whole).toFixed(3);
}
