import { isObject, type Json, type JsonObject } from '../../src/index.ts';
import type { Random } from './open-random.ts';

/** A place in a value: what holds it, and under which key. */
type Place = { parent: Json[] | JsonObject; key: string | number };
type Change = (random: Random, place: Place, donor: Json) => void;

/** Changes one place in the value, at any depth, and gives the change's name. `donor` is a value from elsewhere. */
export function mutateJson(random: Random, value: Json, donor: Json): string {
  const place = pickPlace(random, value);
  if (place === undefined) return 'nothing';
  const name = random.pick(CHANGE_NAMES);
  CHANGES[name]?.(random, place, donor);
  return name;
}

/** Adds this mark to some of the value's texts. Words that say what a thing is stay as they are. */
export function markTexts(random: Random, value: Json, mark: string): void {
  for (const { parent, key } of listPlaces(value)) {
    const text = Reflect.get(parent, key);
    if (typeof text !== 'string' || !SAID.has(String(key)) || !random.chance(0.3)) continue;
    Reflect.set(parent, key, text.startsWith('{') || text.startsWith('[') ? text : text + mark);
  }
}

/** Fields that hold what a model, or the one who answers for it, says in its own words. */
const SAID: ReadonlySet<string> = new Set(
  'text thinking content refusal reasoning reasoning_content message delta id model name signature responseId modelVersion b64_json url'.split(
    ' ',
  ),
);

/** A copy of its own; for small values several times as fast as a structured clone. */
export function copyJson(value: Json): Json {
  return JSON.parse(JSON.stringify(value));
}

const CHANGES: { [name: string]: Change } = {
  'drop a field': (_, { parent, key }) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  },
  'rename a field': (random, { parent, key }) => {
    if (Array.isArray(parent)) return;
    const value = parent[key];
    delete parent[key];
    parent[random.pick(NAMES)] = value;
  },
  'another type': (random, place) => put(place, random.pick(ODD_VALUES)),
  'a huge number': (random, place) => put(place, random.pick(ODD_NUMBERS)),
  'an odd text': (random, place) => put(place, random.pick(ODD_TEXTS)),
  'every number odd': (random, { parent }) => {
    for (const place of listPlaces(parent))
      if (typeof Reflect.get(place.parent, place.key) === 'number') put(place, random.pick(ODD_NUMBERS));
  },
  'a long text': (random, place) => put(place, 'long '.repeat(random.pick([100, 2_000]))),
  'deep nesting': (random, place) => put(place, nested(random.pick([10, 100, 1_000]))),
  'a value from elsewhere': (_, place, donor) => put(place, copyJson(donor)),
  'in a list': (_, place) => put(place, [valueAt(place)]),
  'out of its list': (_, place) => {
    const value = valueAt(place);
    if (Array.isArray(value)) put(place, value[0] ?? null);
    else if (isObject(value)) put(place, Object.values(value)[0] ?? null);
  },
  'many of it': (random, place) => {
    const value = valueAt(place);
    if (Array.isArray(value) && value.length > 0)
      put(place, Array.from({ length: random.pick([2, 3, 20]) }, () => copyJson(value)).flat());
  },
  'another order': (_, place) => {
    const value = valueAt(place);
    if (Array.isArray(value)) value.reverse();
    else if (isObject(value)) put(place, Object.fromEntries(Object.entries(value).reverse()));
  },
  'a word of another': (random, place) => {
    if (typeof valueAt(place) === 'string') put(place, random.pick(WORDS));
  },
  'a dangerous key': (random, { parent }) => {
    if (Array.isArray(parent)) return;
    const value = random.pick<Json>([{ polluted: true }, 'polluted', null, []]);
    Object.defineProperty(parent, random.pick(DANGEROUS), {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  },
};
const CHANGE_NAMES = Object.keys(CHANGES);

const DANGEROUS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'then',
  'length',
  '',
];
const NAMES = ['x', 'id', 'index', 'type', 'text', 'content', 'usage', 'error', 'delta', ...DANGEROUS];
const ODD_NUMBERS = [0, -0, -1, 1, 0.5, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 53 + 2, 2 ** 31, 4_294_967_296];
const ODD_TEXTS = [
  '',
  'NaN',
  '\u0000',
  '\ud800',
  'a\udc00\ud83d',
  '\u2028\u2029',
  '\ufeff',
  'data: [DONE]\n\n',
  '[DONE]',
  '\r\n\r\n',
  '<script>',
  '-1',
  '1e999',
  '{"',
  'constructor',
  '__proto__',
];
const ODD_VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  7,
  '',
  'text',
  [],
  {},
  [null],
  [[]],
  [{}],
  { '': null },
];
/** What dialects call the parts of a reply, its ends and its events. */
const WORDS =
  'text tool_use tool_calls stop length end_turn max_tokens message_start message_stop content_block_start content_block_stop text_delta input_json_delta thinking_delta signature_delta error STOP MAX_TOKENS SAFETY assistant user function custom refusal reasoning message function_call output_text response.created response.completed response.failed response.output_item.done response.output_text.delta content_filter redacted_thinking image audio constructor'.split(
    ' ',
  );

function put({ parent, key }: Place, value: Json): void {
  Reflect.set(parent, key, typeof value === 'object' && value !== null ? copyJson(value) : value);
}

function valueAt({ parent, key }: Place): Json {
  return Reflect.get(parent, key) ?? null;
}

function nested(depth: number): Json {
  let value: Json = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { text: value };
  return value;
}

/** Every place has the same chance, so deep ones are met as often as there are more of them. */
function pickPlace(random: Random, value: Json): Place | undefined {
  const places = listPlaces(value);
  return places.length === 0 ? undefined : random.pick(places);
}

const PLACES_MAX = 500;

function listPlaces(value: Json): Place[] {
  const places: Place[] = [];
  const open: (Json | undefined)[] = [value];
  for (let parent = open.pop(); open.length >= 0 && parent !== undefined; parent = open.pop()) {
    if (typeof parent !== 'object' || parent === null || places.length > PLACES_MAX) continue;
    for (const [key, child] of Object.entries(parent)) {
      places.push({ parent, key });
      if (typeof child === 'object' && child !== null) open.push(child);
    }
  }
  return places;
}
