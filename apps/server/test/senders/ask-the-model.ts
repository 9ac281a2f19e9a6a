import type OpenAI from 'openai';

const TOOLS: OpenAI.ChatCompletionTool[] = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      description: 'The weather of a city.',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
];

/** What an app does with a model: a question that ends in a call of a tool, a streamed answer, an embedding, a failure. */
export async function askTheModel(openai: OpenAI): Promise<void> {
  const messages: OpenAI.ChatCompletionMessageParam[] = [
    { role: 'system', content: 'You answer in one line.' },
    { role: 'user', content: 'How is the weather in Bern?' },
  ];
  const asked = await openai.chat.completions.create({
    model: 'gpt-4o',
    messages,
    tools: TOOLS,
    temperature: 0.5,
    max_tokens: 200,
  });
  const call = asked.choices[0]?.message;
  if (call?.tool_calls?.[0] === undefined) throw new Error('The model called no tool.');
  const stream = await openai.chat.completions.create({
    model: 'gpt-4o',
    messages: [
      ...messages,
      call,
      { role: 'tool', tool_call_id: call.tool_calls[0].id, content: '{"celsius":4}' },
    ],
    stream: true,
    stream_options: { include_usage: true },
  });
  for await (const _chunk of stream);
  await openai.embeddings.create({ model: 'text-embedding-3-small', input: ['Bern', 'Basel'] });
  await openai.chat.completions.create({ model: 'gpt-none', messages }).catch(() => undefined);
}
