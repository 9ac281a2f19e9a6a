import type { Repricing } from '@app/contract';
import { shownText, writeTable } from './write-table.ts';

/** A report of calls that were priced again, for people to read. */
export function writeRepricing(project: string, report: Repricing): string {
  const { calls, total, models, applied, status, error } = report;
  const what = status === 'done' ? (applied ? 'applied' : 'nothing was changed; --apply changes it') : status;
  const head = `project ${project}, ${report.from} to ${report.to}: ${calls.done} of ${calls.total} calls, ${calls.changed} differ (${what})\n`;
  const rows = models.map((line) => [
    shownText(`${line.provider}/${line.model}`, 60),
    String(line.attempts),
    String(line.changed),
    line.before.usd,
    line.after.usd,
    line.difference.usd,
    noteOf(line),
  ]);
  const sum = ['total', '', '', total.before.usd, total.after.usd, total.difference.usd, ''];
  const table = writeTable(
    ['model', 'attempts', 'changed', 'before USD', 'after USD', 'difference', ''],
    [...rows, sum],
  );
  const versions = models.flatMap(
    ({ provider, model, price_versions_before: before, price_versions_after: after }) =>
      before.join() === after.join()
        ? []
        : [`  ${shownText(`${provider}/${model}`, 60)}: ${list(before)} -> ${list(after)}\n`],
  );
  const prices = versions.length === 0 ? '' : `\nprices\n${versions.join('')}`;
  return `${head}${error === null ? '' : `${shownText(error, 500)}\n`}\n${table}${prices}\n`;
}

function noteOf(line: Repricing['models'][number]): string {
  const notes: string[] = [];
  if (line.kept > 0) notes.push(`${line.kept} kept: no price today`);
  if (line.unknown_after > 0) notes.push(`${line.unknown_after} without a price`);
  return notes.join(', ');
}

function list(versions: readonly string[]): string {
  return versions.length === 0 ? 'none' : versions.map((version) => shownText(version, 120)).join(' | ');
}
