import type { DialectId } from '@app/protocol';
import type { UpstreamRequest } from '@app/testkit';

/** What a provider was asked, in one vocabulary, read by rules of this file's own. Absent means that it was not said. */
export type Sent = {
  system: string;
  /** The texts of the user, one per text. */
  said: string[];
  /** The texts of the assistant. */
  answered: string[];
  tools: { name: unknown; description: unknown; schema: unknown }[];
  /** `auto`, `required`, `none` or a tool's name. */
  choice: unknown;
  calls: { id: unknown; name: unknown; input: unknown }[];
  results: { id: unknown; text: string }[];
  /** What the reply must fit. */
  schema: unknown;
  /** Images and files, as base64. */
  media: unknown[];
  /** What thoughts and calls of the past are sealed with. */
  seals: unknown[];
  thoughts: string[];
  outputTokensMax: unknown;
};

export function readSent(dialect: DialectId, { json }: UpstreamRequest): Sent {
  const read = READERS[dialect];
  if (read === undefined) throw new Error(`nobody plays ${dialect}`);
  return read(json);
}

const READERS: { [dialect in DialectId]?: (body: unknown) => Sent } = {
  'openai-chat': readChat,
  'openai-responses': readResponses,
  'anthropic-messages': readAnthropic,
  gemini: readGemini,
  'bedrock-converse': readConverse,
};

/** The value at the end of a path; undefined where there is none. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => Reflect.get(Object(inner ?? {}), key), value);
}

/** The list at the end of a path; empty where there is none. */
function listAt(value: unknown, ...path: (string | number)[]): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

function readChat(body: unknown): Sent {
  const messages = listAt(body, 'messages');
  const of = (...roles: unknown[]) => messages.filter((message) => roles.includes(at(message, 'role')));
  const parts = of('user').flatMap((message) => listAt(message, 'content'));
  return {
    system: of('system', 'developer').flatMap(textsOf).join('\n'),
    said: of('user').flatMap(textsOf),
    answered: of('assistant').flatMap(textsOf),
    tools: listAt(body, 'tools').map((tool) => toolOf(at(tool, 'function'), 'parameters')),
    choice: at(body, 'tool_choice', 'function', 'name') ?? at(body, 'tool_choice'),
    calls: of('assistant').flatMap((message) =>
      listAt(message, 'tool_calls').map((call) => ({
        id: at(call, 'id'),
        name: at(call, 'function', 'name'),
        input: parsed(at(call, 'function', 'arguments')),
      })),
    ),
    results: of('tool').map((message) => ({
      id: at(message, 'tool_call_id'),
      text: textsOf(message).join(''),
    })),
    schema: at(body, 'response_format', 'json_schema', 'schema'),
    media: there(parts.map((part) => base64(at(part, 'image_url', 'url') ?? at(part, 'file', 'file_data')))),
    seals: [],
    thoughts: there(of('assistant').map((message) => at(message, 'reasoning_content'))).map(String),
    outputTokensMax: at(body, 'max_completion_tokens') ?? at(body, 'max_tokens'),
  };
}

function readResponses(body: unknown): Sent {
  const input = at(body, 'input');
  const items = Array.isArray(input) ? input : [{ role: 'user', content: input }];
  const of = (...roles: unknown[]) => items.filter((item) => roles.includes(at(item, 'role')));
  const typed = (type: string) => items.filter((item) => at(item, 'type') === type);
  const parts = of('user').flatMap((item) => listAt(item, 'content'));
  const instructions = at(body, 'instructions');
  return {
    system: [
      ...(typeof instructions === 'string' ? [instructions] : []),
      ...of('system', 'developer').flatMap(textsOf),
    ].join('\n'),
    said: of('user').flatMap(textsOf),
    answered: of('assistant').flatMap(textsOf),
    tools: listAt(body, 'tools').map((tool) => toolOf(tool, 'parameters')),
    choice: at(body, 'tool_choice', 'name') ?? at(body, 'tool_choice'),
    calls: typed('function_call').map((item) => ({
      id: at(item, 'call_id'),
      name: at(item, 'name'),
      input: parsed(at(item, 'arguments')),
    })),
    results: typed('function_call_output').map((item) => ({
      id: at(item, 'call_id'),
      text: textsOf({ content: at(item, 'output') }).join(''),
    })),
    schema: at(body, 'text', 'format', 'schema'),
    media: there(parts.map((part) => base64(at(part, 'image_url') ?? at(part, 'file_data')))),
    seals: there(typed('reasoning').map((item) => at(item, 'encrypted_content'))),
    thoughts: typed('reasoning').flatMap((item) => textsOf({ content: at(item, 'summary') })),
    outputTokensMax: at(body, 'max_output_tokens'),
  };
}

