import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export type SoftwareAuthenticator = {
  credentialId: string;
  /** How often it signed; a copy of it goes on from where it was copied. */
  counter: number;
  /** Whether it checks who holds it. */
  verifiesUser: boolean;
  origin: string;
  rpId: string;
  create(options: unknown): { [name: string]: unknown };
  sign(options: unknown): { [name: string]: unknown };
};

/**
 * A device that keeps one passkey, in memory: ES256, attestation "none". Source: Web Authentication Level 3, §6.1
 * authenticator data, §6.5 attestation, RFC 9052 for the key.
 */
export function createSoftwareAuthenticator(origin: string): SoftwareAuthenticator {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  let userHandle: string | undefined;
  const device: SoftwareAuthenticator = {
    credentialId: id.toString('base64url'),
    counter: 0,
    verifiesUser: true,
    origin,
    rpId: new URL(origin).hostname,
    create: (options) => {
      const { challenge, user } = Object(options);
      userHandle = user.id;
      const attested = Buffer.concat([Buffer.alloc(16), uint16(id.length), id, coseOf(publicKey)]);
      const authData = authenticatorData(device, attested);
      const attestationObject = cborMap([
        ['fmt', cborText('none')],
        ['attStmt', cborMap([])],
        ['authData', cborBytes(authData)],
      ]);
      return credential(device, {
        clientDataJSON: clientData('webauthn.create', challenge, device.origin).toString('base64url'),
        attestationObject: attestationObject.toString('base64url'),
        transports: ['internal'],
      });
    },
    sign: (options) => {
      device.counter += 1;
      const data = clientData('webauthn.get', Object(options).challenge, device.origin);
      const authData = authenticatorData(device, Buffer.alloc(0));
      const signed = Buffer.concat([authData, createHash('sha256').update(data).digest()]);
      return credential(device, {
        clientDataJSON: data.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, privateKey).toString('base64url'),
        userHandle,
      });
    },
  };
  return device;
}

function credential({ credentialId }: SoftwareAuthenticator, response: object): { [name: string]: unknown } {
  return {
    ...{ id: credentialId, rawId: credentialId, type: 'public-key', response },
    ...{ clientExtensionResults: {}, authenticatorAttachment: 'platform' },
  };
}

function clientData(type: string, challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

function authenticatorData({ rpId, verifiesUser, counter }: SoftwareAuthenticator, attested: Buffer): Buffer {
  const [present, verified, hasKey] = [0x01, verifiesUser ? 0x04 : 0, attested.length > 0 ? 0x40 : 0];
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  const hash = createHash('sha256').update(rpId).digest();
  return Buffer.concat([hash, Buffer.of(present | verified | hasKey), count, attested]);
}

/** Key type 2, algorithm -7, curve 1, and the two coordinates. */
function coseOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const [first, second] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  return Buffer.concat([
    Buffer.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21),
    cborBytes(first),
    Buffer.of(0x22),
    cborBytes(second),
  ]);
}

function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}

function cborMap(entries: readonly (readonly [string, Buffer])[]): Buffer {
  const parts = entries.flatMap(([name, value]) => [cborText(name), value]);
  return Buffer.concat([Buffer.of(0xa0 | entries.length), ...parts]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([Buffer.of(0x60 | text.length), Buffer.from(text)]);
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([
    bytes.length < 256
      ? Buffer.of(0x58, bytes.length)
      : Buffer.concat([Buffer.of(0x59), uint16(bytes.length)]),
    bytes,
  ]);
}
