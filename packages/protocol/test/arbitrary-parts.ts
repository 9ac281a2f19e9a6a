import fc from 'fast-check';
import type {
  AssistantPart,
  AudioPart,
  CacheMark,
  FilePart,
  ImagePart,
  MediaPart,
  Message,
  Signature,
  TextPart,
  Tool,
  ToolCallPart,
  UserPart,
} from '../src/index.ts';
import { base64, id, inputObject, schema, some, text } from './arbitrary-values.ts';

/** Parts of calls and replies, each with as much as the wire at hand can say. */
export const plainText: fc.Arbitrary<TextPart> = fc.record({ kind: fc.constant('text'), text });

/** The part, sometimes with a mark for the cache. */
export function marked<Part extends { cache?: CacheMark }>(
  part: fc.Arbitrary<Part>,
  marks: fc.Arbitrary<CacheMark>,
): fc.Arbitrary<Part> {
  return fc.oneof(
    part,
    fc.tuple(part, marks).map(([one, cache]) => ({ ...one, cache })),
  );
}

type Source = ImagePart['source'];

export const imageUrl: fc.Arbitrary<Source> = fc.record({ kind: fc.constant('url'), url: fc.webUrl() });
export const imageInline: fc.Arbitrary<Source> = fc.record({
  kind: fc.constant('base64'),
  mediaType: fc.constantFrom('image/png', 'image/jpeg'),
  data: base64,
});

export function images(
  source: fc.Arbitrary<Source>,
  details: Exclude<ImagePart['detail'], undefined>[] = [],
): fc.Arbitrary<ImagePart> {
  const plain = fc.record({ kind: fc.constant('image' as const), source });
  if (details.length === 0) return plain;
  return some<ImagePart>(
    {
      kind: fc.constant('image'),
      source,
      detail: fc.constantFrom(...details),
      cache: fc.constant({ lifetime: '5m' }),
    },
    ['kind', 'source'],
  ).map(({ cache: _, ...image }) => image);
}

export const audio: fc.Arbitrary<AudioPart> = fc.record({
  kind: fc.constant('audio'),
  format: fc.constantFrom('wav', 'mp3'),
  data: base64,
});

export const pdf: fc.Arbitrary<FilePart['source']> = fc.record({
  kind: fc.constant('base64'),
  mediaType: fc.constant('application/pdf'),
  data: base64,
});
export const pdfUrl: fc.Arbitrary<FilePart['source']> = fc.record({
  kind: fc.constant('url'),
  url: fc.webUrl().map((url) => `${url.replace(/[?#].*$/, '')}/a.pdf`),
  mediaType: fc.constant('application/pdf'),
});
export const textFile: fc.Arbitrary<FilePart['source']> = fc.record({ kind: fc.constant('text'), text });

export function files(source: fc.Arbitrary<FilePart['source']>, isNamed: boolean): fc.Arbitrary<FilePart> {
  const kind = fc.constant('file' as const);
  const name = fc.stringMatching(/^[a-z]{1,8}\.pdf$/);
  return isNamed ? fc.record({ kind, source, name }) : fc.record({ kind, source });
}

export const toolCall: fc.Arbitrary<ToolCallPart> = fc.record({
  kind: fc.constant('tool-call'),
  id,
  name: id,
  input: inputObject,
});

/** The part, sometimes with a seal. */
export function sealed<Part extends { signature?: Signature }>(
  part: fc.Arbitrary<Part>,
  signatures: fc.Arbitrary<Signature>,
): fc.Arbitrary<Part> {
  return fc.oneof(
    part,
    fc.tuple(part, signatures).map(([one, signature]) => ({ ...one, signature })),
  );
}

export const plainThinking: fc.Arbitrary<AssistantPart & { kind: 'thinking' }> = fc.record({
  kind: fc.constant('thinking'),
  text,
});
export const refusal: fc.Arbitrary<AssistantPart> = fc.record({ kind: fc.constant('refusal'), text });

export function madeImages(changes: Partial<MediaPart> = {}): fc.Arbitrary<MediaPart> {
  const kind = fc.constant('media' as const);
  return fc
    .record({ kind, mediaType: fc.constant('image/png'), data: base64 })
    .map((part) => ({ ...part, ...changes }));
}

export function turn<Role extends Message['role'], Part>(
  role: Role,
  parts: fc.Arbitrary<Part[]>,
): fc.Arbitrary<{ role: Role; parts: Part[] }> {
  return fc.record({ role: fc.constant(role), parts });
}

export function asks(...parts: fc.Arbitrary<UserPart>[]): fc.Arbitrary<Message> {
  return turn('user', fc.array(fc.oneof(...parts), { minLength: 1, maxLength: 3 }));
}

/** A function; `strict` and its cache mark as the wire has them. */
export function functions(has: { strict?: true; cache?: fc.Arbitrary<CacheMark> }): fc.Arbitrary<Tool> {
  type Made = Tool & { kind: 'function' };
  return some<Made>(
    {
      kind: fc.constant('function'),
      name: id,
      schema,
      description: text,
      strict: fc.boolean(),
      cache: has.cache ?? fc.constant({ lifetime: '5m' }),
    },
    ['kind', 'name', 'schema'],
  ).map(({ strict, cache, ...tool }) => ({
    ...tool,
    ...(has.strict && strict !== undefined && { strict }),
    ...(has.cache && cache !== undefined && { cache }),
  }));
}

/** Something that every wire can say, so that a call is never left without a word. */
export const firstQuestion: fc.Arbitrary<Message> = turn(
  'user',
  plainText.map((part) => [part]),
);
