import type { RepricedModel, RepricingProgress } from '@app/store';
import type { RepricedAttempt, RepricedCall } from './reprice-call.ts';

/** Of either, how many price versions a report names for a model. */
const VERSIONS_MAX = 8;
/** How many models a report names; what is beyond is added up under one line. */
const MODELS_MAX = 1_000;

/** The report with a batch of calls in it. */
export function addToReport(progress: RepricingProgress, calls: readonly RepricedCall[]): RepricingProgress {
  const models = new Map(progress.models.map((model) => [nameOf(model), { ...model }]));
  for (const { attempts } of calls) {
    for (const attempt of attempts) addAttempt(lineOf(models, attempt), attempt);
  }
  return {
    ...progress,
    calls: progress.calls + calls.length,
    changedCalls: progress.changedCalls + calls.filter(({ changes }) => changes.length > 0).length,
    models: [...models.values()].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
  };
}

function nameOf({ provider, model }: { provider: string; model: string }): string {
  return `${provider}/${model}`;
}

function lineOf(models: Map<string, RepricedModel>, { span }: RepricedAttempt): RepricedModel {
  const own = nameOf(span);
  const isOther = !models.has(own) && models.size >= MODELS_MAX;
  const { provider, model } = isOther ? OTHERS : span;
  const name = nameOf({ provider, model });
  const known = models.get(name);
  if (known !== undefined) return known;
  const line: RepricedModel = {
    provider,
    model,
    attempts: 0,
    changed: 0,
    beforeNanos: '0',
    afterNanos: '0',
    unknownBefore: 0,
    unknownAfter: 0,
    kept: 0,
    versionsBefore: [],
    versionsAfter: [],
  };
  models.set(name, line);
  return line;
}

const OTHERS = { provider: '', model: '' };

function addAttempt(line: RepricedModel, { span, after, isKept }: RepricedAttempt): void {
  const { cost: before } = span;
  line.attempts += 1;
  if (before.nanos !== after.nanos || before.label !== after.label) line.changed += 1;
  line.beforeNanos = (BigInt(line.beforeNanos) + BigInt(before.nanos)).toString();
  line.afterNanos = (BigInt(line.afterNanos) + BigInt(after.nanos)).toString();
  if (before.label === 'unknown') line.unknownBefore += 1;
  if (after.label === 'unknown') line.unknownAfter += 1;
  if (isKept) line.kept += 1;
  noteVersion(line.versionsBefore, before.priceVersion);
  noteVersion(line.versionsAfter, after.priceVersion);
}

function noteVersion(versions: string[], version: string): void {
  if (version !== '' && versions.length < VERSIONS_MAX && !versions.includes(version)) versions.push(version);
}
