import type { Dialect } from '../dialect.ts';
import { doneClosing } from '../done-frame.ts';
import { isUsageOnlyFrame } from '../openai-chat/is-usage-only-frame.ts';
import { readError, writeError } from './errors.ts';
import { readCall } from './read-call.ts';
import { readReply } from './read-reply.ts';
import { openReader } from './read-stream.ts';
import { ID, PATH } from './wire.ts';
import { writeCall } from './write-call.ts';
import { writeReply } from './write-reply.ts';
import { openWriter } from './write-stream.ts';

/** OpenAI's older text completions: a prompt in, a text out. */
export const openaiCompletions: Dialect = {
  id: ID,
  inbound: {
    readCall,
    writeReply,
    openWriter,
    writeError,
    closing: doneClosing,
  },
  outbound: {
    paths: { whole: PATH, stream: PATH },
    writeCall,
    readReply,
    openReader,
    readError,
    isUsageOnlyFrame,
  },
};
