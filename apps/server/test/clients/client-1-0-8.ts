import { makeEnvelope } from '../make-envelope.ts';
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

/** Those that it finds in the environment (`OPENAI_API_KEY`, ...), by the providers' names. */
type Options108 = OlderOptions & { providerKeys?: { [provider: string]: string } };

/** `tokenrouter` 1.0.6 to 1.0.8 for Node, and Python 1.0.3 to 1.0.11: `/route`, chat and text completions. */
export function createClient108(options: Options108) {
  const send = async (path: string, body: { key_mode?: unknown }, isStream: boolean) => {
    const headers = { ...options.headers, ...(await keysHeader(options, body.key_mode)) };
    return sendOlder(
      { ...options, headers },
      { method: 'POST', path, body: { model: 'auto', ...body, stream: isStream }, isStream },
    );
  };
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

/** In every mode but `stored`, where there is a key: all of them, encrypted to the key that the server publishes. */
async function keysHeader(
  { baseUrl, providerKeys = {} }: Options108,
  keyMode: unknown,
): Promise<{ [name: string]: string }> {
  if (keyMode === 'stored' || Object.keys(providerKeys).length === 0) return {};
  const published: unknown = await (await fetch(`${baseUrl}/.well-known/tr-public-key`)).json();
  const pem =
    typeof published === 'object' && published !== null ? Reflect.get(published, 'public_key_pem') : '';
  return { 'X-TR-Provider-Keys': makeEnvelope(String(pem), providerKeys) };
}
