import type { Finding, Severity } from './finding.ts';

const marks: Record<Severity, string> = { critical: 'CRITICAL', warning: 'warning ', notice: 'notice  ' };

/** The findings as a person reads them. */
export function describeFindings(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'Nothing to change: every check passed.\n';
  const paragraphs = findings.map(
    ({ severity, what, why, remedy, check }) =>
      `${marks[severity]}  ${what}  [${check}]\n          Why: ${why}\n          Do:  ${remedy}\n`,
  );
  return `${paragraphs.join('\n')}\n`;
}
