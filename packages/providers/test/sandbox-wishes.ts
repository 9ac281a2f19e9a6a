import type { CallerDialectId, Json, JsonObject } from '@app/protocol';

/** What a test wants of a reply, in no dialect. */
export type Wish = {
  model?: string;
  prompt?: string;
  max?: number;
  stop?: string[];
  stream?: boolean;
  tools?: string[];
  /** A tool's name, or any. */
  force?: string | true;
  single?: true;
  schema?: JsonObject;
  think?: true;
  image?: true;
  webSearch?: true;
  /** Fields as they are. */
  fields?: JsonObject;
};

/** How a client of each dialect asks: where, and with what body. */
export function write(dialect: CallerDialectId, wish: Wish): { path: string; body: JsonObject } {
  const filled = { model: 'gpt-4o-mini', prompt: 'Hello there', max: 1_000, ...wish };
  const body = { ...WRITERS[dialect](filled), ...wish.fields };
  return { path: pathOf(dialect, filled), body };
}

type Filled = Wish & { model: string; prompt: string; max: number };

export const PARAMETERS: JsonObject = {
  type: 'object',
  properties: { city: { type: 'string' }, unit: { enum: ['celsius', 'fahrenheit'] } },
  required: ['city', 'unit'],
  additionalProperties: false,
};

const PNG = 'iVBORw0KGgo=';

function pathOf(dialect: CallerDialectId, { model, stream }: Filled): string {
  if (dialect !== 'gemini') return PATHS[dialect];
  return `/models/${encodeURIComponent(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`;
}

const PATHS: Record<Exclude<CallerDialectId, 'gemini'>, string> = {
  'openai-chat': '/chat/completions',
  'openai-responses': '/responses',
  'openai-completions': '/completions',
  'anthropic-messages': '/messages',
};

const WRITERS: Record<CallerDialectId, (wish: Filled) => JsonObject> = {
  'openai-chat': writeChat,
  'openai-responses': writeResponses,
  'openai-completions': writeCompletions,
  'anthropic-messages': writeMessages,
  gemini: writeGemini,
};

/** Only the fields that are there. */
function fields(object: { [name: string]: Json | undefined }): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as JsonObject;
}

function writeChat({ model, prompt, max, image, ...wish }: Filled): JsonObject {
  const content: Json = image
    ? [
        { type: 'text', text: prompt },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
      ]
    : prompt;
  return fields({
    model,
    max_tokens: max,
    messages: [{ role: 'user', content }],
    stop: wish.stop,
    stream: wish.stream,
    stream_options: wish.stream ? { include_usage: true } : undefined,
    tools: wish.tools?.map((name) => ({ type: 'function', function: { name, parameters: PARAMETERS } })),
    tool_choice:
      typeof wish.force === 'string'
        ? { type: 'function', function: { name: wish.force } }
        : wish.force && 'required',
    parallel_tool_calls: wish.single && false,
    response_format: wish.schema && {
      type: 'json_schema',
      json_schema: { name: 'weather', schema: wish.schema },
    },
    reasoning_effort: wish.think && 'high',
    web_search_options: wish.webSearch && {},
  });
}

function writeResponses({ model, prompt, max, image, ...wish }: Filled): JsonObject {
  const content: Json = image
    ? [
        { type: 'input_text', text: prompt },
        { type: 'input_image', image_url: `data:image/png;base64,${PNG}` },
      ]
    : prompt;
  const tools: Json[] = (wish.tools ?? []).map((name) => ({
    type: 'function',
    name,
    parameters: PARAMETERS,
  }));
  if (wish.webSearch) tools.push({ type: 'web_search' });
  return fields({
    model,
    max_output_tokens: max,
    input: [{ role: 'user', content }],
    stream: wish.stream,
    tools: tools.length > 0 ? tools : undefined,
    tool_choice:
      typeof wish.force === 'string' ? { type: 'function', name: wish.force } : wish.force && 'required',
    parallel_tool_calls: wish.single && false,
    text: wish.schema && { format: { type: 'json_schema', name: 'weather', schema: wish.schema } },
    reasoning: wish.think && { effort: 'high', summary: 'auto' },
  });
}

function writeCompletions({ model, prompt, max, stop, stream }: Filled): JsonObject {
  return fields({
    model,
    prompt,
    max_tokens: max,
    stop,
    stream,
    stream_options: stream ? { include_usage: true } : undefined,
  });
}

function writeMessages({ model, prompt, max, image, ...wish }: Filled): JsonObject {
  const content: Json = image
    ? [
        { type: 'text', text: prompt },
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } },
      ]
    : prompt;
  const tools: Json[] = (wish.tools ?? []).map((name) => ({ name, input_schema: PARAMETERS }));
  if (wish.webSearch) tools.push({ type: 'web_search_20250305', name: 'web_search' });
  const choice =
    typeof wish.force === 'string' ? { type: 'tool', name: wish.force } : wish.force && { type: 'any' };
  return fields({
    model,
    max_tokens: wish.think ? Math.max(max, 4_096) : max,
    messages: [{ role: 'user', content }],
    stop_sequences: wish.stop,
    stream: wish.stream,
    tools: tools.length > 0 ? tools : undefined,
    tool_choice: wish.single ? { type: 'auto', disable_parallel_tool_use: true } : choice,
    output_config: wish.schema && { format: { type: 'json_schema', schema: wish.schema } },
    thinking: wish.think && { type: 'enabled', budget_tokens: 1_024 },
  });
}

function writeGemini({ prompt, max, image, ...wish }: Filled): JsonObject {
  const parts: Json[] = [{ text: prompt }];
  if (image) parts.push({ inlineData: { mimeType: 'image/png', data: PNG } });
  const tools: Json[] = [];
  if (wish.tools) {
    const declarations = wish.tools.map((name) => ({ name, parametersJsonSchema: PARAMETERS }));
    tools.push({ functionDeclarations: declarations });
  }
  if (wish.webSearch) tools.push({ googleSearch: {} });
  const allowed = typeof wish.force === 'string' ? { allowedFunctionNames: [wish.force] } : {};
  return fields({
    contents: [{ role: 'user', parts }],
    tools: tools.length > 0 ? tools : undefined,
    toolConfig: wish.force && { functionCallingConfig: { mode: 'ANY', ...allowed } },
    generationConfig: fields({
      maxOutputTokens: max,
      stopSequences: wish.stop,
      responseMimeType: wish.schema && 'application/json',
      responseJsonSchema: wish.schema,
      thinkingConfig: wish.think && { thinkingBudget: 1_024, includeThoughts: true },
    }),
  });
}
