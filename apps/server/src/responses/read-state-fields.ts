import { GatewayError, isObject, type Json, type JsonObject } from '@app/protocol';
import { parseResponseId } from './new-id.ts';

/** What a call of the Responses API says about what is to be kept, and what it goes on from. */
export type StateFields = {
  store: boolean;
  previousId: string | undefined;
  conversationId: string | undefined;
  isBackground: boolean;
  stream: boolean;
  include: readonly string[];
  /** The caller's own labels; they come back with the reply. */
  metadata: { [key: string]: string };
};

/**
 * Takes what is said to us out of a body, in place: a provider keeps nothing for us, so it gets the whole input and is
 * told not to store it. Throws `GatewayError` naming the field at fault.
 */
export function takeStateFields(body: JsonObject, storeByDefault: boolean): StateFields {
  const fields: StateFields = {
    store: readFlag(body, 'store') ?? storeByDefault,
    previousId: readPrevious(body.previous_response_id),
    conversationId: readConversation(body.conversation),
    isBackground: readFlag(body, 'background') ?? false,
    stream: body.stream === true,
    include: readInclude(body.include),
    metadata: readMetadata(body.metadata),
  };
  if (fields.previousId !== undefined && fields.conversationId !== undefined) {
    throw fault('previous_response_id', 'and `conversation` cannot both be given');
  }
  if (fields.isBackground && !fields.store) {
    throw fault('background', 'needs `store`, because its reply is fetched later; leave out `store: false`');
  }
  delete body.previous_response_id;
  delete body.conversation;
  delete body.background;
  body.store = false;
  return fields;
}

function readFlag(body: JsonObject, name: string): boolean | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw fault(name, 'must be true or false');
  return value;
}

/** A reply is named by its own id or by its request's. */
function readPrevious(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value === '') {
    throw fault('previous_response_id', 'must be the id of a response');
  }
  return parseResponseId(value) ?? value;
}

function readConversation(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  const id = isObject(value) ? value.id : value;
  if (typeof id !== 'string' || id === '') {
    throw fault('conversation', 'must be the id of a conversation, or an object with its `id`');
  }
  return id;
}

function readInclude(value: Json | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > INCLUDE_MAX)
    throw fault('include', 'must be a short list of texts');
  return value.filter((name) => typeof name === 'string');
}

const INCLUDE_MAX = 50;

/** OpenAI's bounds: 16 pairs, keys of 64 characters, values of 512. Throws `GatewayError`. */
export function readMetadata(value: Json | undefined): { [key: string]: string } {
  if (value === undefined || value === null) return {};
  const entries = isObject(value) ? Object.entries(value) : undefined;
  const isGood = entries?.every(
    ([key, text]) =>
      key.length <= KEY_CHARS_MAX && typeof text === 'string' && text.length <= VALUE_CHARS_MAX,
  );
  if (entries === undefined || !isGood || entries.length > METADATA_MAX) {
    throw fault(
      'metadata',
      `must be an object of at most ${METADATA_MAX} texts, with keys of ${KEY_CHARS_MAX} and values of ${VALUE_CHARS_MAX} characters`,
    );
  }
  return Object.fromEntries(entries.map(([key, text]) => [key, String(text)]));
}

export const METADATA_MAX = 16;
const KEY_CHARS_MAX = 64;
export const VALUE_CHARS_MAX = 512;

/** A field with a value that cannot be taken. */
export function fault(param: string, why: string): GatewayError {
  return new GatewayError('invalid_parameter', `\`${param}\` ${why}.`, { param, retryable: false });
}
