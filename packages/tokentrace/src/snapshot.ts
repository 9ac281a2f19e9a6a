import type { Json, JsonObject } from './json-value.ts';

const DEPTH_MAX = 64;
/** What a value costs in memory beside its text, roughly. */
const NODE_BYTES = 32;

/** What one span's values may still hold. Texts are counted with two bytes a character, as a runtime may store them. */
export type SnapshotBudget = { bytes: number };

/**
 * A copy as JSON of what an app holds, so that what the app changes later is not seen. Texts are shared, not copied:
 * the cost grows with the number of values, not with their length. What exceeds the budget is replaced by a mark, what
 * JSON cannot say (functions, symbols) is left out, bytes become a mark. Never throws.
 */
export function snapshot(value: unknown, budget: SnapshotBudget): Json {
  return copy(value, 0, budget) ?? null;
}

function copy(value: unknown, depth: number, budget: SnapshotBudget): Json | undefined {
  if (typeof value === 'string') return copyText(value, budget);
  budget.bytes -= NODE_BYTES;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return undefined;
  if (depth >= DEPTH_MAX) return '[too deep]';
  if (budget.bytes < 0) return '[cut]';
  try {
    return copyObject(value, depth, budget);
  } catch {
    return '[unreadable]';
  }
}

function copyText(text: string, budget: SnapshotBudget): string {
  const bytes = text.length * 2 + NODE_BYTES;
  if (bytes > budget.bytes) return `[cut, ${text.length} characters]`;
  budget.bytes -= bytes;
  return text;
}

function copyObject(value: object, depth: number, budget: SnapshotBudget): Json | undefined {
  if (Array.isArray(value)) return copyArray(value, depth, budget);
  const bytes = bytesOf(value);
  if (bytes !== undefined) return `[binary, ${bytes} bytes]`;
  if ('toJSON' in value && typeof value.toJSON === 'function')
    return copy(value.toJSON(''), depth + 1, budget);
  if (value instanceof Error) return copyError(value, budget);
  if (value instanceof Set) return copyArray([...value], depth, budget);
  if (value instanceof Map) return copyObject(Object.fromEntries(value), depth, budget);
  return copyFields(value, depth, budget);
}

function copyArray(items: readonly unknown[], depth: number, budget: SnapshotBudget): Json[] {
  const result: Json[] = [];
  for (const item of items) {
    if (budget.bytes < 0) {
      result.push(`[cut, ${items.length - result.length} more]`);
      break;
    }
    result.push(copy(item, depth + 1, budget) ?? null);
  }
  return result;
}

function copyFields(value: object, depth: number, budget: SnapshotBudget): JsonObject {
  const result: JsonObject = {};
  for (const [name, field] of Object.entries(value)) {
    if (budget.bytes < 0) break;
    const copied = copy(field, depth + 1, budget);
    if (copied === undefined) continue;
    budget.bytes -= name.length * 2;
    // An assignment to this name would set the prototype.
    if (name === '__proto__') Object.defineProperty(result, name, { value: copied, enumerable: true });
    else result[name] = copied;
  }
  return result;
}

function copyError(error: Error, budget: SnapshotBudget): JsonObject {
  const stack = typeof error.stack === 'string' ? { stack: copyText(error.stack, budget) } : {};
  return { name: copyText(error.name, budget), message: copyText(error.message, budget), ...stack };
}

function bytesOf(value: object): number | undefined {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength;
  return typeof Blob !== 'undefined' && value instanceof Blob ? value.size : undefined;
}
