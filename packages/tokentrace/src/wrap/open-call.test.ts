import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openFakeUpstream, playsOpenAi } from '@app/testkit';
import OpenAI from 'openai';
import { expect, test, vi } from 'vitest';
import { createTestTracer } from '../../test/wrap-tracer.ts';
import { wrapOpenAI } from './wrap-openai.ts';

const ASK = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'Hi' }] };

test('a stream that the app drops unread is cancelled once its memory is reclaimed', async () => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const upstream = await openFakeUpstream(playsOpenAi({ text: 'Hello' }));
  const traced = createTestTracer();
  const client = wrapOpenAI(new OpenAI({ apiKey: 'k', baseURL: upstream.url }), { tracer: traced.tracer });
  await (async () => {
    await client.chat.completions.create({ ...ASK, stream: true });
  })();
  await vi.waitFor(
    () => {
      collect();
      expect(traced.spans).toMatchObject([{ outcome: 'cancelled' }]);
    },
    { timeout: 5_000, interval: 20 },
  );
  await upstream.close();
});

test('an object with only the methods of a client is traced by its methods', async () => {
  const traced = createTestTracer();
  const reply = { model: 'm', choices: [{ message: { content: 'Hello' }, finish_reason: 'stop' }] };
  const fake = wrapOpenAI(
    {
      chat: {
        completions: {
          create: async (ask: { model: string; stream?: boolean }) => {
            if (ask.model === 'none') throw new TypeError('no such model');
            return reply;
          },
        },
      },
    },
    { tracer: traced.tracer },
  );
  expect(await fake.chat.completions.create({ model: 'gpt-4o' })).toBe(reply);
  await expect(fake.chat.completions.create({ model: 'none' })).rejects.toThrow('no such model');
  expect(await traced.ended(2)).toMatchObject([
    { outcome: 'ok', model_asked: 'gpt-4o', output: reply },
    { outcome: 'failed', error: { code: 'TypeError', message: 'no such model' } },
  ]);
});

test('a call that is not recorded is passed on untouched', async () => {
  const upstream = await openFakeUpstream(playsOpenAi({ text: 'Hello' }));
  const { tracer, spans } = createTestTracer();
  const client = wrapOpenAI(new OpenAI({ apiKey: 'k', baseURL: upstream.url }), {
    tracer: { ...tracer, startSpan: (start) => ({ ...tracer.startSpan(start), recording: false }) },
  });
  const reply = await client.chat.completions.create(ASK);
  expect(reply.choices).toHaveLength(1);
  expect(upstream.requests[0]?.headers.traceparent).toBeUndefined();
  expect(spans).toHaveLength(0);
  await upstream.close();
});
