import { binaryMark, type Json } from '../snapshot.ts';

/** The fields of a form; a file is told by its name, type and size. */
export function readForm(body: unknown): { [field: string]: Json } {
  const fields: { [field: string]: Json } = {};
  if (typeof FormData === 'undefined' || !(body instanceof FormData)) return fields;
  for (const [name, value] of body) {
    const told = typeof value === 'string' ? value : `${value.name} ${binaryMark(value.type, value.size)}`;
    const before = fields[name];
    if (before === undefined) fields[name] = told;
    else fields[name] = Array.isArray(before) ? [...before, told] : [before, told];
  }
  return fields;
}
