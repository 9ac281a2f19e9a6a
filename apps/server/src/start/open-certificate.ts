import type { Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import type { Schedule } from '@app/gateway';
import type { Logger } from 'pino';
import { ConfigError } from '../config/config-error.ts';
import type { Environment } from '../config.ts';
import type { EdgeTls } from '../http/create-edge-server.ts';
import { type CertificatePlace, readCertificate } from '../http/read-certificate.ts';
import { type CertificateWatch, watchCertificate } from '../http/watch-certificate.ts';

export type OpenCertificate = {
  tls: EdgeTls;
  /** From now on new certificates are handed to this server. */
  watch(server: Server): CertificateWatch;
};

export type CertificateDeps = { nowMs: () => number; schedule: Schedule; log: Logger };

/** The certificate that the settings name; undefined where they name none. Throws `ConfigError` when it cannot be used. */
export function openCertificate(
  environment: Environment,
  deps: CertificateDeps,
): OpenCertificate | undefined {
  const place = placeOf(environment);
  if (place === undefined) return undefined;
  const read = readCertificate(place);
  if (!read.ok) throw new ConfigError([read.problem]);
  if (read.expiresAtMs <= deps.nowMs()) {
    deps.log.error({ file: place.certFile }, 'The TLS certificate is out of date: clients will refuse it.');
  }
  return {
    tls: read.tls,
    watch: (server) => {
      const apply = (tls: EdgeTls) => {
        if (server instanceof TlsServer) server.setSecureContext(tls);
      };
      return watchCertificate({ ...deps, place, apply });
    },
  };
}

function placeOf(environment: Environment): CertificatePlace | undefined {
  const { TOKENROUTER_TLS_CERT_FILE: certFile, TOKENROUTER_TLS_KEY_FILE: keyFile } = environment;
  if (certFile === undefined || keyFile === undefined) return undefined;
  return { certFile, keyFile, minVersion: `TLSv${environment.TOKENROUTER_TLS_MIN_VERSION}` };
}
