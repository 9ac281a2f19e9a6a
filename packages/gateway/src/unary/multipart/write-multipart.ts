import { createHash } from 'node:crypto';
import type { FormPart } from './read-multipart.ts';

/**
 * A form written anew: every head is ours, so that nothing a caller puts into a name, a file name or a type can add a
 * header or a part. Fields in `replaced` get another text, or are added.
 */
export function writeMultipart(
  parts: readonly FormPart[],
  replaced: { readonly [name: string]: string | undefined },
): { contentType: string; bytes: Buffer } {
  const kept = parts.filter(
    (part) =>
      part.filename !== undefined || !Object.hasOwn(replaced, part.name) || replaced[part.name] === undefined,
  );
  const added = Object.entries(replaced).flatMap(([name, text]): FormPart[] =>
    text === undefined
      ? []
      : [{ name, filename: undefined, contentType: undefined, bytes: Buffer.from(text) }],
  );
  const all = [...added, ...kept];
  const boundary = boundaryFor(all);
  const pieces: Buffer[] = [];
  for (const part of all) pieces.push(Buffer.from(`--${boundary}\r\n${headOf(part)}`), part.bytes, CRLF);
  pieces.push(Buffer.from(`--${boundary}--\r\n`));
  return { contentType: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.concat(pieces) };
}

const CRLF = Buffer.from('\r\n');

/** Depends on everything inside, so that nobody who chose the inside could choose it too; checked all the same. */
function boundaryFor(parts: readonly FormPart[]): string {
  const hash = createHash('sha256');
  for (const { bytes } of parts) hash.update(bytes).update('\0');
  let boundary = hash.digest('hex');
  while (parts.some(({ bytes }) => bytes.includes(boundary)))
    boundary = createHash('sha256').update(boundary).digest('hex');
  return boundary;
}

function headOf({ name, filename, contentType }: FormPart): string {
  const file = filename === undefined ? '' : `; filename="${quoted(filename)}"`;
  const type =
    filename === undefined
      ? ''
      : `Content-Type: ${contentType !== undefined && TYPE.test(contentType) ? contentType : 'application/octet-stream'}\r\n`;
  return `Content-Disposition: form-data; name="${quoted(name)}"${file}\r\n${type}\r\n`;
}

const TYPE = /^[\w!#$&^.+-]{1,80}\/[\w!#$&^.+-]{1,80}(?:; ?[\w-]{1,40}=[\w.+-]{1,80}){0,4}$/;

/** As browsers write names (HTML standard, "Multipart form data"). */
function quoted(text: string): string {
  return text.replace(/[\r\n"\0]/g, (sign) => encodeURIComponent(sign));
}
