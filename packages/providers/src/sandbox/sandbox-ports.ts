import type { GatewayError } from '@app/protocol';
import type { Provider } from '../provider.ts';

/** One HTTP request to a provider; the same shape as the gateway's port, which this package may not import. */
export type SandboxRequest = {
  provider: Provider;
  mode: 'live' | 'test';
  path: string;
  headers: { [name: string]: string };
  body: string;
};

/** Receives the answer. After `onEnd` or `onError` (exactly one, once) nothing more is called. */
export type SandboxReply = {
  onHead(status: number, headers: { [name: string]: string | undefined }): void;
  onChunk(bytes: Uint8Array): void;
  onEnd(): void;
  onError(error: GatewayError): void;
};

/** `cancel` ends it; nothing is called afterwards. */
export type SandboxSending = { pause(): void; resume(): void; cancel(): void };

export type SandboxSend = (request: SandboxRequest, reply: SandboxReply) => SandboxSending;
