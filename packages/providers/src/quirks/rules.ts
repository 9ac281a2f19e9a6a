import type { Json } from '@app/protocol';

/**
 * How a body must differ from its dialect: data, applied in this order. A field is named by its path in the dialect's
 * own words: `temperature`, `generationConfig.topK`, or `messages[].name` for every message.
 */
export type Rules = {
  /** How thinking is asked for. */
  thinking?: ThinkingRule;
  /** Words that it does not know, and what comes nearest: a loss. `null`: nothing does, so the field is left out. */
  nearest?: { readonly [path: string]: { readonly [word: string]: string | null } };
  /** Words that it knows by another word of the same meaning, or (`null`) that go without saying: nothing is lost. */
  synonyms?: { readonly [path: string]: { readonly [word: string]: string | null } };
  /** Fields that it refuses: left out, each a loss unless it asks for what happens anyway. */
  drop?: readonly string[];
  /** Fields of which it takes this one value: any other is left out, a loss. */
  only?: { readonly [path: string]: Json };
  /** Numbers that it takes within bounds: moved to the nearer bound, a loss. */
  bounds?: { readonly [path: string]: readonly [min: number, max: number] };
  /** Fields that it knows by another name: nothing is lost. Neither path leads through a list. */
  rename?: { readonly [path: string]: string };
};

/**
 * `switch`: a field of its own turns thinking on and off, beside `reasoning_effort` or (without `keepsEffort`) instead
 * of it. `adaptive`: Claude that refuses a budget and, when `isAlwaysOn`, to be told not to think. `budget`: Claude
 * that knows budgets alone.
 */
export type ThinkingRule =
  | { kind: 'switch'; field: string; on: Json; off: Json; keepsEffort?: true }
  | { kind: 'adaptive'; isAlwaysOn?: true }
  | { kind: 'budget' };

/** Rules for some models, by the beginnings of their names; `*` before one means anywhere in the name. */
export type ModelRules = Rules & {
  models: readonly string[];
  except?: readonly string[];
  /**
   * A caller of the same dialect is not helped: it addresses this provider's model in the provider's own words, and
   * gets the provider's own answer.
   */
  isForeignOnly?: true;
  /** They do not hold where this field has this value. */
  unless?: { path: string; is: Json };
};
