import type { Call } from '@app/protocol';

const TOKENS_PER_MESSAGE = 4;
const TOKENS_PER_IMAGE = 1_000;

/** What is to be counted of a call, and what is added for what is no text. */
export function countable(call: Call): { texts: string[]; moreTokens: number } {
  const texts: string[] = [];
  let moreTokens = call.messages.length * TOKENS_PER_MESSAGE;
  const add = (part: object): void => {
    const { kind, text, name, input } = readPart(part);
    for (const said of [text, name, input]) if (said !== undefined && said !== '') texts.push(said);
    if (kind === 'image' || kind === 'media' || kind === 'file') moreTokens += TOKENS_PER_IMAGE;
  };
  for (const part of call.system) add(part);
  for (const { parts } of call.messages) {
    for (const part of parts) {
      add(part);
      if (part.kind === 'tool-result') for (const inner of part.parts) add(inner);
    }
  }
  for (const tool of call.tools) texts.push(JSON.stringify(tool));
  return { texts, moreTokens };
}

type Said = { kind?: string; text?: string; name?: string; input?: string };

function readPart(part: object): Said {
  const said: Said = {};
  for (const name of ['kind', 'text', 'name', 'input'] as const) {
    const value: unknown = Reflect.get(part, name);
    if (typeof value === 'string') said[name] = value;
  }
  return said;
}
