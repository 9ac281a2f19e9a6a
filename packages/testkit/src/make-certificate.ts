import { generateKeyPairSync, sign } from 'node:crypto';

/** A key and a certificate in PEM. */
export type TestCertificate = { key: string; cert: string };

/** `until`: the last day on which it is valid, for example `2020-01-31`. */
export type TestCertificateOptions = { until?: string };

/** A certificate for this host name, signed by itself, valid for the life of a test and long after (RFC 5280). */
export function makeCertificate(
  hostname: string,
  { until = '2049-12-31' }: TestCertificateOptions = {},
): TestCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from(hostname)))));
  const signed = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1])),
    sequence(ECDSA_SHA256),
    name,
    sequence(tagged(0x17, Buffer.from('200101000000Z')), tagged(0x17, Buffer.from(timeOf(until)))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(sequence(ALT_NAME, tagged(0x04, sequence(tagged(0x82, Buffer.from(hostname))))))),
  );
  const signature = tagged(0x03, Buffer.from([0]), sign('sha256', signed, privateKey));
  const der = sequence(signed, sequence(ECDSA_SHA256), signature);
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  };
}

/** Object identifiers in DER: ecdsa-with-SHA256, commonName, subjectAltName. */
const ECDSA_SHA256 = Buffer.from('06082a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('0603550403', 'hex');
const ALT_NAME = Buffer.from('0603551d11', 'hex');

/** UTCTime: two digits of the year, which end in 2049. */
function timeOf(day: string): string {
  return `${day.slice(2).replaceAll('-', '')}000000Z`;
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, ...parts);
}

function tagged(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
