import type { StoredAlert } from '@app/store';
import { callMetrics, grouped } from './alert-metrics.ts';
import type { Change } from './judge-alert.ts';

/** The names of keys, by id. */
export type KeyNames = ReadonlyMap<string, string>;

type Rule = Pick<
  StoredAlert,
  'metric' | 'scope' | 'per' | 'direction' | 'threshold' | 'windowMinutes' | 'callsMin'
>;

/** What happened, in words and figures, on one line. */
export function explainChange(rule: Rule, change: Change, names: KeyNames): string {
  if (change.text !== undefined) return change.text;
  const metric = callMetrics[rule.metric];
  const whose = subjectText(rule, change.subject, names);
  const during = `in the last ${windowText(rule.windowMinutes)}`;
  if (metric === undefined) return capitalized(`${whose}it is over.`);
  if (change.value === undefined) {
    return capitalized(`${whose}there are fewer than ${rule.callsMin} calls ${during}, too few to say.`);
  }
  const measured = metric.sentence.replace('{value}', metric.write(change.value));
  const counted =
    metric.ofNothing === undefined && change.calls !== undefined
      ? ` (of ${grouped(change.calls)} calls)`
      : '';
  const bound = metric.write(rule.threshold ?? 0);
  const side =
    change.state === 'firing'
      ? rule.direction === 'above'
        ? `more than ${bound}`
        : `less than ${bound}`
      : rule.direction === 'above'
        ? `no more than ${bound}`
        : `at least ${bound}`;
  return capitalized(`${whose}${measured} ${during}${counted}; ${side}.`);
}

/** `Key "ci": ` or nothing where all calls count. */
function subjectText({ scope, per }: Rule, subject: string, names: KeyNames): string {
  const parts = [
    ...(scope.keyId === undefined ? [] : [keyText(scope.keyId, names)]),
    ...(scope.user === undefined ? [] : [`user ${quoted(scope.user)}`]),
    ...(scope.model === undefined ? [] : [`model ${quoted(scope.model)}`]),
    ...(scope.provider === undefined ? [] : [`provider ${quoted(scope.provider)}`]),
  ];
  if (per === 'key') parts.unshift(keyText(subject, names));
  else if (per !== 'all') parts.unshift(`${per} ${quoted(subject)}`);
  return parts.length === 0 ? '' : `${parts.join(', ')}: `;
}

export function keyText(id: string, names: KeyNames): string {
  const name = names.get(id);
  return `key ${quoted(name ?? id)}`;
}

/** Somebody's own words, of which nothing begins a new line or moves a cursor. */
export function quoted(text: string): string {
  const plain = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ');
  return `"${plain.length > CHARS_MAX ? `${plain.slice(0, CHARS_MAX)}…` : plain}"`;
}

const CHARS_MAX = 80;

function windowText(minutes: number): string {
  if (minutes === 60) return 'hour';
  if (minutes === 1_440) return 'day';
  if (minutes === 1) return 'minute';
  if (minutes % 1_440 === 0) return `${minutes / 1_440} days`;
  return minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
