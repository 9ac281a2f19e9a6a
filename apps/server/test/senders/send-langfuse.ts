import { LangfuseSpanProcessor } from '@langfuse/otel';
import {
  propagateAttributes,
  setLangfuseTracerProvider,
  startActiveObservation,
  startObservation,
} from '@langfuse/tracing';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { senderPlaces } from './sender-places.ts';

const { url, key, publicKey } = senderPlaces();

context.setGlobalContextManager(new AsyncLocalStorageContextManager());
const processor = new LangfuseSpanProcessor({
  baseUrl: url,
  publicKey,
  secretKey: key,
  environment: 'staging',
  release: '2026.11',
  // Seconds; the machine that tests this is a busy one.
  timeout: 30,
});
const tracerProvider = new BasicTracerProvider({ spanProcessors: [processor] });
setLangfuseTracerProvider(tracerProvider);

await startActiveObservation('weather-desk', async (root) => {
  root.update({ input: { question: 'How is the weather in Bern?' } });
  const trace = { traceName: 'weather', userId: 'user-7', sessionId: 'session-9', tags: ['demo', 'weather'] };
  await propagateAttributes(trace, async () => {
    const generation = startObservation(
      'ask',
      {
        model: 'gpt-4o',
        modelParameters: { temperature: 0.5, max_tokens: 200 },
        input: [
          { role: 'system', content: 'You answer in one line.' },
          { role: 'user', content: 'How is the weather in Bern?' },
        ],
        prompt: { name: 'weather-prompt', version: 3, isFallback: false },
      },
      { asType: 'generation' },
    );
    generation.update({
      completionStartTime: new Date(Date.now() + 20),
      output: { role: 'assistant', content: 'Four degrees and dry.' },
      usageDetails: { input: 16, input_cached_tokens: 5, output: 7, total: 28 },
      costDetails: { input: 0.00004, output: 0.00007, total: 0.00011 },
    });
    generation.end();
    const tool = startObservation('get_weather', { input: { city: 'Bern' } }, { asType: 'tool' });
    tool.update({ output: { celsius: 4 } }).end();
    const failed = startObservation(
      'ask again',
      { model: 'gpt-none', input: 'Anyone?' },
      { asType: 'generation' },
    );
    failed.update({ level: 'ERROR', statusMessage: 'The model does not exist.' }).end();
  });
  root.update({ output: { answer: 'Four degrees and dry.' } });
});
await processor.forceFlush();
await tracerProvider.shutdown();
