import { isObject, type JsonObject, parseJson } from '@app/protocol';

/**
 * A stored request with the settings that its sender told beside it, as `modelParameters`: so requests of all senders are read
 * alike. What the request says itself counts. Pieces that were taken out of it stay where they are.
 */
export function withSettings(request: string, attributes: string): string {
  const settings = settingsOf(attributes);
  if (settings === undefined) return request;
  if (request === '') return JSON.stringify(settings);
  const value = parseJson(request);
  if (value === undefined) return request;
  if (Array.isArray(value))
    return JSON.stringify({ messages: value, ...without(settings, { messages: value }) });
  // A piece of its own is one text.
  if (!isObject(value) || '$content' in value)
    return JSON.stringify({ input: value, ...without(settings, { input: value }) });
  return JSON.stringify({ ...value, ...without(settings, value) });
}

function settingsOf(attributes: string): JsonObject | undefined {
  if (!attributes.includes('"modelParameters"')) return undefined;
  const value = parseJson(attributes);
  const metadata = isObject(value) ? value.metadata : undefined;
  const told = isObject(metadata) ? metadata.langfuse : undefined;
  const settings = isObject(told) ? told.modelParameters : undefined;
  return isObject(settings) && Object.keys(settings).length > 0 ? settings : undefined;
}

function without(settings: JsonObject, named: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !Object.hasOwn(named, name)));
}
