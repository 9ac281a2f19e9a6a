import { Agent, type AgentOptions } from 'node:http';

/**
 * An agent that sends every request to a unix socket, for `createClient({ url: 'http://localhost', http_agent })`.
 * An agent hands its options on to each request; its declared type does not know that of `socketPath`.
 */
export function createSocketAgent(socketPath: string, socketsMax = 32): Agent {
  const options: AgentOptions & { socketPath: string } = {
    keepAlive: true,
    maxSockets: socketsMax,
    socketPath,
  };
  return new Agent(options);
}
