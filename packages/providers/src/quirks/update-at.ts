import { isObject, type Json, type JsonObject } from '@app/protocol';

/** `undefined` takes the value away. */
export type Change = (value: Json) => Json | undefined;

/**
 * The body with every value at a path changed, for example `messages[].role`. Only what changes is copied; a path that
 * leads nowhere changes nothing.
 */
export function updateAt(body: JsonObject, path: string, change: Change): JsonObject {
  // Most rules are about fields that most calls do not have.
  if (body[firstStep(path)] === undefined) return body;
  const changed = update(body, { steps: path.replaceAll('[]', '.[]').split('.'), change }, 0);
  return isObject(changed) ? changed : body;
}

function firstStep(path: string): string {
  const dot = path.indexOf('.');
  const list = path.indexOf('[');
  const end = dot < 0 || (list >= 0 && list < dot) ? list : dot;
  return end < 0 ? path : path.slice(0, end);
}

/** The value at a path without lists. */
export function valueAt(body: JsonObject, path: string): Json | undefined {
  if (!path.includes('.')) return body[path];
  let value: Json | undefined = body;
  for (const step of path.split('.')) value = isObject(value) ? value[step] : undefined;
  return value;
}

/** The body with a value at a path without lists, whatever stood in its way. */
export function setAt(body: JsonObject, path: string, value: Json): JsonObject {
  const [step = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...body, [step]: value };
  const inner = body[step];
  return { ...body, [step]: setAt(isObject(inner) ? inner : {}, rest.join('.'), value) };
}

/** The same all along a path. */
type Walk = { steps: readonly string[]; change: Change };

function update(value: Json, walk: Walk, at: number): Json | undefined {
  const { steps, change } = walk;
  const step = steps[at];
  if (step === undefined) return change(value);
  if (step === '[]') return Array.isArray(value) ? updateItems(value, walk, at + 1) : value;
  if (!isObject(value)) return value;
  const before = value[step];
  if (before === undefined) return value;
  const after = update(before, walk, at + 1);
  if (after === before) return value;
  const copy = { ...value };
  if (after === undefined) delete copy[step];
  else copy[step] = after;
  return copy;
}

/** Mostly nothing changes, and then nothing is copied. */
function updateItems(list: Json[], walk: Walk, at: number): Json {
  let copy: Json[] | undefined;
  for (const [i, item] of list.entries()) {
    const after = update(item, walk, at);
    if (after !== item) copy ??= list.slice(0, i);
    if (copy !== undefined && after !== undefined) copy.push(after);
  }
  return copy ?? list;
}
