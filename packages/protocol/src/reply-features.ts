import type { Event, PartStart } from './event.ts';
import { isObject, type Json } from './json.ts';
import type { Signature } from './signature.ts';

/** What a reply may hold beyond text and a stop reason, and some caller's dialect cannot say. */
export type ReplyFeature =
  | 'thinking'
  | 'seal-anthropic'
  | 'seal-openai'
  | 'seal-google'
  | 'redacted-thinking'
  | 'sealed-image'
  | 'tool-calls'
  | 'refusal'
  | 'citations'
  | 'logprobs'
  | 'image'
  | 'audio'
  | 'stop-sequence';

/** What was seen of one reply so far. `opaque` are the types of blocks that only their own dialect understands. */
export type SeenFeatures = { features: ReadonlySet<ReplyFeature>; opaque: ReadonlySet<string> };

/** Watches one reply; `see` costs the same for every event, and nothing for a delta of text. */
export type FeatureWatch = { see(event: Event): void; seen(): SeenFeatures };

/** A reply's blocks have a handful of types; a provider that invents one for each block does not fill our memory. */
const OPAQUE_MAX = 16;
const TYPE_CHARS_MAX = 64;

export function openFeatureWatch(): FeatureWatch {
  const features = new Set<ReplyFeature>();
  const opaque = new Set<string>();
  return {
    see(event) {
      switch (event.type) {
        case 'part-delta':
          if (event.logprobs !== undefined) features.add('logprobs');
          return;
        case 'part-start':
          noteStart(features, event);
          if (event.kind === 'opaque' && opaque.size < OPAQUE_MAX) opaque.add(typeOf(event.value));
          return;
        case 'part-end':
          noteSeal(features, event.signature);
          if (event.citations !== undefined && event.citations.length > 0) features.add('citations');
          return;
        case 'reply-end':
          if (event.stopSequence !== undefined) features.add('stop-sequence');
          return;
      }
    },
    seen: () => ({ features, opaque }),
  };
}

function noteStart(features: Set<ReplyFeature>, start: PartStart): void {
  if (start.kind === 'thinking' || start.kind === 'refusal') features.add(start.kind);
  if (start.kind === 'tool-call') features.add('tool-calls');
  if (start.kind !== 'media') return;
  features.add(start.media.mediaType.startsWith('audio/') ? 'audio' : 'image');
  if (start.media.signature !== undefined) features.add('sealed-image');
}

function noteSeal(features: Set<ReplyFeature>, signature: Signature | undefined): void {
  if (signature === undefined) return;
  features.add(`seal-${signature.maker}`);
  if (signature.isRedacted) features.add('redacted-thinking');
}

function typeOf(value: Json): string {
  const type = isObject(value) ? value.type : undefined;
  return typeof type === 'string' ? type.slice(0, TYPE_CHARS_MAX) : 'unknown';
}
