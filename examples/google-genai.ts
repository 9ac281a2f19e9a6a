// Google's official client: whole, streamed and counted, whatever provider answers.
import { GoogleGenAI } from '@google/genai';

const client = new GoogleGenAI({
  apiKey: process.env.TOKENROUTER_API_KEY ?? '',
  httpOptions: { baseUrl: process.env.TOKENROUTER_BASE_URL ?? '' },
});
const asked = { model: 'gpt-4o-mini', contents: 'Hello' };
const reply = await client.models.generateContent(asked);
process.stdout.write(`${reply.text}\n`);
for await (const chunk of await client.models.generateContentStream(asked)) {
  process.stdout.write(chunk.text ?? '');
}
const { totalTokens } = await client.models.countTokens(asked);
process.stdout.write(`\n${totalTokens} tokens\n`);
