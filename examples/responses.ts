// The Responses API: a second question that goes on from the first, whoever answers.
import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: `${process.env.TOKENROUTER_BASE_URL}/v1`,
  apiKey: process.env.TOKENROUTER_API_KEY,
});
const first = await client.responses.create({ model: 'claude-sonnet-4-5', input: 'My name is Ada.' });
const second = await client.responses.create({
  model: 'claude-sonnet-4-5',
  previous_response_id: first.id,
  input: 'What is my name?',
});
process.stdout.write(`${second.output_text}\n`);
const { data } = await client.responses.inputItems.list(second.id);
process.stdout.write(`It was asked with ${data.length} items.\n`);
