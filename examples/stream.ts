// The same as a stream, through the official Anthropic client, whatever provider answers.
import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({
  baseURL: process.env.TOKENROUTER_BASE_URL,
  apiKey: process.env.TOKENROUTER_API_KEY,
});
const stream = client.messages.stream({
  model: 'gpt-4o-mini',
  max_tokens: 200,
  messages: [{ role: 'user', content: 'Hello' }],
});
stream.on('text', (text) => process.stdout.write(text));
await stream.finalMessage();
process.stdout.write('\n');
