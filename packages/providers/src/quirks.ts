import type { JsonObject, Loss } from '@app/protocol';

/** How a provider departs from its dialect: data, applied to every body that is sent to it. */
export type Quirks = {
  /** Fields that it refuses: left out, each a loss. */
  drop?: readonly string[];
  /** Fields that it knows by another name. */
  rename?: { readonly [name: string]: string };
  /** Fields that every body gets. */
  set?: JsonObject;
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
  return { body: Object.assign(written, quirks.set), losses };
}
