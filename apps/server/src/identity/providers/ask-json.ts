import type { AskOnce } from '../../outbound/ask-once.ts';

export type JsonObject = { readonly [name: string]: unknown };
export type AskJson = (request: Parameters<AskOnce>[0]) => Promise<unknown>;

/** Asks by the guarded way out and reads JSON. Rejects where anything but a success with JSON comes; never with what it said. */
export function createAskJson(ask: AskOnce): AskJson {
  return async (request) => {
    const { status, body } = await ask(request);
    const place = `${request.url.host}${request.url.pathname}`;
    if (status < 200 || status > 299) throw new Error(`${place} answered with status ${status}.`);
    try {
      return JSON.parse(body);
    } catch {
      throw new Error(`${place} did not answer with JSON.`);
    }
  };
}

/** An object of JSON, or an empty one. */
export function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A text of JSON that is neither empty nor longer than it may be. */
export function asText(value: unknown, lengthMax = 2_048): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= lengthMax ? value : undefined;
}
