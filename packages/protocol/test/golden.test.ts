import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type CallerDialectId,
  collect,
  type DialectId,
  dialects,
  type Event,
  openFeatureWatch,
  providerDialects,
  replyLosses,
} from '../src/index.ts';
import { callers } from './for-every.ts';
import { eventsOf, framesOf, written } from './laws.ts';

const ROOT = join(import.meta.dirname, '../golden');
const cases = readdirSync(ROOT).filter((name) => !name.endsWith('.md'));
const casesOf = (kind: string): string[] => cases.filter((name) => name.startsWith(`${kind}-`));

/** A model of each dialect, as some are asked in other words than their elders. */
const TARGETS: Record<DialectId, string> = {
  'openai-chat': 'gpt-5',
  'openai-responses': 'gpt-5',
  'openai-completions': 'gpt-3.5-turbo-instruct',
  'anthropic-messages': 'claude-sonnet-4-5',
  gemini: 'gemini-3-flash',
  'bedrock-converse': 'anthropic.claude-sonnet-4-5-20250929-v1:0',
};
const providers = Object.keys(TARGETS) as DialectId[];

function readCase<Id extends DialectId>(name: string): { own: Id; bytes: Buffer } {
  const file = readdirSync(join(ROOT, name)).find((one) => one.startsWith('in.')) ?? '';
  const [, own = ''] = file.split('.');
  return { own: own as Id, bytes: readFileSync(join(ROOT, name, file)) };
}

async function expectAgreed(value: object | string, ...path: string[]): Promise<void> {
  const text = typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(join(ROOT, ...path));
}

describe.each(casesOf('call'))('%s', (name) => {
  test.each(providers)('reaches a provider of %s as agreed', async (id) => {
    const { own, bytes } = readCase<CallerDialectId>(name);
    const call = dialects[own].inbound.readCall(JSON.parse(bytes.toString()));
    await expectAgreed(providerDialects[id].outbound.writeCall(call, TARGETS[id]), name, `out.${id}.json`);
  });
});

function lossesOf(events: readonly Event[], own: DialectId, caller: CallerDialectId) {
  const watch = openFeatureWatch();
  for (const event of events) watch.see(event);
  return own === caller ? [] : replyLosses(watch.seen(), caller);
}

describe.each(casesOf('reply'))('%s', (name) => {
  test.each(callers)('reaches a caller of %s as agreed', async (id) => {
    const { own, bytes } = readCase(name);
    const events = providerDialects[own].outbound.readReply(JSON.parse(bytes.toString()));
    const body = dialects[id].inbound.writeReply(collect(events), { createdS: 1_760_000_000 });
    await expectAgreed({ body, losses: lossesOf(events, own, id) }, name, `out.${id}.json`);
  });
});

describe.each(casesOf('stream'))('%s', (name) => {
  test.each(callers)('reaches a caller of %s as agreed', async (id) => {
    const { own, bytes } = readCase(name);
    const events = eventsOf(providerDialects[own], framesOf(bytes, [bytes.length]));
    await expectAgreed(written(dialects[id], events), name, `out.${id}.sse`);
  });
});
