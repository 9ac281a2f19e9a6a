import { type OlderOptions, readOlderStream, sendOlder } from './older-http.ts';

type RouteOptions = {
  messages: object[];
  model?: string;
  mode?: 'cost' | 'quality' | 'latency' | 'balanced';
  model_preferences?: string[];
  key_mode?: 'inline' | 'stored' | 'mixed' | 'auto';
  max_completion_tokens?: number | null;
  [other: string]: unknown;
};

/** `tokenrouter` 1.0.6 to 1.0.8 for Node, and Python 1.0.3 to 1.0.11: `/route`, chat and text completions. */
export function createClient108(options: OlderOptions) {
  const send = (path: string, body: object, isStream: boolean) =>
    sendOlder(options, {
      method: 'POST',
      path,
      body: { model: 'auto', ...body, stream: isStream },
      isStream,
    });
  const surface = (path: string) => ({
    create: async (body: object): Promise<unknown> => (await send(path, body, false)).json(),
    stream: async (body: object) => readOlderStream(await send(path, body, true)),
  });
  return {
    create: async (body: RouteOptions): Promise<unknown> => (await send('/route', body, false)).json(),
    stream: async (body: RouteOptions) => readOlderStream(await send('/route', body, true)),
    chat: surface('/v1/chat/completions'),
    completions: surface('/v1/completions'),
  };
}
