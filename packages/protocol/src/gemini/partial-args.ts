import { isObject, type Json, type JsonObject, textOf } from '../json.ts';
import { camelled, readInput } from './wire.ts';

/** The arguments of one call as they come, place by place. */
export type PartialArgs = { add(pieces: Json | undefined): void; text(): string };

type Place = JsonObject | Json[];

const DEPTH_MAX = 64;
const INDEX_MAX = 100_000;

/**
 * Vertex AI streams arguments as values with the JSON path where they belong; a text comes in pieces that follow each
 * other. Source: Vertex AI's reference, `PartialArg`. What is no place is passed over.
 */
export function openPartialArgs(whole: Json | undefined): PartialArgs {
  // Without a prototype every name is a plain field.
  const root: JsonObject = Object.assign(Object.create(null), isObject(whole) ? whole : {});
  return {
    add(pieces) {
      if (!Array.isArray(pieces)) return;
      for (const piece of pieces) if (isObject(piece)) put(root, camelled(piece));
    },
    text: () => readInput(root),
  };
}

function put(root: Place, piece: JsonObject): void {
  const steps = stepsOf(textOf(piece.jsonPath));
  const last = steps?.pop();
  if (steps === undefined || last === undefined) return;
  let place: Place = root;
  for (const [at, step] of steps.entries()) {
    const isList = typeof (steps[at + 1] ?? last) === 'number';
    const next = inside(place, step, isList);
    if (next === undefined) return;
    place = next;
  }
  const before = valueAt(place, last);
  if (typeof piece.stringValue === 'string')
    setAt(place, last, (typeof before === 'string' ? before : '') + piece.stringValue);
  else if (typeof piece.numberValue === 'number') setAt(place, last, piece.numberValue);
  else if (typeof piece.boolValue === 'boolean') setAt(place, last, piece.boolValue);
  else if ('nullValue' in piece) setAt(place, last, null);
}

/** The object or list at a step, made where there is none. */
function inside(place: Place, step: string | number, isList: boolean): Place | undefined {
  const found = valueAt(place, step);
  if (typeof found === 'object' && found !== null) return found;
  if (found !== undefined) return undefined;
  const made: Place = isList ? [] : Object.create(null);
  return setAt(place, step, made) ? made : undefined;
}

function valueAt(place: Place, step: string | number): Json | undefined {
  if (Array.isArray(place)) return typeof step === 'number' ? place[step] : undefined;
  return place[step];
}

/** Lists grow by one: a gap would be memory that nobody sent. */
function setAt(place: Place, step: string | number, value: Json): boolean {
  if (!Array.isArray(place)) place[step] = value;
  else if (typeof step === 'number' && step <= place.length && step <= INDEX_MAX) place[step] = value;
  else return false;
  return true;
}

const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** `$.recipe.ingredients[0]['a name']` as its steps; undefined when it is no such path. */
function stepsOf(path: string): (string | number)[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const steps: (string | number)[] = [];
  STEP.lastIndex = 1;
  while (STEP.lastIndex < path.length) {
    const [, name, index, single, double] = STEP.exec(path) ?? [];
    const quoted = (single ?? double)?.replace(/\\(.)/g, '$1');
    const step = name ?? quoted ?? (index === undefined ? undefined : Number(index));
    if (step === undefined || steps.length >= DEPTH_MAX) return undefined;
    steps.push(step);
  }
  return steps;
}
