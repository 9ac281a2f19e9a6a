import type { Schedule } from '@app/gateway';
import type { EdgeTls } from './create-edge-server.ts';
import { type CertificatePlace, fingerprintOf, readCertificate } from './read-certificate.ts';

export type CertificateWatchDeps = {
  place: CertificatePlace;
  /** New connections use it from now on; those that are open keep theirs. */
  apply: (tls: EdgeTls) => void;
  nowMs: () => number;
  schedule: Schedule;
  log: { info(about: object, message: string): void; error(about: object, message: string): void };
};

export type CertificateWatch = {
  /** Reads the files again at once, whether or not they seem to have changed. */
  reload(): void;
  close(): void;
};

/** Files are swapped by tools that tell nobody, and not every folder can be watched: a look is cheap. */
const LOOK_EVERY_MS = 10_000;

/**
 * Takes over a new certificate without a restart. One that cannot be used, or is out of date, is told in the log and the old
 * one stays; the next look tries again, as its key may be written after it.
 */
export function watchCertificate(deps: CertificateWatchDeps): CertificateWatch {
  const { place, apply, nowMs, schedule, log } = deps;
  let current = fingerprintOf(place);
  let told = '';
  let stop: () => void = () => undefined;

  const take = (fingerprint: string): void => {
    const read = readCertificate(place);
    const problem = read.ok ? expiry(read.expiresAtMs, nowMs()) : read.problem;
    if (read.ok && problem === undefined) {
      apply(read.tls);
      current = fingerprint;
      told = '';
      log.info({ file: place.certFile }, 'The TLS certificate was read anew.');
      return;
    }
    if (told === fingerprint) return;
    told = fingerprint;
    log.error({ problem }, 'A new TLS certificate cannot be used; the one before stays.');
  };
  const look = (): void => {
    const fingerprint = fingerprintOf(place);
    if (fingerprint !== current) take(fingerprint);
    stop = schedule(LOOK_EVERY_MS, look);
  };
  stop = schedule(LOOK_EVERY_MS, look);
  return {
    reload: () => {
      told = '';
      take(fingerprintOf(place));
    },
    close: () => stop(),
  };
}

function expiry(expiresAtMs: number, nowMs: number): string | undefined {
  return expiresAtMs <= nowMs ? 'It is out of date.' : undefined;
}
