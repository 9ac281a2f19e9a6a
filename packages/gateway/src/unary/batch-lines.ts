import { GatewayError, isObject, parseJson } from '@app/protocol';
import type { NamedObjects } from './named-objects.ts';
import type { OwnObjects } from './own-objects.ts';

export type BatchLines = { bytes: Buffer; named: NamedObjects | undefined };

/**
 * A file with one call per line, and what its calls name. A line that may name something is written anew, so that what
 * was looked at is what the provider reads: a field that is there twice, or one spelled with escapes, would be
 * understood otherwise there. Throws `invalid_parameter` for such a line that is no JSON.
 */
export function readBatchLines(bytes: Buffer, own: Pick<OwnObjects, 'find'>): BatchLines {
  // JSON text has none; a file in another encoding than UTF-8 has many.
  if (bytes.includes(0)) throw unreadable('holds zero bytes; it must be UTF-8');
  const text = bytes.toString('utf8');
  if (!MAY_NAME.test(text)) return { bytes, named: undefined };
  const named = { files: new Set<string>(), shared: undefined as string | undefined };
  const lines = text.split('\n').map((line, at) => {
    if (!MAY_NAME.test(line)) return line;
    const call = parseJson(line.replace(/^\uFEFF/, ''));
    if (!isObject(call)) throw unreadable(`has a line that is no JSON object: line ${at + 1}`);
    const found = own.find(call);
    for (const id of found?.files ?? []) named.files.add(id);
    named.shared ??= found?.shared;
    return JSON.stringify(call);
  });
  const { files, shared } = named;
  const isAny = files.size > 0 || shared !== undefined;
  return { bytes: Buffer.from(lines.join('\n')), named: isAny ? { files: [...files], shared } : undefined };
}

/** Cheap, and never wrong in the direction that matters: whatever can be looked for, and every escaped letter. */
const MAY_NAME =
  /\\u00|file_?(?:id|uri|search)|ur[il]s?"|container|conversation|cached_?content|vector_store|previous_response|item_reference|image_generation|skill_id|"prompt"\s*:\s*\{|rag_?corpus|datastore|knowledge_base|library_ids|collection_ids|\{\s*"id"\s*:\s*"[^"]{0,300}"\s*\}/i;

function unreadable(what: string): GatewayError {
  const message = `The file ${what}.`;
  return new GatewayError('invalid_parameter', message, { param: 'file', retryable: false });
}
