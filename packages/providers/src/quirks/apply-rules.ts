import type { Json, JsonObject, Loss } from '@app/protocol';
import { asksNothing } from './asks-nothing.ts';
import type { Rules } from './rules.ts';
import { applyThinking } from './thinking.ts';
import { type Change, setAt, updateAt, valueAt } from './update-at.ts';

export type Written = { body: JsonObject; losses: Loss[] };

/** The body after the rules. The body given is not changed. */
export function applyRules(body: JsonObject, rules: Rules): Written {
  const writing = createWriting(body);
  if (rules.thinking !== undefined) applyThinking(rules.thinking, writing);
  for (const [path, words] of Object.entries(rules.nearest ?? {}))
    writing.change(path, (value) => nearest(wordIn(words, value), { path, value, writing }));
  for (const [path, words] of Object.entries(rules.synonyms ?? {}))
    writing.change(path, (value) => {
      const word = wordIn(words, value);
      return word === undefined ? value : (word ?? undefined);
    });
  for (const path of rules.drop ?? []) writing.change(path, (value) => writing.leaveOut(path, value));
  for (const [path, one] of Object.entries(rules.only ?? {}))
    writing.change(path, (value) => (value === one ? value : writing.leaveOut(path, value)));
  for (const [path, [min, max]] of Object.entries(rules.bounds ?? {}))
    writing.change(path, (value) => {
      if (typeof value !== 'number' || (value >= min && value <= max)) return value;
      writing.lose(path, value > max ? 'lowered' : 'changed');
      return value > max ? max : min;
    });
  for (const [from, to] of Object.entries(rules.rename ?? {})) writing.move(from, to);
  return { body: writing.body(), losses: writing.losses };
}

/** A body being written, and what was lost on the way. */
export type Writing = {
  body(): JsonObject;
  get(path: string): Json | undefined;
  set(path: string, value: Json): void;
  change(path: string, change: Change): void;
  /** A value that is there already under the new name stays. */
  move(from: string, to: string): void;
  /** Gives `undefined`, so that a change may end with it. */
  leaveOut(path: string, value: Json): undefined;
  lose(path: string, why: Loss['why']): void;
  losses: Loss[];
};

function createWriting(given: JsonObject): Writing {
  let body = given;
  const losses: Loss[] = [];
  const writing: Writing = {
    losses,
    body: () => body,
    get: (path) => valueAt(body, path),
    set: (path, value) => {
      body = setAt(body, path, value);
    },
    change: (path, change) => {
      body = updateAt(body, path, change);
    },
    move: (from, to) => {
      const value = valueAt(body, from);
      if (value === undefined) return;
      body = updateAt(body, from, () => undefined);
      if (valueAt(body, to) === undefined) body = setAt(body, to, value);
    },
    leaveOut: (path, value) => {
      if (!asksNothing(path, value)) writing.lose(path, 'unsupported');
    },
    // What lies within a thing that is lost is not told again.
    lose: (path, why) => {
      const isTold = losses.some((loss) => path === loss.path || path.startsWith(`${loss.path}.`));
      if (!isTold) losses.push({ path, why });
    },
  };
  return writing;
}

function wordIn<T>(words: { readonly [word: string]: T }, value: Json): T | undefined {
  return typeof value === 'string' && Object.hasOwn(words, value) ? words[value] : undefined;
}

type Place = { path: string; value: Json; writing: Writing };

function nearest(word: string | null | undefined, { path, value, writing }: Place): Json | undefined {
  if (word === undefined) return value;
  // The kind of a thing stands in its `type`; callers know the thing by its own name.
  writing.lose(path.replace(/\.type$/, ''), word === null ? 'unsupported' : 'changed');
  return word ?? undefined;
}
