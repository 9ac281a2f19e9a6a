import { isObject, type Json, type JsonObject } from '@app/protocol';

/** More elements of one list, and more levels, than any sender flattens. What lies beyond is left out. */
const PLACES_MAX = 5_000;
const LEVELS_MAX = 16;

/** Lists of senders that flatten them by prefix: `gen_ai.prompt.`, `llm.input_messages.`. */
export function unflattenLists(attributes: JsonObject, prefixes: readonly string[]): (Json[] | undefined)[] {
  const trees = prefixes.map((): Tree => new Map());
  for (const key of Object.keys(attributes)) {
    const at = prefixes.findIndex((prefix) => key.startsWith(prefix));
    const prefix = prefixes[at];
    const tree = trees[at];
    if (prefix === undefined || tree === undefined || !isDigit(key, prefix.length)) continue;
    plant(tree, key.slice(prefix.length).split('.'), attributes[key] ?? null);
  }
  return trees.map((tree) => (tree.size === 0 ? undefined : listOf(grow(tree))));
}

type Tree = Map<string, Tree | { leaf: Json }>;

function isDigit(key: string, at: number): boolean {
  const code = key.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

/** A value where another sender's list begins gives way to the list. */
function plant(root: Tree, path: readonly string[], value: Json): void {
  if (path.length > LEVELS_MAX) return;
  let tree = root;
  path.forEach((step, level) => {
    if (level === path.length - 1) {
      if (!tree.has(step)) tree.set(step, { leaf: value });
      return;
    }
    const below = tree.get(step);
    if (below instanceof Map) {
      tree = below;
      return;
    }
    const planted: Tree = new Map();
    tree.set(step, planted);
    tree = planted;
  });
}

/** A tree whose steps are all numbers is a list, in their order. */
function grow(tree: Tree): Json {
  const entries = [...tree].map(([step, below]): [string, Json] => [
    step,
    below instanceof Map ? grow(below) : below.leaf,
  ]);
  if (entries.every(([step]) => /^\d{1,6}$/.test(step))) {
    const ordered = entries.map(([step, value]): [number, Json] => [Number(step), value]);
    return ordered
      .sort(([a], [b]) => a - b)
      .slice(0, PLACES_MAX)
      .map(([, value]) => value);
  }
  return Object.fromEntries(entries.filter(([step]) => step !== '__proto__'));
}

function listOf(grown: Json): Json[] {
  if (Array.isArray(grown)) return grown;
  return isObject(grown) ? Object.values(grown).filter((value) => value !== undefined) : [grown];
}
