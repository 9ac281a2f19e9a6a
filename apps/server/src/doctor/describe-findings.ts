import type { Diagnosis } from './checks.ts';
import { areas, type Finding, type Severity } from './finding.ts';

const marks: Record<Severity, string> = { critical: 'CRITICAL', warning: 'warning', notice: 'notice' };
/** Of ANSI terminals: red, yellow, cyan. */
const colours: Record<Severity, number> = { critical: 31, warning: 33, notice: 36 };
const INDENT = ' '.repeat(10);

type Look = { isColoured?: boolean };

/** Findings as a person reads them, area by area. */
export function describeFindings(findings: readonly Finding[], { isColoured = false }: Look = {}): string {
  const groups = Map.groupBy(findings, ({ area }) => area);
  const parts = Object.entries(areas).flatMap(([area, title]) => {
    const group = [...groups].find(([each]) => each === area)?.[1] ?? [];
    return group.length === 0 ? [] : [`${title}\n${group.map((one) => paragraph(one, isColoured)).join('')}`];
  });
  return parts.join('\n');
}

function paragraph({ severity, accepted, what, why, remedy, check }: Finding, isColoured: boolean): string {
  const mark = (accepted ? 'accepted' : marks[severity]).padEnd(8);
  const shown = isColoured && !accepted ? `\u001B[${colours[severity]}m${mark}\u001B[0m` : mark;
  return `${shown}  ${what}  [${check}]\n${INDENT}Why: ${why}\n${INDENT}Do:  ${remedy}\n`;
}

/** The whole of what the checks say, as a person reads it. */
export function describeDiagnosis(diagnosis: Diagnosis, look: Look = {}): string {
  const { findings, passed, skipped } = diagnosis;
  const told = describeFindings(findings, look);
  const left = skipped.map(({ check, title, reason }) => `  ${check}: ${title} ${reason}\n`);
  return [
    told === '' ? 'Nothing to change.\n' : `${told}\n`,
    `${summaryOf(diagnosis)} ${passed.length} checks passed.\n`,
    ...(left.length === 0 ? [] : [`\nNot checked:\n${left.join('')}`]),
  ].join('');
}

/** `1 critical, 2 warnings, 0 notices.` */
export function summaryOf({ findings }: Pick<Diagnosis, 'findings'>): string {
  const count = (severity: Severity) =>
    findings.filter((finding) => finding.severity === severity && !finding.accepted).length;
  const accepted = findings.filter((finding) => finding.accepted).length;
  const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  const parts = [
    `${count('critical')} critical`,
    plural(count('warning'), 'warning'),
    plural(count('notice'), 'notice'),
  ];
  return `${[...parts, ...(accepted === 0 ? [] : [`${accepted} accepted`])].join(', ')}.`;
}
