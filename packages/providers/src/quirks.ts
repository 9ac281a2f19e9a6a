import type { JsonObject, Loss } from '@app/protocol';
import { applyRules, type Written } from './quirks/apply-rules.ts';
import type { ModelRules, Rules } from './quirks/rules.ts';
import { valueAt } from './quirks/update-at.ts';

/** How a provider departs from its dialect: data, applied to every body that is sent to it. */
export type Quirks = Rules & {
  /** More rules, for some of its models. They come first. */
  forModels?: readonly ModelRules[];
  /** Fields that every body gets. */
  set?: JsonObject;
  /** Fields that stand elsewhere in its requests, the model in the path for one: left out, and nothing is lost. */
  omit?: readonly string[];
  /** Headers, in lower case, that it takes as a list in this field of the body instead. */
  headerFields?: { readonly [header: string]: string };
};

/** `isOwn`: the caller speaks the provider's dialect. `model` is the provider's own name for the model. */
export type QuirkFacts = { model: string; isOwn: boolean };

/**
 * A body as this provider takes it, and what was lost on the way, in the words of the provider's dialect. The body
 * given is not changed.
 */
export function applyQuirks(body: JsonObject, quirks: Quirks, facts: QuirkFacts): Written {
  const losses: Loss[] = [];
  let written = body;
  for (const rules of [...(quirks.forModels ?? []).filter((more) => areMeant(more, facts, body)), quirks]) {
    const after = applyRules(written, rules);
    written = after.body;
    losses.push(...after.losses.filter(({ path }) => !losses.some((loss) => loss.path === path)));
  }
  const sent = { ...written };
  for (const name of quirks.omit ?? []) delete sent[name];
  return { body: Object.assign(sent, quirks.set), losses };
}

function areMeant(rules: ModelRules, { model, isOwn }: QuirkFacts, body: JsonObject): boolean {
  const { models, except = [], isForeignOnly, unless } = rules;
  if (isForeignOnly === true && isOwn) return false;
  if (!models.some((name) => isNamed(model, name)) || except.some((name) => isNamed(model, name)))
    return false;
  return unless === undefined || valueAt(body, unless.path) !== unless.is;
}

function isNamed(model: string, name: string): boolean {
  return name.startsWith('*') ? model.includes(name.slice(1)) : model.startsWith(name);
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
