import { createOpenAI } from '@ai-sdk/openai';
import { embedMany, generateText, isStepCount, streamText, type Telemetry, tool } from 'ai';
import { z } from 'zod';
import type { SenderPlaces } from './sender-places.ts';

/** An agent's loop with a tool, a streamed answer, embeddings and a failure, told to this integration of telemetry. */
export async function askWithAiSdk({ modelUrl }: SenderPlaces, integration: Telemetry): Promise<void> {
  const openai = createOpenAI({ apiKey: 'sk-any', baseURL: `${modelUrl}/v1` });
  const telemetry = { functionId: 'weather-desk', integrations: [integration] };
  await generateText({
    model: openai.chat('gpt-4o'),
    system: 'You answer in one line.',
    prompt: 'How is the weather in Bern?',
    tools: {
      get_weather: tool({
        description: 'The weather of a city.',
        inputSchema: z.object({ city: z.string() }),
        execute: async () => ({ celsius: 4 }),
      }),
    },
    temperature: 0.5,
    maxOutputTokens: 200,
    stopWhen: isStepCount(3),
    telemetry,
  });
  await streamText({ model: openai.chat('gpt-4o'), prompt: 'And in Basel?', telemetry }).text;
  await embedMany({
    model: openai.embedding('text-embedding-3-small'),
    values: ['Bern', 'Basel'],
    telemetry,
  });
  await generateText({ model: openai.chat('gpt-none'), prompt: 'Anyone?', maxRetries: 0, telemetry }).catch(
    () => undefined,
  );
}
