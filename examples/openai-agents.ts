// An agent with a tool, by OpenAI's Agents SDK. Its own tracing is off, because that would go to OpenAI.
import { Agent, OpenAIProvider, Runner, tool } from '@openai/agents';
import { z } from 'zod';

const modelProvider = new OpenAIProvider({
  baseURL: `${process.env.TOKENROUTER_BASE_URL}/v1`,
  apiKey: process.env.TOKENROUTER_API_KEY ?? '',
});
const runner = new Runner({ modelProvider, tracingDisabled: true });

const agent = new Agent({
  name: 'Forecaster',
  instructions: 'Answer in one sentence.',
  model: 'claude-sonnet-4-5',
  tools: [
    tool({
      name: 'get_weather',
      description: 'The weather in a city.',
      parameters: z.object({ city: z.string() }),
      execute: async ({ city }) => `It is sunny in ${city}.`,
    }),
  ],
});
const result = await runner.run(agent, 'Use get_weather for Paris.');
process.stdout.write(`${result.finalOutput}\n`);
