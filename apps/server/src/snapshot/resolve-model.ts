import type { Target } from '@app/gateway';

/** Names as callers may write them, and how each becomes targets. */
export type ModelTable = {
  /** Exact names, aliases included. */
  named: ReadonlyMap<string, readonly Target[]>;
  /** A model written as `provider_id/rest`; undefined when no such provider is there. */
  findAt(providerId: string, rest: string): Target | undefined;
  /** Names that `auto` stands for, best first. */
  order: readonly string[];
};

const MODES = new Set(['balance', 'balanced', 'latency', 'speed', 'fast', 'cost', 'quality']);
const AUTO_TARGETS_MAX = 50;
/** No provider has a longer name, and what is called is kept in every list of calls. */
const NAME_CHARS_MAX = 512;

/**
 * Targets for a name, in order of preference: an exact alias or model; `provider_id/rest`; the same after a last
 * `:mode` was cut off; `auto`, which is the model order. Empty when nobody serves the name.
 */
export function resolveModel(table: ModelTable, name: string): readonly Target[] {
  if (name.length > NAME_CHARS_MAX) return [];
  const found = resolvePlain(table, name);
  if (found.length > 0) return found;
  const colon = name.lastIndexOf(':');
  // A tag such as `llama3:8b` is part of a model's name; only the name of a mode is not.
  const plain = colon > 0 && MODES.has(name.slice(colon + 1)) ? name.slice(0, colon) : undefined;
  if (plain === 'auto' || name === 'auto') return resolveOrder(table);
  return plain === undefined ? [] : resolvePlain(table, plain);
}

function resolvePlain(table: ModelTable, name: string): readonly Target[] {
  const exact = table.named.get(name);
  if (exact !== undefined) return exact;
  const slash = name.indexOf('/');
  const rest = name.slice(slash + 1);
  if (slash < 1 || !canBeModel(rest)) return [];
  const target = table.findAt(name.slice(0, slash), rest);
  return target === undefined ? [] : [target];
}

/**
 * What a caller makes up may become a part of a path: it must not lead elsewhere, and must be text. Blanks around a name,
 * and what nobody sees in it, would only make another name of the same model, which other limits count.
 */
function canBeModel(name: string): boolean {
  const isPlain = name !== '' && name !== '.' && !name.includes('..') && name.isWellFormed();
  return isPlain && name === name.trim() && !/[\p{Cc}\p{Cf}]/u.test(name);
}

function resolveOrder(table: ModelTable): readonly Target[] {
  const targets: Target[] = [];
  const seen = new Set<string>();
  for (const target of table.order.flatMap((name) => resolvePlain(table, name))) {
    const place = `${target.provider.id}/${target.model}`;
    if (seen.has(place)) continue;
    seen.add(place);
    targets.push(target);
    if (targets.length === AUTO_TARGETS_MAX) break;
  }
  return targets;
}
