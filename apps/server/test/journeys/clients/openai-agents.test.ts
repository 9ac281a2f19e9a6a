import { Agent, OpenAIProvider, Runner, setTracingDisabled, tool } from '@openai/agents';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { testKeys } from '../../test-keys.ts';
import { COUNTED, useMatrix, WEATHER } from './client-matrix.ts';
import { dialects } from './played-provider.ts';

const SEAL = btoa('a seal of the maker, long enough');

// Its traces would leave this machine.
beforeAll(() => setTracingDisabled(true));

describe.each([false, true])("OpenAI's agents (by responses: %s)", (useResponses) => {
  describe.each(dialects)('before a provider of %s', (dialect) => {
    const matrix = useMatrix(dialect);
    const createRunner = (apiKey: string = testKeys.live) =>
      new Runner({
        modelProvider: new OpenAIProvider({ apiKey, baseURL: `${matrix.url}/v1`, useResponses }),
        tracingDisabled: true,
      });
    const createAgent = () => {
      const called: unknown[] = [];
      const agent = new Agent({
        name: 'Forecaster',
        instructions: 'Be brief.',
        model: 'gpt-5',
        outputType: z.object({ forecast: z.string() }),
        tools: [
          tool({
            name: 'get_weather',
            description: 'Weather.',
            parameters: z.object({ city: z.string(), days: z.number() }),
            execute: (input) => {
              called.push(input);
              return 'rain';
            },
          }),
        ],
      });
      return { agent, called };
    };

    test.each([false, true])(
      'an agent calls its tool and ends with what it was asked for (stream: %s)',
      async (isStream) => {
        matrix.plays({ thought: 'Hm.', signature: SEAL, tool: WEATHER }, { text: '{"forecast":"Rain."}' });
        const { agent, called } = createAgent();
        const runner = createRunner();
        const result = isStream ? await streamed(runner, agent) : await runner.run(agent, 'Weather?');
        expect(result.finalOutput).toEqual({ forecast: 'Rain.' });
        expect(called).toEqual([WEATHER.input]);
        expect(result.state.usage).toMatchObject({
          requests: 2,
          inputTokens: 2 * COUNTED.input,
          outputTokens: 2 * COUNTED.output,
        });
        const sent = matrix.sent(1);
        expect(sent.system).toBe('Be brief.');
        expect(sent.said).toEqual(['Weather?']);
        expect(sent.schema).toMatchObject({ properties: { forecast: { type: 'string' } } });
        expect(sent.tools).toMatchObject([{ name: 'get_weather', description: 'Weather.' }]);
        expect(sent.calls).toMatchObject([{ name: 'get_weather', input: WEATHER.input }]);
        expect(sent.results.map(({ text }) => text)).toEqual(['rain']);
        if (useResponses) expect(sent.seals).toEqual(dialect === 'openai-chat' ? [] : [SEAL]);
      },
    );

    test('errors have their status', async () => {
      const { agent } = createAgent();
      await expect(createRunner('tr_live_nobody').run(agent, 'Hi')).rejects.toMatchObject({ status: 401 });
      matrix.upstream.play(matrix.refusal(400, 'No such thing.'));
      await expect(createRunner().run(agent, 'Hi')).rejects.toMatchObject({ status: 400 });
    });
  });
});

/** A run whose events were all read. */
async function streamed<A extends Parameters<Runner['run']>[0]>(runner: Runner, agent: A) {
  const result = await runner.run(agent, 'Weather?', { stream: true });
  const types = new Set<string>();
  for await (const event of result) if (event.type === 'raw_model_stream_event') types.add(event.data.type);
  await result.completed;
  expect([...types]).toContain('output_text_delta');
  return result;
}
