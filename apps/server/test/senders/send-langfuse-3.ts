import { Langfuse } from 'langfuse';
import { senderPlaces } from './sender-places.ts';

const { url, key, publicKey } = senderPlaces();

const langfuse = new Langfuse({
  baseUrl: url,
  publicKey,
  secretKey: key,
  environment: 'staging',
  release: '2026.11',
});

const trace = langfuse.trace({
  name: 'weather',
  userId: 'user-7',
  sessionId: 'session-9',
  tags: ['demo', 'weather'],
  input: { question: 'How is the weather in Bern?' },
});
const span = trace.span({ name: 'weather-desk', input: { city: 'Bern' } });
const generation = span.generation({
  name: 'ask',
  model: 'gpt-4o',
  modelParameters: { temperature: 0.5, maxTokens: 200 },
  input: [
    { role: 'system', content: 'You answer in one line.' },
    { role: 'user', content: 'How is the weather in Bern?' },
  ],
});
generation.end({
  completionStartTime: new Date(Date.now() + 20),
  output: { role: 'assistant', content: 'Four degrees and dry.' },
  usageDetails: { input: 16, input_cached_tokens: 5, output: 7, total: 28 },
});
span.generation({ name: 'ask again', model: 'gpt-none', input: 'Anyone?' }).end({
  level: 'ERROR',
  statusMessage: 'The model does not exist.',
});
span.end({ output: { celsius: 4 } });
trace.update({ output: { answer: 'Four degrees and dry.' } });
trace.score({ name: 'helpful', value: 1, comment: 'to the point' });
await langfuse.shutdownAsync();
