import { lookup } from 'node:dns';
import type { Config } from '../config.ts';
import { parseAllowedHosts } from '../outbound/allowed-hosts.ts';
import { type AskOnce, createAskOnce } from '../outbound/ask-once.ts';
import { createEndpoints, outboundDefaults } from '../outbound/create-endpoints.ts';
import type { ClosingStack } from './closing-stack.ts';

/** Asked while people sign in, which is seldom; a provider that hangs holds few of our connections. */
const CONNECTIONS_MAX = 16;
const ANSWER_BYTES_MAX = 1_048_576;

/** The guarded way to where else people can sign in. */
export function openAskProviders({ file }: Config, stack: ClosingStack): AskOnce {
  const endpoints = createEndpoints({
    allowedHosts: parseAllowedHosts(file.allow_private_hosts),
    resolve: (host, done) => lookup(host, { all: true }, done),
    limits: {
      ...outboundDefaults,
      connectionsPerOriginMax: CONNECTIONS_MAX,
      responseBytesMax: ANSWER_BYTES_MAX,
    },
  });
  stack.add(() => endpoints.stop((pool) => pool.destroy()));
  return createAskOnce(endpoints);
}
