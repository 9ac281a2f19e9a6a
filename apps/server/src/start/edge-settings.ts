import type { Cors } from '../config/cors-fields.ts';
import { readTextFile } from '../config/read-text-file.ts';
import type { Config } from '../config.ts';
import type { EdgeTls } from '../http/create-edge-server.ts';
import { type EdgeLimits, edgeDefaults } from '../http/edge-limits.ts';
import { findConnectionsMax } from './find-connections-max.ts';

export type EdgeSettings = {
  limits: EdgeLimits;
  tls: EdgeTls | undefined;
  /** Whether callers reach us by HTTPS only, be it ours or that of a proxy. */
  isHttps: boolean;
  trustedProxies: readonly string[];
  cors: Cors;
};

/** What the edge is told by the settings. `publicUrl` is how browsers reach this server. */
export function readEdgeSettings(
  { file, environment }: Config,
  { publicUrl, tls }: { publicUrl: string; tls?: EdgeTls | undefined },
): EdgeSettings {
  const { body_bytes, upload_bytes } = file.defaults;
  const connectionsMax = findConnectionsMax(readTextFile('/proc/self/limits'));
  return {
    limits: {
      ...edgeDefaults,
      bodyBytesMax: body_bytes,
      uploadBytesMax: upload_bytes,
      ...(connectionsMax !== undefined && { connectionsMax }),
    },
    tls,
    isHttps: tls !== undefined || publicUrl.startsWith('https:'),
    trustedProxies: environment.TOKENROUTER_TRUSTED_PROXIES,
    cors: file.cors,
  };
}
