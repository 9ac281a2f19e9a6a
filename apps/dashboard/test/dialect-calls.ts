import { PIXEL } from './open-provider.ts';

/** One call in a dialect, with what a person should find in its trace. */
export type DialectCall = {
  /** As the drawer names it. */
  kind: string;
  dialect: string;
  path: string;
  body: object;
  /** Texts of the request view, each in a place of its own. */
  asked: string[];
  /** Texts of the response view. */
  answered: string[];
  /** Whether a picture was sent. */
  hasPicture?: true;
};

const MODEL = 'openai/gpt-4o-mini';
const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const TOOL = { name: 'get_weather', description: 'Tells the weather of a city.' };
const FILE = `data:application/pdf;base64,${Buffer.from('%PDF-1.4 nothing').toString('base64')}`;
const PICTURE = `data:image/png;base64,${PIXEL}`;

const chat: DialectCall = {
  kind: 'Chat Completions',
  dialect: 'OpenAI Chat',
  path: '/v1/chat/completions',
  hasPicture: true,
  body: {
    model: MODEL,
    temperature: 0.2,
    messages: [
      { role: 'system', content: 'You answer in one sentence.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is in this picture, and what does the contract say?' },
          { type: 'image_url', image_url: { url: PICTURE } },
          { type: 'file', file: { filename: 'contract-\u202efdp.exe', file_data: FILE } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'call_weather',
            type: 'function',
            function: { name: 'get_weather', arguments: '{"city":"Lisbon"}' },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'call_weather', content: '{"sky":"clear","celsius":21}' },
    ],
    tools: [{ type: 'function', function: { ...TOOL, parameters: SCHEMA } }],
  },
  asked: [
    'You answer in one sentence.',
    'contract-[U+202E]fdp.exe',
    'image/png, 1 × 1 pixels',
    'calls get_weather',
    'result of get_weather',
    '"celsius": 21',
  ],
  answered: ['The tool answered:', 'The model had said all it wanted to.'],
};

const responses: DialectCall = {
  kind: 'Responses',
  dialect: 'OpenAI Responses',
  path: '/v1/responses',
  body: {
    model: MODEL,
    instructions: 'You plan before you answer.',
    reasoning: { effort: 'medium', summary: 'auto' },
    input: [
      { role: 'user', content: [{ type: 'input_text', text: 'Find the height of the tower.' }] },
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'A search will tell.' }] },
      { type: 'function_call', call_id: 'call_1', name: 'find_height', arguments: '{"of":"tower"}' },
      { type: 'function_call_output', call_id: 'call_1', output: '{"metres":330}' },
    ],
  },
  asked: ['You plan before you answer.', 'A search will tell.', 'calls find_height', '"metres": 330'],
  answered: ['The sandbox does not think, it repeats.', 'The tool answered:'],
};

const messages: DialectCall = {
  kind: 'Messages',
  dialect: 'Anthropic Messages',
  path: '/v1/messages',
  hasPicture: true,
  body: {
    model: 'anthropic/claude-sonnet-4-5',
    max_tokens: 2_000,
    stream: true,
    thinking: { type: 'enabled', budget_tokens: 1_024 },
    system: [{ type: 'text', text: 'You read pictures.', cache_control: { type: 'ephemeral' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
          {
            type: 'document',
            title: 'Notes',
            source: { type: 'text', media_type: 'text/plain', data: 'Red is warm.' },
          },
          { type: 'text', text: 'Which colour is it?' },
        ],
      },
    ],
  },
  asked: ['You read pictures.', 'Red is warm.', 'Which colour is it?', 'image/png, 1 × 1 pixels'],
  answered: ['thinking', 'You said: Which colour is it?'],
};

const google: DialectCall = {
  kind: 'Generate Content',
  dialect: 'Gemini',
  path: '/v1beta/models/gemini-2.5-flash:generateContent',
  hasPicture: true,
  body: {
    systemInstruction: { parts: [{ text: 'You speak of weather.' }] },
    contents: [
      {
        role: 'user',
        parts: [
          { text: 'Please get weather for this place.' },
          { inlineData: { mimeType: 'image/png', data: PIXEL } },
        ],
      },
    ],
    tools: [
      { functionDeclarations: [{ ...TOOL, parameters: { type: 'OBJECT', properties: SCHEMA.properties } }] },
    ],
    generationConfig: { maxOutputTokens: 200 },
  },
  asked: ['You speak of weather.', 'Please get weather for this place.', '"maxOutputTokens": 200'],
  answered: ['calls get_weather', '"city":', 'The model waits for the results of its tools.'],
};

const completions: DialectCall = {
  kind: 'Completions',
  dialect: 'OpenAI Completions',
  path: '/v1/completions',
  body: { model: MODEL, prompt: 'Once upon a time', max_tokens: 50 },
  asked: ['Once upon a time', '"max_tokens": 50'],
  answered: ['You said: Once upon a time'],
};

const embeddings: DialectCall = {
  kind: 'Embeddings',
  dialect: 'OpenAI Chat',
  path: '/v1/embeddings',
  body: {
    model: 'openai/text-embedding-3-small',
    input: ['The tower is high.', 'The sea is deep.'],
    dimensions: 16,
  },
  asked: ['The tower is high.', 'The sea is deep.', '2 of 2', '"dimensions": 16'],
  answered: ['No response', 'is not recorded'],
};

export const dialectCalls: readonly DialectCall[] = [
  chat,
  responses,
  messages,
  google,
  completions,
  embeddings,
];
