import { describe, expect, test } from 'vitest';
import { gatherAudio, joinAudio, readAudio, readImage } from './media.ts';

describe('a sound', () => {
  const join = (...data: string[]) => {
    const pieces = { id: '', transcript: undefined, data: [] };
    for (const piece of data) gatherAudio(pieces, { data: piece });
    return joinAudio(pieces);
  };

  test('whose pieces end in padding is the bytes of all of them', () => {
    const pieces = [Buffer.from([1, 2]), Buffer.from([3]), Buffer.from([4, 5, 6, 7])];
    const joined = join(...pieces.map((piece) => piece.toString('base64')));
    expect(joined.data).toBe(Buffer.concat(pieces).toString('base64'));
    expect(join('AQID', 'BAU=').data).toBe('AQIDBAU=');
  });

  test('that is no base64 is kept as it came', () => {
    expect(join('@@=', 'AA==').data).toBe('@@=AA==');
  });

  test('has the type that its first bytes tell', () => {
    const typeOf = (bytes: Buffer) => readAudio({ data: bytes.toString('base64') }).mediaType;
    expect(typeOf(Buffer.from('RIFF....WAVE'))).toBe('audio/wav');
    expect(typeOf(Buffer.from('fLaC1234'))).toBe('audio/flac');
    expect(typeOf(Buffer.from('OggS1234'))).toBe('audio/ogg');
    expect(typeOf(Buffer.from('ID3.1234'))).toBe('audio/mpeg');
    expect(typeOf(Buffer.from([0xff, 0xfb, 0x90, 0]))).toBe('audio/mpeg');
    expect(typeOf(Buffer.from([0xff, 0xf1, 0x90, 0]))).toBe('audio/aac');
    expect(typeOf(Buffer.from([0, 1, 0, 2]))).toBe('audio/pcm');
  });
});

test('an image that holds no data of its own stays as it came', () => {
  const far = { type: 'image_url', image_url: { url: 'https://a.example/x.png' } };
  expect(readImage(far)).toEqual({ kind: 'opaque', dialect: 'openai-chat', value: { images: [far] } });
  expect(readImage({ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } })).toEqual({
    kind: 'media',
    mediaType: 'image/png',
    data: 'AAAA',
  });
});
