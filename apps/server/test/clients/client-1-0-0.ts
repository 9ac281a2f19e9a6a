import { type OlderOptions, readOlderStream, sendOlder } from './older-http.ts';

/** Options as its README shows them, which go to the wire as they are. */
type ChatOptions = {
  messages: object[];
  model?: string;
  mode?: string;
  maxTokens?: number;
  topP?: number;
  modelPreferences?: string[];
  toolChoice?: unknown;
  responseFormat?: object;
  tools?: object[];
  temperature?: number;
};

/** `@tokenrouter/sdk` 1.0.0 for Node, and the Python SDK 1.0.0 to 1.0.3 where it asks other addresses. */
export function createClient100(options: OlderOptions) {
  const get = async (path: string): Promise<unknown> =>
    (await sendOlder(options, { method: 'GET', path })).json();
  const chat = (body: ChatOptions, isStream: boolean) =>
    sendOlder(options, {
      method: 'POST',
      path: '/v1/chat/completions',
      body: { model: 'auto', ...body, stream: isStream },
      isStream,
    });
  return {
    chat: async (body: ChatOptions): Promise<unknown> => (await chat(body, false)).json(),
    stream: async (body: ChatOptions) => readOlderStream(await chat(body, true)),
    models: () => get('/models'),
    costs: () => get('/costs'),
    analytics: () => get('/analytics'),
    health: () => get('/health'),
    /** The Python SDK reads an OpenAI list, or `{models: […]}`. */
    listModels: () => get('/v1/models'),
  };
}
