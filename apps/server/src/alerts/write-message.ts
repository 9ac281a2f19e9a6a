import type { StoredAlert } from '@app/store';
import type { Message } from '../destinations/message.ts';
import { quoted } from './explain-change.ts';
import type { Change } from './judge-alert.ts';

export type ExplainedChange = Change & { explanation: string };

export type MessageInput = {
  id: string;
  rule: StoredAlert;
  /** All of one state, worst first. */
  changes: readonly ExplainedChange[];
  /** How many more are in breach than a rule can fire for. */
  more: number;
  atMs: number;
};

/** What fits into a message that a person reads, and into one that a program does. */
const LINES_MAX = 10;
const SUBJECTS_MAX = 100;

/** One message about everything that changed alike in one look at a rule, however many users or keys that are. */
export function writeMessage({ id, rule, changes, more, atMs }: MessageInput): Message {
  const isFiring = changes[0]?.state === 'firing';
  const lines = changes.slice(0, LINES_MAX).map(({ explanation }) => explanation);
  const left = changes.length - lines.length + more;
  if (left > 0) lines.push(`And ${left} more.`);
  return {
    id,
    kind: kindOf(rule),
    severity: isFiring ? rule.severity : 'info',
    title: `${isFiring ? 'Alert' : 'Resolved'}: ${quoted(rule.name).slice(1, -1)}`,
    text: lines.join('\n'),
    path: `/alerts?alert=${encodeURIComponent(rule.id)}`,
    organizationId: rule.organizationId,
    projectId: rule.projectId,
    atMs,
    data: {
      alert_id: rule.id,
      alert_name: rule.name,
      metric: rule.metric,
      state: isFiring ? 'firing' : 'resolved',
      threshold: rule.threshold ?? null,
      direction: rule.direction,
      window_minutes: rule.windowMinutes,
      subjects_total: changes.length + more,
      subjects: changes.slice(0, SUBJECTS_MAX).map(({ subject, value, explanation }) => ({
        subject,
        value: value ?? null,
        explanation,
      })),
    },
  };
}

function kindOf({ metric }: StoredAlert): Message['kind'] {
  if (metric === 'anomaly') return 'anomaly';
  return metric === 'audit_event' ? 'audit' : 'alert';
}
