// A first call with the official OpenAI client. TOKENROUTER_BASE_URL is for example http://127.0.0.1:4000.
import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: `${process.env.TOKENROUTER_BASE_URL}/v1`,
  apiKey: process.env.TOKENROUTER_API_KEY,
});
const reply = await client.chat.completions.create({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Hello' }],
});
process.stdout.write(`${reply.choices[0]?.message.content}\n`);