function readAnthropic(body: unknown): Sent {
  const blocks = listAt(body, 'messages').flatMap((message) => {
    const content = at(message, 'content');
    const list = typeof content === 'string' ? [{ type: 'text', text: content }] : listAt(message, 'content');
    return list.map((block) => ({ role: at(message, 'role'), block }));
  });
  const typed = (...types: unknown[]) =>
    blocks.map(({ block }) => block).filter((block) => types.includes(at(block, 'type')));
  const choice = at(body, 'tool_choice', 'type');
  return {
    system: textsOf({ content: at(body, 'system') }).join('\n'),
    said: blocks
      .flatMap(({ role, block }) => (role === 'user' ? there([at(block, 'text')]) : []))
      .map(String),
    answered: blocks
      .flatMap(({ role, block }) => (role === 'assistant' ? there([at(block, 'text')]) : []))
      .map(String),
    tools: listAt(body, 'tools').map((tool) => toolOf(tool, 'input_schema')),
    choice: at(body, 'tool_choice', 'name') ?? (choice === 'any' ? 'required' : choice),
    calls: typed('tool_use').map((block) => ({
      id: at(block, 'id'),
      name: at(block, 'name'),
      input: at(block, 'input'),
    })),
    results: typed('tool_result').map((block) => ({
      id: at(block, 'tool_use_id'),
      text: textsOf(block).join(''),
    })),
    schema: at(body, 'output_config', 'format', 'schema'),
    media: typed('image', 'document').map((block) => at(block, 'source', 'data')),
    seals: there(
      typed('thinking', 'redacted_thinking').map((block) => at(block, 'signature') ?? at(block, 'data')),
    ),
    thoughts: there(typed('thinking').map((block) => at(block, 'thinking'))).map(String),
    outputTokensMax: at(body, 'max_tokens'),
  };
}

/** Protocol buffers take the names of fields in both spellings. */
const SNAKES =
  /^(?:function_(?:declarations|call|response)|inline_data|thought_signature|system_instruction)$/;

function readGemini(given: unknown): Sent {
  const body: unknown = JSON.parse(JSON.stringify(given), (_, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const camel = (name: string) =>
      SNAKES.test(name) ? name.replace(/_(.)/g, (_all, letter) => letter.toUpperCase()) : name;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [camel(name), inner]));
  });
  const parts = listAt(body, 'contents').flatMap((content) =>
    listAt(content, 'parts').map((part) => ({ isUser: at(content, 'role') !== 'model', part })),
  );
  const with_ = (field: string) => there(parts.map(({ part }) => at(part, field)));
  const textOf = (wanted: boolean) =>
    parts.flatMap(({ isUser, part }) =>
      isUser === wanted && at(part, 'thought') !== true ? there([at(part, 'text')]) : [],
    );
  const config = at(body, 'toolConfig', 'functionCallingConfig');
  const modes: { [mode: string]: string } = { ANY: 'required', AUTO: 'auto', NONE: 'none' };
  return {
    system: textsOf({ content: at(body, 'systemInstruction', 'parts') }).join('\n'),
    said: textOf(true).map(String),
    answered: textOf(false).map(String),
    tools: listAt(body, 'tools', 0, 'functionDeclarations').map((tool) =>
      toolOf(tool, 'parametersJsonSchema'),
    ),
    choice: at(config, 'allowedFunctionNames', 0) ?? modes[String(at(config, 'mode'))],
    calls: with_('functionCall').map((call) => ({
      id: at(call, 'id'),
      name: at(call, 'name'),
      input: at(call, 'args'),
    })),
    results: with_('functionResponse').map((result) => {
      const response = at(result, 'response');
      const said = at(response, 'output') ?? at(response, 'error') ?? response;
      return { id: at(result, 'id'), text: typeof said === 'string' ? said : JSON.stringify(said) };
    }),
    schema: at(body, 'generationConfig', 'responseJsonSchema'),
    media: with_('inlineData').map((data) => at(data, 'data')),
    seals: with_('thoughtSignature'),
    thoughts: parts.flatMap(({ part }) => (at(part, 'thought') === true ? [String(at(part, 'text'))] : [])),
    outputTokensMax: at(body, 'generationConfig', 'maxOutputTokens'),
  };
}

