import type { Dialect } from '../dialect.ts';
import { readError, writeError } from './errors.ts';
import { readCall } from './read-call.ts';
import { readReply } from './read-reply.ts';
import { openReader } from './read-stream.ts';
import { DONE, ID, PATH } from './wire.ts';
import { writeCall } from './write-call.ts';
import { writeReply } from './write-reply.ts';
import { openWriter } from './write-stream.ts';

const NO_CHOICES = /"choices"\s*:\s*\[\s*\]/;

/** OpenAI's older text completions: a prompt in, a text out. */
export const openaiCompletions: Dialect = {
  id: ID,
  inbound: {
    readCall,
    writeReply,
    openWriter,
    writeError,
    closing: { frame: { data: DONE }, is: ({ data }) => data === DONE },
  },
  outbound: {
    paths: { whole: PATH, stream: PATH },
    writeCall,
    readReply,
    openReader,
    readError,
    isUsageOnlyFrame: (frame, events) =>
      events.length === 1 && events[0]?.type === 'usage' && NO_CHOICES.test(frame.data),
  },
};
