import { isLoopback } from '../../config/is-loopback.ts';
import { type Check, found, onlyInProduction } from '../check.ts';
import type { Facts } from '../facts.ts';

export const auditChecks: readonly Check[] = [
  {
    name: 'audit-required',
    area: 'audit',
    title: 'No change is made that cannot be written down.',
    why: 'Whoever can stop the audit could change things unseen.',
    run: (facts) =>
      onlyInProduction(facts, () =>
        facts.config.file.audit.required
          ? []
          : [
              found(
                'notice',
                'A change is made even where it cannot be written down.',
                'Set audit.required to true in tokenrouter.yaml.',
              ),
            ],
      ),
  },
  {
    name: 'audit-anchors',
    area: 'audit',
    title: 'Signed ends of the audit chains leave this machine.',
    why: 'Whoever owns the machine could write its audit anew, and nobody could tell.',
    run: (facts) =>
      onlyInProduction(facts, () =>
        leavesMachine(facts)
          ? []
          : [
              found(
                'warning',
                'Neither audit events nor their signed ends leave this machine.',
                'Set audit.anchors.webhook, audit.webhook or audit.syslog in tokenrouter.yaml.',
              ),
            ],
      ),
  },
  {
    name: 'audit-chain',
    area: 'audit',
    title: 'The audit chains are whole.',
    why: 'An event was changed, taken out or put in by somebody who can write the database.',
    needs: ['audit'],
    run: ({ audit }) => [
      ...(audit?.faults ?? []).map((fault) =>
        found(
          'critical',
          fault,
          'tokenrouter audit verify tells where; restore the database from a back-up and compare.',
        ),
      ),
      ...leftOut(audit?.leftOut ?? 0),
    ],
  },
  {
    name: 'audit-tls',
    area: 'audit',
    title: 'What was written down leaves the machine encrypted.',
    why: 'Who did what, from where, is read and changed by whoever listens on the way.',
    run: ({ config }) =>
      listPlainReceivers(config.file.audit).map((name) =>
        found('warning', `${name} goes to another machine in the clear.`, 'Use https:// or tls:// there.'),
      ),
  },
];

function leftOut(chains: number) {
  if (chains === 0) return [];
  const subject = chains === 1 ? 'One audit chain was' : `${chains} audit chains were`;
  const sentence = `${subject} not looked at here: of more than 20,000 events, or beyond the first 20 chains.`;
  return [found('notice', sentence, 'Run tokenrouter audit verify, which looks at all of them.')];
}

function listPlainReceivers({ anchors, webhook, syslog }: Facts['config']['file']['audit']): string[] {
  const receivers = {
    'audit.anchors.webhook': anchors.webhook,
    'audit.webhook': webhook?.url,
    'audit.syslog': syslog?.address,
  };
  return Object.entries(receivers).flatMap(([name, text]) => {
    const url = text === undefined ? undefined : new URL(text);
    const isPlain = url !== undefined && ['http:', 'tcp:', 'udp:'].includes(url.protocol);
    return isPlain && !isLoopback(url.hostname) ? [name] : [];
  });
}

function leavesMachine({ config }: Facts): boolean {
  const { anchors, webhook, syslog } = config.file.audit;
  return anchors.webhook !== undefined || webhook !== undefined || syslog !== undefined;
}
