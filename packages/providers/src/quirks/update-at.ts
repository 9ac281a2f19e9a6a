import { isObject, type Json, type JsonObject } from '@app/protocol';

/** `undefined` takes the value away. */
export type Change = (value: Json) => Json | undefined;

/**
 * The body with every value at a path changed, for example `messages[].role`. Only what changes is copied; a path that
 * leads nowhere changes nothing.
 */
export function updateAt(body: JsonObject, path: string, change: Change): JsonObject {
  const changed = update(body, path.replaceAll('[]', '.[]').split('.'), change);
  return isObject(changed) ? changed : body;
}

/** The value at a path without lists. */
export function valueAt(body: JsonObject, path: string): Json | undefined {
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

function update(value: Json, [step, ...rest]: string[], change: Change): Json | undefined {
  if (step === undefined) return change(value);
  if (step === '[]') return updateItems(value, rest, change);
  if (!isObject(value)) return value;
  const before = value[step];
  if (before === undefined) return value;
  const after = update(before, rest, change);
  if (after === before) return value;
  const copy = { ...value };
  if (after === undefined) delete copy[step];
  else copy[step] = after;
  return copy;
}

function updateItems(list: Json, rest: string[], change: Change): Json {
  if (!Array.isArray(list)) return list;
  let hasChanged = false;
  const items = list.flatMap((item): Json[] => {
    const after = update(item, rest, change);
    hasChanged ||= after !== item;
    return after === undefined ? [] : [after];
  });
  return hasChanged ? items : list;
}
