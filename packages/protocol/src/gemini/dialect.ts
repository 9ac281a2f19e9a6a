import type { Dialect } from '../dialect.ts';
import { GatewayError } from '../error.ts';

function unbuilt(): never {
  throw new GatewayError('internal_error', 'This dialect is not built yet.');
}

export const gemini: Dialect = {
  id: 'gemini',
  inbound: { readCall: unbuilt, writeReply: unbuilt, openWriter: unbuilt, writeError: unbuilt },
  outbound: {
    paths: { whole: '/', stream: '/' },
    writeCall: unbuilt,
    readReply: unbuilt,
    openReader: unbuilt,
    readError: unbuilt,
    isUsageOnlyFrame: () => false,
  },
};