function readConverse(body: unknown): Sent {
  const blocks = listAt(body, 'messages').flatMap((message) =>
    listAt(message, 'content').map((block) => ({ isUser: at(message, 'role') === 'user', block })),
  );
  const with_ = (field: string) => there(blocks.map(({ block }) => at(block, field)));
  const textOf = (wanted: boolean) =>
    blocks.flatMap(({ isUser, block }) => (isUser === wanted ? there([at(block, 'text')]) : [])).map(String);
  const choice = at(body, 'toolConfig', 'toolChoice');
  const thoughts = with_('reasoningContent');
  const media = [...with_('image'), ...with_('document')];
  return {
    system: textsOf({ content: at(body, 'system') }).join('\n'),
    said: textOf(true),
    answered: textOf(false),
    tools: listAt(body, 'toolConfig', 'tools').map((tool) => ({
      name: at(tool, 'toolSpec', 'name'),
      description: at(tool, 'toolSpec', 'description'),
      schema: at(tool, 'toolSpec', 'inputSchema', 'json'),
    })),
    choice: at(choice, 'tool', 'name') ?? (at(choice, 'any') ? 'required' : at(choice, 'auto') && 'auto'),
    calls: with_('toolUse').map((call) => ({
      id: at(call, 'toolUseId'),
      name: at(call, 'name'),
      input: at(call, 'input'),
    })),
    results: with_('toolResult').map((result) => ({
      id: at(result, 'toolUseId'),
      text: textsOf(result).join(''),
    })),
    schema: parsed(at(body, 'outputConfig', 'textFormat', 'structure', 'jsonSchema', 'schema')),
    media: media.map((one) => at(one, 'source', 'bytes')),
    seals: there(thoughts.map((one) => at(one, 'reasoningText', 'signature') ?? at(one, 'redactedContent'))),
    thoughts: there(thoughts.map((one) => at(one, 'reasoningText', 'text'))).map(String),
    outputTokensMax: at(body, 'inferenceConfig', 'maxTokens'),
  };
}

/** The texts of a message's content, which is one text or a list of parts. */
function textsOf(message: unknown): string[] {
  const content = at(message, 'content');
  if (typeof content === 'string') return [content];
  return there(listAt(message, 'content').map((part) => at(part, 'text'))).map(String);
}

function toolOf(tool: unknown, schema: string): Sent['tools'][number] {
  return { name: at(tool, 'name'), description: at(tool, 'description'), schema: at(tool, schema) };
}

function parsed(text: unknown): unknown {
  return typeof text === 'string' ? JSON.parse(text) : text;
}

/** What stands behind the comma of a data URL. */
function base64(url: unknown): string | undefined {
  return typeof url === 'string' ? url.slice(url.indexOf(',') + 1) : undefined;
}

function there(values: unknown[]): unknown[] {
  return values.filter((value) => value !== undefined && value !== null && value !== '');
}
