import { GatewayError, isObject, type Json, type JsonObject, parseJson } from '@app/protocol';

/** More than any call names. */
const FILE_IDS_MAX = 200;

/**
 * Ids of files at a provider that a call's body names, in any dialect: each once. What a tool was called with or may be
 * called with is the caller's own data, in which no provider looks for files. Throws for more than 200.
 */
export function listFileIds(body: JsonObject): string[] {
  const ids = new Set<string>();
  const open: Json[] = [body];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (Array.isArray(value)) for (const inner of value) open.push(inner);
    else if (isObject(value)) visit(value, ids, open);
    if (ids.size > FILE_IDS_MAX) throw tooMany();
  }
  return [...ids];
}

function visit(object: JsonObject, ids: Set<string>, open: Json[]): void {
  for (const [name, inner] of Object.entries(object)) {
    if (inner === undefined || isOwnData(name, object)) continue;
    addNamed(ids, name, inner);
    if (typeof inner === 'object' && inner !== null) open.push(inner);
  }
}

function addNamed(ids: Set<string>, name: string, value: Json): void {
  if (ID_FIELDS.has(name)) for (const id of textsOf(value)) ids.add(id);
  else if (URI_FIELDS.has(name)) {
    for (const uri of textsOf(value)) {
      // Google names its files by address. Other addresses name no file of the account.
      const id = /(?:^|\/)files\/([^/?#]{1,200})/.exec(uri)?.[1];
      if (id !== undefined) ids.add(id);
    }
  }
}

function tooMany(): GatewayError {
  const message = `A call may name at most ${FILE_IDS_MAX} files.`;
  return new GatewayError('invalid_parameter', message, { param: 'file_id', retryable: false });
}

const ID_FIELDS = new Set(['file_id', 'file_ids', 'fileId', 'fileIds', 'input_file_id']);
const URI_FIELDS = new Set(['fileUri', 'file_uri']);
const OWN_DATA = new Set(['parameters', 'input_schema', 'metadata', 'functionCall', 'function_call']);
const TOOL_CALLS = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use']);

function isOwnData(name: string, owner: JsonObject): boolean {
  if (name === 'input') return typeof owner.type === 'string' && TOOL_CALLS.has(owner.type);
  return OWN_DATA.has(name);
}

function textsOf(value: Json): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string');
}

/** Cheap, and never wrong in the direction that matters: an escaped spelling counts too. */
export function mayNameFiles(text: string): boolean {
  return /file_?(?:id|uri)/i.test(text) || text.includes('\\u00');
}

/** The same for a file of one JSON object per line, each a call. The file itself goes to the provider as it is. */
export function listFileIdsOfLines(bytes: Buffer): string[] {
  const text = bytes.toString('utf8');
  if (!mayNameFiles(text)) return [];
  const ids = new Set<string>();
  for (const line of text.split('\n')) {
    if (!mayNameFiles(line)) continue;
    const call = parseJson(line);
    if (isObject(call)) for (const id of listFileIds(call)) ids.add(id);
    // A field that is there twice, or a line that only others can read, may be understood otherwise there.
    for (const [, id] of line.matchAll(PLAIN_ID)) if (id !== undefined) ids.add(id);
  }
  return [...ids];
}

const PLAIN_ID = /"(?:file_id|fileId|input_file_id)"\s*:\s*"([^"\\]{1,200})"/g;
