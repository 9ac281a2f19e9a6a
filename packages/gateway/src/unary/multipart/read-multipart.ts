import { GatewayError } from '@app/protocol';

/** One part of a `multipart/form-data` body. `bytes` is a view of the body, not a copy. */
export type FormPart = {
  name: string;
  filename: string | undefined;
  contentType: string | undefined;
  bytes: Buffer;
};

export type Multipart = { parts: readonly FormPart[] };

const PARTS_MAX = 64;
const HEAD_BYTES_MAX = 4_096;
const NAME_CHARS_MAX = 255;
const FIELD_BYTES_MAX = 262_144;

const CRLF = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * The parts of a form, cut out of a whole body (RFC 7578). Throws `invalid_parameter` for a body that is no form, is cut
 * off, or has more or longer parts than any client sends.
 */
export function readMultipart(bytes: Buffer, contentType: string): Multipart {
  // With its line break, of which a boundary has none, so that no body makes the search begin again and again.
  const mark = Buffer.from(`\r\n--${boundaryOf(contentType)}`, 'latin1');
  const parts: FormPart[] = [];
  // Before the first mark there may be a preamble, which nobody reads.
  const isFirst = bytes.subarray(0, mark.length - 2).equals(mark.subarray(2));
  let at = isFirst ? -2 : bytes.indexOf(mark);
  for (;;) {
    if (at === -1) throw badForm('is cut off');
    const start = at + mark.length;
    if (bytes[start] === DASH && bytes[start + 1] === DASH) return { parts };
    if (!bytes.subarray(start, start + 2).equals(CRLF)) throw badForm('has a part that does not begin');
    const end = bytes.indexOf(mark, start);
    if (end === -1) throw badForm('is cut off');
    if (parts.length === PARTS_MAX) throw badForm(`has more than ${PARTS_MAX} parts`);
    parts.push(readPart(bytes.subarray(start + 2, end)));
    at = end;
  }
}

const DASH = 0x2d;

/** Source: RFC 2046, section 5.1.1. */
const BOUNDARY = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;",]{1,70}))/i;

function boundaryOf(contentType: string): string {
  const found = BOUNDARY.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined) throw badForm('names no boundary in its content type');
  return boundary;
}

function readPart(part: Buffer): FormPart {
  const headEnd = part.indexOf(HEAD_END);
  if (headEnd === -1 || headEnd > HEAD_BYTES_MAX) throw badForm('has a part without a head');
  const head = part.toString('utf8', 0, headEnd).split('\r\n');
  const header = (name: string) => {
    const line = head.find((one) => one.slice(0, name.length + 1).toLowerCase() === `${name}:`);
    return line?.slice(name.length + 1).trim();
  };
  const disposition = header('content-disposition') ?? '';
  const name = parameterOf(disposition, 'name');
  if (!/^form-data\b/i.test(disposition) || name === undefined) throw badForm('has a part without a name');
  const filename = parameterOf(disposition, 'filename');
  const bytes = part.subarray(headEnd + HEAD_END.length);
  if (filename === undefined && bytes.length > FIELD_BYTES_MAX)
    throw badForm(`has a field of more than ${FIELD_BYTES_MAX} bytes`);
  return { name, filename, contentType: header('content-type'), bytes };
}

/** A quoted or plain value. Line breaks and quotes come as `%0D`, `%0A` and `%22`; older clients write `\"`. */
function parameterOf(disposition: string, name: 'name' | 'filename'): string | undefined {
  const found = PARAMETERS[name].exec(disposition);
  const value = found?.[1]?.replace(/\\(["\\])/g, '$1') ?? found?.[2];
  if (value !== undefined && value.length > NAME_CHARS_MAX) throw badForm('has a name that is too long');
  return value;
}

const PARAMETERS = {
  name: /;\s*name=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i,
  filename: /;\s*filename=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/i,
};

function badForm(what: string): GatewayError {
  const message = `The request body is not a form that can be read: it ${what}.`;
  return new GatewayError('invalid_parameter', message, { retryable: false });
}

/** The text of the field of this name; undefined when there is none. The last one counts when it came twice. */
export function fieldOf({ parts }: Multipart, name: string): string | undefined {
  const found = parts.findLast((part) => part.name === name && part.filename === undefined);
  return found?.bytes.toString('utf8');
}

/** The files under this name. */
export function filesOf({ parts }: Multipart, name: string): FormPart[] {
  return parts.filter(
    (part) => part.filename !== undefined && (part.name === name || part.name === `${name}[]`),
  );
}
