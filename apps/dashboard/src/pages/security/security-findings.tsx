import type { Finding, SecurityReport } from '@app/contract';
import { Check } from 'lucide-react';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Fold } from '../../ui/fold.tsx';
import { When } from '../../ui/when.tsx';

const severities = {
  critical: { word: 'critical', tone: 'bad' },
  warning: { word: 'warning', tone: 'warn' },
  notice: { word: 'notice', tone: 'accent' },
} as const;

/** Findings worst first, those that were accepted behind them, and what is as it should be. */
export function SecurityFindings({ report }: { report: SecurityReport }) {
  const open = report.findings.filter(({ accepted }) => !accepted);
  const accepted = report.findings.filter((finding) => finding.accepted);
  return (
    <>
      <Summary report={report} open={open} accepted={accepted.length} />
      {open.length === 0 ? null : (
        <Card>
          <ol aria-label="Findings, worst first" className="divide-y divide-line">
            {open.map((finding) => (
              <FindingRow key={`${finding.check} ${finding.what}`} finding={finding} />
            ))}
          </ol>
        </Card>
      )}
      {accepted.length === 0 ? null : (
        <Fold title={`${accepted.length} accepted in the configuration`}>
          <Card>
            <ol className="divide-y divide-line">
              {accepted.map((finding) => (
                <FindingRow key={`${finding.check} ${finding.what}`} finding={finding} />
              ))}
            </ol>
          </Card>
        </Fold>
      )}
      {report.passed.length === 0 ? null : <Passed passed={report.passed} />}
    </>
  );
}

type SummaryProps = { report: SecurityReport; open: readonly Finding[]; accepted: number };

function Summary({ report, open, accepted }: SummaryProps) {
  const count = (severity: Finding['severity']) => open.filter((each) => each.severity === severity).length;
  const figures = [
    { name: 'Critical', value: count('critical'), tone: 'text-bad' },
    { name: 'Warnings', value: count('warning'), tone: 'text-warn' },
    { name: 'Notices', value: count('notice'), tone: 'text-text' },
    { name: 'Accepted', value: accepted, tone: 'text-text' },
    { name: 'As it should be', value: report.passed.length, tone: 'text-good' },
  ];
  return (
    <section aria-label="Summary" className="flex flex-col gap-2">
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-5">
        {figures.map(({ name, value, tone }) => (
          <div key={name} className="rounded-xl border border-line bg-surface px-4 py-3">
            <dt className="text-soft text-xs">{name}</dt>
            <dd className={`font-semibold text-2xl tabular-nums ${value === 0 ? 'text-faint' : tone}`}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      <p className="text-faint text-xs">
        Version {report.version} in {report.mode}, looked at <When iso={report.at} />.
        {report.mode === 'production'
          ? ' A critical finding that is not accepted stops the next start.'
          : ' In production a critical finding would stop the start.'}
      </p>
    </section>
  );
}

function FindingRow({ finding }: { finding: Finding }) {
  const { check, severity, what, why, remedy } = finding;
  const { word, tone } = severities[severity];
  return (
    <li className="flex flex-col gap-2 px-4 py-4 lg:px-5">
      <div className="flex items-start gap-x-2.5">
        <Badge tone={tone}>{word}</Badge>
        <h2 className="min-w-0 flex-1 font-semibold text-sm wrap-anywhere">{what}</h2>
        <code className="hidden font-mono text-faint text-xs sm:block">{check}</code>
      </div>
      <p className="max-w-3xl text-soft text-sm wrap-anywhere">{why}</p>
      <div className="flex items-start gap-2 rounded-lg bg-sunken py-1.5 pr-1.5 pl-3">
        <p className="min-w-0 flex-1 py-1 text-sm wrap-anywhere">{remedy}</p>
        <CopyButton text={remedy} look="quiet" shows="icon" label="Copy what to do" />
      </div>
    </li>
  );
}

function Passed({ passed }: { passed: SecurityReport['passed'] }) {
  return (
    <Fold title={`${passed.length} checks found nothing`}>
      <Card className="px-4 py-3 lg:px-5">
        <ul className="grid gap-x-8 gap-y-2 text-sm lg:grid-cols-2">
          {passed.map(({ check, title }) => (
            <li key={check} className="flex items-start gap-2.5">
              <Check aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-good" />
              <span className="min-w-0 text-soft wrap-anywhere">{title}</span>
            </li>
          ))}
        </ul>
      </Card>
    </Fold>
  );
}
