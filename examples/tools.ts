// A tool call: the model asks for the weather, the program answers, the model replies.
import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: `${process.env.TOKENROUTER_BASE_URL}/v1`,
  apiKey: process.env.TOKENROUTER_API_KEY,
});
const runner = client.chat.completions.runTools({
  model: 'gpt-4o-mini',
  messages: [{ role: 'user', content: 'Use get_weather for Paris.' }],
  tools: [
    {
      type: 'function',
      function: {
        name: 'get_weather',
        description: 'The weather in a city.',
        parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        parse: JSON.parse,
        function: ({ city }: { city: string }) => `It is sunny in ${city}.`,
      },
    },
  ],
});
process.stdout.write(`${await runner.finalContent()}\n`);
