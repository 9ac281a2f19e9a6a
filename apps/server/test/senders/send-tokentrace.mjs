import OpenAI from 'openai';
import { init, score, shutdown, span, trace, wrapOpenAI } from 'tokentrace';
import { askTheModel } from './ask-the-model.ts';
import { senderPlaces } from './sender-places.ts';

const { url, key, modelUrl } = senderPlaces();

init({
  apiKey: key,
  endpoint: url,
  environment: 'staging',
  release: '2026.11',
  // Only because this server is on the same machine and speaks HTTP.
  allowInsecureLoopback: true,
});
const openai = wrapOpenAI(new OpenAI({ apiKey: 'sk-any', baseURL: `${modelUrl}/v1`, maxRetries: 0 }));

const who = { userId: 'user-7', sessionId: 'session-9', tags: ['demo', 'weather'] };
const prompt = { name: 'weather-prompt', version: '3' };
await trace(
  'weather',
  async () => {
    await askTheModel(openai);
    span('get_weather', () => ({ celsius: 4 }), {
      type: 'tool',
      toolName: 'get_weather',
      input: { city: 'Bern' },
    });
    score({ name: 'helpful', value: 1, comment: 'to the point' });
  },
  { ...who, prompt },
);
await shutdown();
