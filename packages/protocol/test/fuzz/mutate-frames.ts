import type { Frame } from '../../src/index.ts';
import type { Random } from './open-random.ts';

type Change = (random: Random, frames: Frame[], others: readonly Frame[]) => void;

/** Changes which frames come, and in what order; gives the change's name. `others` are those of another stream. */
export function mutateFrames(random: Random, frames: Frame[], others: readonly Frame[]): string {
  if (frames.length === 0) return 'nothing';
  const name = random.pick(CHANGE_NAMES);
  CHANGES[name]?.(random, frames, others);
  return name;
}

const CHANGES: { [name: string]: Change } = {
  'drop a frame': (random, frames) => frames.splice(random.below(frames.length), 1),
  'drop some frames': (random, frames) =>
    frames.splice(random.below(frames.length), 1 + random.below(frames.length)),
  'keep the beginning': (random, frames) => frames.splice(random.below(frames.length)),
  'keep the end': (random, frames) => frames.splice(0, random.below(frames.length)),
  'a frame twice': (random, frames) => insert(random, frames, [random.pick(frames)]),
  'a frame many times': (random, frames) => {
    const at = random.below(frames.length);
    const frame = frames[at];
    if (frame !== undefined) frames.splice(at, 0, ...Array.from({ length: 30 }, () => frame));
  },
  'all again': (_, frames) => frames.push(...frames),
  'two neighbours swapped': (random, frames) => swap(frames, random.below(frames.length), 1),
  'two frames swapped': (random, frames) =>
    swap(frames, random.below(frames.length), random.below(frames.length)),
  'another order': (random, frames) => {
    for (let at = frames.length - 1; at > 0; at -= 1) swap(frames, at, random.below(frames.length));
  },
  'all backwards': (_, frames) => frames.reverse(),
  'a frame of another stream': (random, frames, others) => {
    if (others.length > 0) insert(random, frames, [random.pick(others)]);
  },
  'two streams as one': (random, frames, others) => {
    for (const frame of others) insert(random, frames, [frame]);
  },
  'another stream behind': (random, frames, others) =>
    frames.splice(random.below(frames.length), frames.length, ...others),
  'an odd frame': (random, frames) => insert(random, frames, [random.pick(ODD_FRAMES)]),
  'another event name': (random, frames) => {
    const at = random.below(frames.length);
    const frame = frames[at];
    if (frame !== undefined) frames[at] = { event: random.pick(EVENTS), data: frame.data };
  },
  'white space within': (random, frames) => {
    const space = random.pick(['\n', '\r\n', '\r', '\t ']);
    for (const [at, frame] of frames.entries())
      frames[at] = { ...frame, data: frame.data.replaceAll(',"', `,${space}"`) };
  },
  'no event names': (_, frames) => {
    for (const [at, { data }] of frames.entries()) frames[at] = { data };
  },
};
const CHANGE_NAMES = Object.keys(CHANGES);

const EVENTS = [
  'error',
  'ping',
  'message',
  'message_stop',
  'response.completed',
  'messageStop',
  '',
  '__proto__',
];
const ODD_FRAMES: readonly Frame[] = [
  { data: '[DONE]' },
  { data: '' },
  { data: '{' },
  { data: 'null' },
  { data: '[]' },
  { data: '{}' },
  { data: '"text"' },
  { data: '7' },
  { data: '{"error":null}' },
  { data: '{"error":{}}' },
  { data: '{"error":"broken"}' },
  { data: '{"error":{"message":"Overloaded","code":503,"type":"overloaded_error"}}' },
  { data: '{"choices":[],"usage":{"prompt_tokens":-1,"completion_tokens":1e308}}' },
  { data: '{"type":"error","error":null}', event: 'error' },
  { data: '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', event: 'error' },
  { data: '{"type":"ping"}', event: 'ping' },
  { data: '{"type":"response.failed","response":null}' },
  { data: '{"message":"gone"}', event: 'internalServerException' },
];

function insert(random: Random, frames: Frame[], added: readonly Frame[]): void {
  frames.splice(random.below(frames.length + 1), 0, ...added);
}

function swap(frames: Frame[], at: number, distance: number): void {
  const other = (at + distance) % frames.length;
  const [one, two] = [frames[at], frames[other]];
  if (one === undefined || two === undefined) return;
  frames[at] = two;
  frames[other] = one;
}
