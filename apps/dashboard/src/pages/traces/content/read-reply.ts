import type { Block, TokenChoice } from './block.ts';
import { type Fields, isObject, listOf, parsed, pretty, stringOf, textOf, type Unknown } from './json.ts';
import { plainName } from './plain-name.ts';
import { readGooglePart } from './read-google.ts';
import { readItem } from './read-item.ts';
import { readMedia, sizeOf } from './read-media.ts';
import { readMessage } from './read-message.ts';
import { readOther, readPart, readToolCall } from './read-part.ts';
import { readCitations } from './read-sources.ts';

/** The parts of a recorded reply. The answer to a request that is no conversation is one text, mostly of JSON. */
export function readReply(reply: Unknown, isConversation = true): Block[] {
  if (!isObject(reply) || !Array.isArray(reply.parts)) return unknownForm(reply);
  return reply.parts.map((part) => {
    if (!isObject(part)) return { kind: 'other', title: 'part', text: pretty(part) };
    const json = isConversation || part.kind !== 'text' ? undefined : parsed(textOf(part.text));
    if (json !== undefined) return { kind: 'json', title: 'answer', text: pretty(json) };
    return readers.get(textOf(part.kind))?.(part) ?? readOther({ ...part, type: part.kind });
  });
}

function unknownForm(reply: Unknown): Block[] {
  const isNothing = reply === null || reply === undefined;
  return isNothing ? [] : [{ kind: 'other', title: 'unknown form', text: pretty(reply) }];
}

type Reader = (part: Fields) => Block | undefined;

const readText: Reader = ({ text, citations, logprobs, signature }) => {
  const block: Block = { kind: 'text', text: textOf(text) };
  const sources = readCitations(citations);
  const tokens = listOf(logprobs).filter(isObject).map(readToken);
  if (sources.length > 0) block.sources = sources;
  if (tokens.length > 0) block.tokens = tokens;
  return withSeal(block, signature);
};

const readThinking: Reader = ({ text, signature }) => {
  const block: Block = { kind: 'thinking', title: 'thinking', text: textOf(text) };
  if (block.text !== '' || !isObject(signature)) return withSeal(block, signature);
  const size = typeof signature.value === 'string' ? sizeOf(signature.value) : '0 bytes';
  return { ...block, note: `sealed: only ${makerOf(signature)} can read it, ${size}` };
};

const readMade: Reader = ({ mediaType, data, transcript, signature }) => {
  const block = readMedia({ mediaType: textOf(mediaType), data: textOf(data) });
  const said = stringOf(transcript);
  return withSeal(
    said === undefined ? block : { ...block, blocks: [{ kind: 'text', text: said }] },
    signature,
  );
};

/** What only its own dialect understands is read as that dialect has it. */
const readOpaque: Reader = ({ dialect, value }) => {
  if (!isObject(value)) return { kind: 'other', title: plainName(textOf(dialect)), text: pretty(value) };
  switch (dialect) {
    case 'openai-responses':
      return readItem(value);
    case 'anthropic-messages':
      return readPart(value);
    case 'gemini':
      return readGooglePart(value);
    default:
      return value.type === undefined ? readChatPiece(value) : readPart(value);
  }
};

/** A field of a chat message that stands alone, as pictures do. */
function readChatPiece(value: Fields): Block {
  const { blocks } = readMessage(value);
  return blocks[0] ?? readOther(value);
}

function withSeal(block: Block, signature: Unknown): Block {
  if (!isObject(signature)) return block;
  const seal = `signed by ${makerOf(signature)}`;
  return { ...block, note: block.note === undefined ? seal : `${block.note}, ${seal}` };
}

const makerOf = ({ maker }: Fields): string => plainName(textOf(maker)) || 'its maker';

const readers = new Map(
  Object.entries<Reader>({
    text: readText,
    thinking: readThinking,
    'tool-call': ({ name, input, id, signature }) => withSeal(readToolCall(name, input, id), signature),
    refusal: ({ text }) => ({ kind: 'refusal', title: 'refusal', text: textOf(text) }),
    media: readMade,
    opaque: readOpaque,
  }),
);

const INSTEAD_MAX = 5;

function readToken({ token, logprob, top }: Fields): TokenChoice {
  const others = listOf(top)
    .filter(isObject)
    .filter((other) => other.token !== token)
    .slice(0, INSTEAD_MAX);
  return {
    token: quoted(token),
    percent: percentOf(logprob),
    instead: others.map((other) => `${quoted(other.token)} ${percentOf(other.logprob)}`).join(', '),
  };
}

/** Spaces and line ends are tokens too. */
const quoted = (token: Unknown): string => JSON.stringify(textOf(token).slice(0, 80));

const percentOf = (logprob: Unknown): string =>
  typeof logprob === 'number' ? `${(Math.exp(logprob) * 100).toFixed(1)} %` : 'unknown';
