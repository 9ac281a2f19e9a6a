import type { JsonObject, Loss } from '@app/protocol';

/** How a provider departs from its dialect: data, applied to every body that is sent to it. */
export type Quirks = {
  /** Fields that it refuses: left out, each a loss. */
  drop?: readonly string[];
  /** Fields that it knows by another name. */
  rename?: { readonly [name: string]: string };
  /** Fields that every body gets. */
  set?: JsonObject;
  /** Fields that stand elsewhere in its requests, the model in the path for one: left out, and nothing is lost. */
  omit?: readonly string[];
  /** Headers, in lower case, that it takes as a list in this field of the body instead. */
  headerFields?: { readonly [header: string]: string };
};

/** A body as this provider takes it, and what had to be left out. The body given is not changed. */
export function applyQuirks(body: JsonObject, quirks: Quirks): { body: JsonObject; losses: Loss[] } {
  const written: JsonObject = { ...body };
  const losses: Loss[] = [];
  for (const name of quirks.drop ?? []) {
    if (written[name] === undefined) continue;
    delete written[name];
    losses.push({ path: name, why: 'unsupported' });
  }
  for (const [from, to] of Object.entries(quirks.rename ?? {})) {
    if (written[from] === undefined) continue;
    written[to] ??= written[from];
    delete written[from];
  }
  for (const name of quirks.omit ?? []) delete written[name];
  return { body: Object.assign(written, quirks.set), losses };
}

type Headers = { [name: string]: string };

/** The headers that stay headers, and the fields that the others become. */
export function moveHeaders(headers: Headers, quirks: Quirks): { headers: Headers; fields: JsonObject } {
  const moved = { headers: { ...headers }, fields: {} as JsonObject };
  for (const [name, field] of Object.entries(quirks.headerFields ?? {})) {
    const value = headers[name];
    if (value === undefined) continue;
    delete moved.headers[name];
    moved.fields[field] = value.split(',').map((item) => item.trim());
  }
  return moved;
}
