import type { AssistantPart, Call, Reply, Tool, UserPart } from '@app/protocol';
import { cutPieces } from './cut-pieces.ts';
import type { Draft } from './draft-reply.ts';

/** A reply with the pieces each of its parts is streamed in. */
export type MeasuredReply = { reply: Reply; pieces: string[][] };

export type CountTokens = (texts: string[]) => Promise<number[]>;

export type Measuring = { call: Call; draft: Draft; id: string; countTokens: CountTokens };

/** Counts what the call and its answer take, and cuts the answer where the caller's maximum ends it. */
export async function measureReply({ call, draft, id, countTokens }: Measuring): Promise<MeasuredReply> {
  const asked = inputTexts(call);
  const pieces = draft.parts.map((part) => cutPieces(textOf(part)));
  const counts = await countTokens([...asked, ...pieces.flat()]);
  const input = sum(counts.slice(0, asked.length)) + inputOverhead(call);
  const kept = keepWithin(pieces, counts.slice(asked.length), call.outputTokensMax);
  const parts = draft.parts.flatMap((part, i) => {
    const own = kept.pieces[i];
    return own === undefined ? [] : [withText(part, own.join(''))];
  });
  const { wasCut } = kept;
  const [thinking, text] = [sumOf(kept, draft, true), sumOf(kept, draft, false)];
  const reply: Reply = {
    id,
    model: call.model ?? 'sandbox/echo',
    parts,
    stop: wasCut ? 'length' : draft.stop,
    usage: {
      inputFresh: input,
      outputText: text,
      ...(thinking === 0 ? {} : { outputThinking: thinking }),
    },
  };
  if (!wasCut && draft.stopSequence !== undefined) reply.stopSequence = draft.stopSequence;
  return { reply, pieces: kept.pieces };
}

type Kept = { pieces: string[][]; tokens: number[]; wasCut: boolean };

/** The pieces that fit, by part; a part without any is dropped, but the first piece of all always stays. */
function keepWithin(pieces: string[][], counts: number[], max = Number.POSITIVE_INFINITY): Kept {
  const kept: Kept = { pieces: [], tokens: [], wasCut: false };
  let total = 0;
  let at = 0;
  for (const [i, own] of pieces.entries()) {
    const fitting: string[] = [];
    let tokens = 0;
    for (const piece of own) {
      const count = counts[at++] ?? 0;
      if (total + count > max && at > 1) {
        kept.wasCut = true;
        break;
      }
      fitting.push(piece);
      tokens += Math.min(count, max - total);
      total += count;
    }
    if (!kept.wasCut || fitting.length > 0) {
      kept.pieces[i] = fitting;
      kept.tokens[i] = tokens;
    }
    if (kept.wasCut) return kept;
  }
  return kept;
}

function sumOf(kept: Kept, draft: Draft, isThinking: boolean): number {
  return sum(kept.tokens.filter((_, i) => (draft.parts[i]?.kind === 'thinking') === isThinking));
}

/** Tokens a provider adds around messages, and what an image of ordinary size takes. */
const MESSAGE_TOKENS = 4;
const IMAGE_TOKENS = 765;
const IMAGE_LOW_TOKENS = 85;

function inputOverhead(call: Call): number {
  let tokens = 3 + MESSAGE_TOKENS * call.messages.length;
  for (const message of call.messages) {
    for (const part of message.parts) {
      if (part.kind === 'image') tokens += part.detail === 'low' ? IMAGE_LOW_TOKENS : IMAGE_TOKENS;
    }
  }
  return tokens;
}

function inputTexts(call: Call): string[] {
  const texts = call.system.map((part) => part.text);
  for (const message of call.messages) {
    for (const part of message.parts) {
      if (part.kind === 'tool-result') {
        texts.push(...part.parts.map((inner) => (inner.kind === 'text' ? inner.text : '')));
      } else {
        texts.push(textOf(part));
      }
    }
  }
  for (const tool of call.tools) texts.push(JSON.stringify(told(tool)));
  if (call.format?.kind === 'schema') texts.push(JSON.stringify(call.format.schema));
  return texts;
}

/** What of a tool the model reads. */
function told(tool: Tool): unknown {
  if (tool.kind === 'opaque') return tool.value;
  if (tool.kind === 'web-search') return tool.wire.value;
  return { name: tool.name, description: tool.description, schema: tool.schema };
}

/** Bytes of images, sound and documents are not text; `inputOverhead` counts what has a known size. */
function textOf(part: AssistantPart | UserPart): string {
  switch (part.kind) {
    case 'tool-call':
      return part.input;
    case 'opaque':
      return JSON.stringify(part.value);
    case 'file':
      return part.source.kind === 'text' ? part.source.text : '';
    case 'media':
      return part.transcript ?? '';
    case 'image':
    case 'audio':
    case 'tool-result':
      return '';
    default:
      return part.text;
  }
}

function withText(part: AssistantPart, text: string): AssistantPart {
  if (part.kind === 'tool-call') return { ...part, input: text };
  return part.kind === 'opaque' || part.kind === 'media' ? part : { ...part, text };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
