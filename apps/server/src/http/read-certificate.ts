import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureVersion } from 'node:tls';
import type { EdgeTls } from './create-edge-server.ts';

/** Where a certificate is, and the oldest TLS to speak with it. */
export type CertificatePlace = { certFile: string; keyFile: string; minVersion: SecureVersion };

export type ReadCertificate =
  | { ok: true; tls: EdgeTls; expiresAtMs: number }
  | { ok: false; problem: string };

/** Reads a certificate and its key and makes sure that they are a pair. The sentence of a problem quotes neither. */
export function readCertificate({ certFile, keyFile, minVersion }: CertificatePlace): ReadCertificate {
  const cert = readText(certFile);
  if (cert === undefined) return fail(`The certificate ${certFile} cannot be read.`);
  const key = readText(keyFile);
  if (key === undefined) return fail(`The private key ${keyFile} cannot be read.`);
  try {
    const leaf = new X509Certificate(cert);
    createSecureContext({ cert, key, minVersion });
    return { ok: true, tls: { cert, key, minVersion }, expiresAtMs: Date.parse(leaf.validTo) };
  } catch {
    return fail(
      `The certificate ${certFile} and the private key ${keyFile} are not a pair in PEM, or the key has a passphrase.`,
    );
  }
}

/** Changes whenever one of the two files does, also where a link is put in its place. */
export function fingerprintOf({ certFile, keyFile }: CertificatePlace): string {
  return [certFile, keyFile].map(versionOf).join(' ');
}

function versionOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs}-${size}-${ino}`;
  } catch {
    return 'none';
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function fail(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}
