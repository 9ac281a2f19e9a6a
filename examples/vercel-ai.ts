// The Vercel AI SDK. Each of its three providers calls in its own dialect; all of them reach every model.
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText, streamText } from 'ai';

const url = process.env.TOKENROUTER_BASE_URL;
const apiKey = process.env.TOKENROUTER_API_KEY ?? '';
const openai = createOpenAI({ baseURL: `${url}/v1`, apiKey });
const anthropic = createAnthropic({ baseURL: `${url}/v1`, apiKey });
const google = createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey });

const models = [
  openai('claude-sonnet-4-5'),
  openai.chat('gpt-4o-mini'),
  anthropic('gpt-4o-mini'),
  google('gpt-4o-mini'),
];
for (const model of models) {
  const { text } = await generateText({ model, prompt: 'Hello', maxOutputTokens: 200 });
  process.stdout.write(`${text}\n`);
}
for await (const piece of streamText({ model: openai('gpt-4o-mini'), prompt: 'Hello' }).textStream) {
  process.stdout.write(piece);
}
process.stdout.write('\n');
