import { describe, expect, test } from 'vitest';
import { pictureSize } from './picture-size.ts';
import { readAddress, readMedia } from './read-media.ts';

const base64 = (...bytes: (number | string)[]) =>
  Buffer.concat(
    bytes.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : Buffer.from([piece]))),
  ).toString('base64');
const png = (width: number, height: number) => {
  const head = Buffer.alloc(16);
  head.writeUInt32BE(13, 0);
  head.write('IHDR', 4);
  head.writeUInt32BE(width, 8);
  head.writeUInt32BE(height, 12);
  return base64('\x89PNG\r\n\x1a\n', head.toString('latin1'));
};
const size = { width: 513, height: 258 };

test.each([
  ['image/png', png(513, 258)],
  ['image/gif', base64('GIF89a', 0x01, 0x02, 0x02, 0x01)],
  [
    'image/jpeg',
    base64(0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0x01, 0x02, 0x02, 0x01, 3, 1, 2, 3),
  ],
  ['image/webp', base64('RIFF\0\0\0\0WEBPVP8X', '\0'.repeat(8), 0, 2, 0, 1, 1, 0)],
  ['image/webp', base64('RIFF\0\0\0\0WEBPVP8 ', '\0'.repeat(10), 0x01, 0x02, 0x02, 0x01)],
])('the head of an %s tells its size', (type, data) => {
  expect(pictureSize(type, data)).toEqual(size);
});

describe('a picture is not drawn', () => {
  test.each([
    ['that says it is something else', 'image/png', base64('GIF89a', 1, 1, 1, 1)],
    ['that could hold a script', 'image/svg+xml', base64('<svg onload="alert(1)"/>')],
    ['that is no base64', 'image/png', '"><script>alert(1)</script>'],
    ['that unfolds to billions of pixels', 'image/png', png(60_000, 60_000)],
    ['of many megabytes', 'image/png', png(10, 10) + 'A'.repeat(6_000_000)],
    ['of nothing', 'image/png', ''],
  ])('%s', (_why, mediaType, data) => {
    const block = readMedia({ mediaType, data });
    expect(block).not.toHaveProperty('source');
    expect(block.note).toContain(mediaType);
    expect(JSON.stringify(block).length).toBeLessThan(200);
  });
});

describe('an address', () => {
  test('elsewhere is named and never fetched', () => {
    expect(readAddress('image', 'https://example.com/cat.png')).toEqual({
      kind: 'image',
      title: 'image',
      text: 'https://example.com/cat.png',
    });
  });

  test.each([
    'data:image/svg+xml;base64,PHN2Zz4=',
    'data:text/html,<script>',
    'data:',
    'javascript:alert(1)',
  ])('that could hold more than pixels is not drawn: %s', (url) => {
    expect(readAddress('image', url)).not.toHaveProperty('source');
  });

  test('shows the character that would turn a name around', () => {
    const { title } = readAddress('file', 'data:application/pdf;base64,JVBERi0=', 'bill\u202efdp.exe');
    expect(title).toBe('bill[U+202E]fdp.exe');
  });
});

test('the base64 of Google’s clients, which may be of the other alphabet, is drawn too', () => {
  const data = png(513, 258);
  const other = data.replaceAll('+', '-').replaceAll('/', '_');
  expect(readMedia({ mediaType: 'image/png', data: other }).source).toBe(`data:image/png;base64,${data}`);
});
