import { readFileSync, writeFileSync } from 'node:fs';
import type { SpanDetails } from '@app/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Arrived, writeFieldTable } from '../senders/arrived-fields.ts';
import { openSendersLab, type SendersLab } from '../senders/open-senders-lab.ts';
import { nodeSender } from '../senders/run-sender.ts';

/** Programs that would send elsewhere with another address and other keys. */
const SENDERS = {
  tokentrace: 'send-tokentrace.mjs',
  'OTLP, JSON': 'send-otlp-http.ts',
  'OTLP, protobuf': 'send-otlp-proto.ts',
  OpenInference: 'send-openinference.ts',
  OpenLLMetry: 'send-openllmetry.ts',
  'AI SDK 7': 'send-ai-sdk.ts',
  'AI SDK, older names': 'send-ai-sdk-legacy.ts',
  'Langfuse 5': 'send-langfuse.ts',
  'Langfuse 3': 'send-langfuse-3.ts',
} as const;
type Sender = keyof typeof SENDERS;
const NAMES = Object.keys(SENDERS) as Sender[];

let lab: SendersLab;
let arrived = new Map<string, Arrived>();

beforeAll(async () => {
  lab = await openSendersLab();
  const commands = NAMES.map((name) => [name, nodeSender(SENDERS[name])]);
  arrived = await lab.send(Object.fromEntries(commands));
}, 120_000);

afterAll(() => lab?.close());

const spansOf = (name: Sender): readonly SpanDetails[] => arrived.get(name)?.spans ?? [];
const chatsOf = (name: Sender) =>
  spansOf(name).filter(({ kind, type }) => kind === 'call' && type === 'generation');

const README = new URL('../../../../docs/senders/README.md', import.meta.url);

test('the page about senders says of each which fields arrive, and it is so', () => {
  const page = readFileSync(README, 'utf8');
  const table = writeFieldTable(Object.fromEntries(arrived));
  if (process.env.SENDERS_PAGE === 'write') {
    writeFileSync(README, page.replace(/\| field \| tokentrace [\s\S]*?\n\n/, `${table}\n\n`));
    return;
  }
  expect(page).toContain(table);
});

describe.each(NAMES)('%s', (name) => {
  test('counts no token twice: 21 asked, 5 of them cached, 7 answered', () => {
    const told = chatsOf(name).filter(({ usage }) => Object.keys(usage).length > 0);
    expect(told.length).toBeGreaterThan(0);
    for (const { usage } of told) {
      const read = usage.input_cache_read ?? 0;
      expect((usage.input_fresh ?? 0) + read).toBe(21);
      // Not every library tells what was cached.
      expect([0, 5]).toContain(read);
      expect((usage.output_text ?? 0) + (usage.output_thinking ?? 0)).toBe(7);
    }
  });

  test('prices calls and nothing else', () => {
    for (const { kind, cost } of spansOf(name)) if (kind !== 'call') expect(cost.nanos).toBe(0);
  });
});

test('Langfuse 3 tells when the first token came in one message and when the call began in another', () => {
  const [told] = chatsOf('Langfuse 3').filter(({ ttft_ms }) => ttft_ms !== null);
  expect(told).toMatchObject({ stream: true, request: { temperature: 0.5, maxTokens: 200 } });
  expect(told?.ttft_ms).toBeGreaterThanOrEqual(20);
});
