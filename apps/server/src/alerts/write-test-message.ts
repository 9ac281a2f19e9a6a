import type { Alert } from '@app/contract';
import type { Message } from '../destinations/message.ts';
import type { LimitPlace } from '../limits/management/limit-place.ts';
import { quoted } from './explain-change.ts';

type TestMessage = { id: string; alert: Alert; place: LimitPlace; atMs: number };

/** What a rule's destinations get when somebody tries whether they get anything. */
export function writeTestMessage({ id, alert, place, atMs }: TestMessage): Message {
  return {
    id,
    kind: 'test',
    severity: 'info',
    title: `Test: ${quoted(alert.name).slice(1, -1)}`,
    text: 'Somebody tries whether messages of this alert arrive. Nothing is wrong.',
    path: `/alerts?alert=${encodeURIComponent(alert.id)}`,
    ...place,
    atMs,
    data: { alert_id: alert.id, alert_name: alert.name, metric: alert.metric, state: alert.state },
  };
}
