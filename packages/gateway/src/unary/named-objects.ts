import { isObject, type Json, type JsonObject } from '@app/protocol';

/** What a call's body names that providers keep. */
export type NamedObjects = {
  /** Ids of files: each once, and one more than may be when there are too many. */
  files: string[];
  /** The first field that names something else, of which nobody knows whose it is. */
  shared: string | undefined;
};

/** More than any call names. */
export const FILE_IDS_MAX = 200;

/**
 * Looks through a body in any dialect. What a tool was called with or may be called with, schemas and what models said
 * about their sources are passed over: no provider looks for files in them. `known` are containers that are the project's.
 */
export function readNamedObjects(body: JsonObject, known: ReadonlySet<string> = NONE): NamedObjects {
  const search: Search = { files: new Set(), shared: undefined, open: [body], known };
  for (let value = search.open.pop(); value !== undefined; value = search.open.pop()) {
    if (Array.isArray(value)) for (const inner of value) push(search, inner);
    else if (isObject(value)) visit(search, value);
    if (search.files.size > FILE_IDS_MAX) break;
  }
  return { files: [...search.files].slice(0, FILE_IDS_MAX + 1), shared: search.shared };
}

const NONE: ReadonlySet<string> = new Set();

type Search = {
  files: Set<string>;
  shared: string | undefined;
  open: Json[];
  known: ReadonlySet<string>;
};

function push({ open }: Search, value: Json): void {
  if (typeof value === 'object' && value !== null) open.push(value);
}

function visit(search: Search, object: JsonObject): void {
  for (const name in object) {
    const value = object[name];
    if (value === undefined || isOwnData(name, value, object)) continue;
    if (FILE_FIELDS.has(name)) for (const id of textsOf(value)) search.files.add(id);
    else if (ADDRESS.test(name)) for (const text of textsOf(value)) readAddress(search, name, text);
    if (search.shared === undefined && !isKnown(search, name, value) && namesShared(name, value, object))
      search.shared = name;
    push(search, value);
  }
}

const FILE_FIELDS = new Set(['file_id', 'file_ids', 'fileId', 'fileIds', 'input_file_id']);
const ADDRESS = /ur[il]s?$/i;
const OWN_DATA = new Set([
  ...['parameters', 'input_schema', 'metadata', 'functionCall', 'function_call', 'annotations', 'citations'],
  ...['schema', 'json_schema', 'responseSchema', 'response_schema', 'responseJsonSchema'],
  ...['parametersJsonSchema', 'parameters_json_schema'],
]);
const TOOL_CALLS = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use']);

function isOwnData(name: string, value: Json, owner: JsonObject): boolean {
  // The input of a response is a text or a list, and that of a tool neither.
  if (name === 'input') return TOOL_CALLS.has(typeOf(owner)) && isObject(value);
  // What Gemini is told that a tool said; beside it stand the files that the tool gave.
  if (name === 'response') return typeof owner.name === 'string' && isObject(value);
  // Files that a model's own code made, which only callers fetch.
  if (name === 'file_id') return typeOf(owner).endsWith('code_execution_output');
  if (name === 'results') return typeOf(owner) === 'file_search_call';
  return OWN_DATA.has(name);
}

function typeOf({ type }: JsonObject): string {
  return typeof type === 'string' ? type : '';
}

/**
 * Google names its files by address, whichever dialect the address came in. A place in a bucket is read with the
 * account's own rights. All other addresses are the world's.
 */
function readAddress(search: Search, name: string, text: string): void {
  const start = text.slice(0, ADDRESS_CHARS_MAX).replace(/[\0-\x20]/g, '');
  if (/^data:/i.test(start)) return;
  if (/^(?:gs|s3):/i.test(start)) {
    search.shared ??= name;
    return;
  }
  // Reading an address costs a thousand times as much as looking whether it could be Google's.
  if (/^https?:/i.test(start) && !GOOGLES_FIELDS.has(name) && !MAY_BE_GOOGLES.test(start)) return;
  const url = URL.parse(start);
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:';
  const isGoogles = isHttp && /(?:^|\.)generativelanguage\.googleapis\.com\.?$/.test(url.hostname);
  if (isHttp && !isGoogles && !GOOGLES_FIELDS.has(name)) return;
  const id = FILE_PATH.exec(decoded(isHttp ? url.pathname : start))?.[1];
  if (id !== undefined) search.files.add(id);
  else if (isGoogles) search.shared ??= name;
}

/** A host may be spelled with escapes, and in the letters of other scripts. */
const MAY_BE_GOOGLES = /google|%|[^\x21-\x7e]/i;
const ADDRESS_CHARS_MAX = 2_048;
const GOOGLES_FIELDS = new Set(['fileUri', 'file_uri']);
const FILE_PATH = /(?:^|\/)files\/([^/?#:]{1,200})/i;

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** By their names alone they open what an account keeps: stores, containers, caches, prompts, earlier replies. */
const SHARED_FIELDS = new Set([
  ...['vector_store_ids', 'vector_store_id', 'container_id', 'previous_response_id'],
  ...['cachedContent', 'cached_content', 'fileSearchStoreNames', 'file_search_store_names'],
  ...['ragCorpus', 'rag_corpus', 'datastore', 'knowledge_base_id', 'library_ids', 'collection_ids'],
]);

function isKnown({ known }: Search, name: string, value: Json): boolean {
  const isContainer = name === 'container_id' || name === 'container';
  return isContainer && typeof value === 'string' && known.has(value);
}

function namesShared(name: string, value: Json, owner: JsonObject): boolean {
  switch (name) {
    case 'container':
    case 'conversation':
      return isText(value) || (isObject(value) && isText(value.id));
    case 'prompt':
      return isObject(value) && isText(value.id);
    case 'skill_id':
      return isText(value) && owner.type !== 'anthropic';
    case 'type':
      return value === 'item_reference' || (value === 'image_generation_call' && !isText(owner.result));
    case 'input':
      return Array.isArray(value) && value.some(isBareId);
    default:
      return SHARED_FIELDS.has(name) && textsOf(value).some(isText);
  }
}

/** A name alone stands for the item of that name. */
function isBareId(item: Json): boolean {
  return isObject(item) && isText(item.id) && Object.keys(item).length === 1;
}

function isText(value: Json | undefined): boolean {
  return typeof value === 'string' && value !== '';
}

function textsOf(value: Json): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.filter((one) => typeof one === 'string');
}
