import { GatewayError } from '@app/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldOf, filesOf, readMultipart } from './read-multipart.ts';
import { writeMultipart } from './write-multipart.ts';

const TYPE = 'multipart/form-data; boundary=XX';
const form = (...parts: string[]) =>
  Buffer.from(`${parts.map((part) => `--XX\r\n${part}\r\n`).join('')}--XX--\r\n`);
const field = (name: string, text: string) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${text}`;
const file = (filename: string, text: string) =>
  `Content-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: audio/mpeg\r\n\r\n${text}`;

function refusal(body: Buffer, type = TYPE): string {
  try {
    readMultipart(body, type);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'invalid_parameter') return error.message;
  }
  throw new Error('Nothing was refused.');
}

describe('a form', () => {
  test('is read as fields and files', () => {
    const read = readMultipart(form(field('model', 'whisper-1'), file('a.mp3', 'sound\r\n--XY')), TYPE);
    expect(fieldOf(read, 'model')).toBe('whisper-1');
    expect(fieldOf(read, 'file')).toBeUndefined();
    const [only] = filesOf(read, 'file');
    expect(only).toMatchObject({ filename: 'a.mp3', contentType: 'audio/mpeg' });
    expect(only?.bytes.toString()).toBe('sound\r\n--XY');
  });

  test('has its last word where a field came twice', () => {
    expect(fieldOf(readMultipart(form(field('model', 'a'), field('model', 'b')), TYPE), 'model')).toBe('b');
  });

  test.each([
    ['no boundary', form(field('a', 'b')), 'multipart/form-data'],
    ['no end', Buffer.from('--XX\r\nContent-Disposition: form-data; name="a"\r\n\r\nb'), TYPE],
    ['no part', Buffer.from('nothing here'), TYPE],
    ['a part without a head', Buffer.from('--XX\r\nrubbish\r\n--XX--'), TYPE],
    ['a part without a name', form('Content-Disposition: form-data\r\n\r\nx'), TYPE],
    ['a head that does not end', form(`X: ${'a'.repeat(9_000)}\r\n\r\nx`), TYPE],
    ['a field that does not end', form(field('a', 'b'.repeat(300_000))), TYPE],
    ['too many parts', form(...new Array(65).fill(field('a', 'b'))), TYPE],
  ])('with %s is refused', (_, body, type) => {
    expect(refusal(body, type)).toContain('not a form');
  });

  test('is written so that no file name adds a header or a part', () => {
    const evil = 'a"\r\nX-Evil: 1\r\n\r\n--XX--';
    const parts = [
      { name: 'fi"le\r\n', filename: evil, contentType: 'text/plain\r\nX-Evil: 2', bytes: Buffer.from('x') },
    ];
    const { bytes, contentType } = writeMultipart(parts, { model: 'm' });
    expect(bytes.toString()).not.toMatch(/^X-Evil/m);
    const read = readMultipart(bytes, contentType);
    expect(read.parts).toHaveLength(2);
    expect(fieldOf(read, 'model')).toBe('m');
    expect(read.parts[1]).toMatchObject({ contentType: 'application/octet-stream' });
  });

  test('written and read again is the same form, whatever its bytes', () => {
    const part = fc.record({
      name: fc.stringMatching(/^[a-z_]{1,12}$/),
      filename: fc.option(fc.stringMatching(/^[\w. -]{1,20}$/), { nil: undefined }),
      bytes: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const given = parts.map((one) => ({
          ...one,
          contentType: one.filename === undefined ? undefined : 'image/png',
        }));
        const { bytes, contentType } = writeMultipart(given, {});
        expect(readMultipart(bytes, contentType).parts).toEqual(given);
      }),
      { seed: 20_260_501, numRuns: 200 },
    );
  });

  test('that is a boundary all over takes no longer to refuse than to read', () => {
    const boundary = '-'.repeat(70);
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx`;
    const bytes = Buffer.concat([Buffer.from(head), Buffer.alloc(16_000_000, '-')]);
    const startedAt = performance.now();
    expect(() => readMultipart(bytes, `multipart/form-data; boundary=${boundary}`)).toThrow(GatewayError);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test('whose fields are called like parts of every object keeps them', () => {
    const parts = ['constructor', 'toString', '__proto__', 'model'].map((name) => ({
      name,
      filename: undefined,
      contentType: undefined,
      bytes: Buffer.from('x'),
    }));
    const { bytes, contentType } = writeMultipart(parts, { model: 'm' });
    const read = readMultipart(bytes, contentType).parts.map(({ name, bytes: text }) => `${name} ${text}`);
    expect(read).toEqual(['model m', 'constructor x', 'toString x', '__proto__ x']);
  });

  test('that is rubbish is refused and nothing else', () => {
    const bytes = fc.array(fc.constantFrom('--XX', '\r\n', '--', 'a', '\r\n\r\n', field('n', 'v')), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(bytes, (pieces) => {
        try {
          readMultipart(Buffer.from(pieces.join('')), TYPE);
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError);
        }
      }),
      { seed: 20_260_501, numRuns: 500 },
    );
  });
});
