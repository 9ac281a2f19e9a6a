import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** One file on its way to its reader. Its name is our own words, never a caller's. */
export type FileAnswer = { type: string; name: string; bytes: AsyncIterable<string | Uint8Array> };

/** Names the file to the browser, and gives its bytes no faster than the reader takes them. */
export function answerFile(reply: FastifyReply, file: FileAnswer): Readable {
  void reply.type(file.type).header('content-disposition', `attachment; filename="${file.name}"`);
  return Readable.from(file.bytes, { highWaterMark: 1 });
}
