import { GatewayError } from '@app/protocol';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';

const base64url = z
  .string()
  .max(16_384)
  .regex(/^[\w-]+$/);
const credential = { id: base64url.max(2_048), rawId: base64url.max(2_048), type: z.literal('public-key') };

/** Source: Web Authentication Level 3, §5.1 RegistrationResponseJSON and AuthenticationResponseJSON. */
const Attestation = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(32)).max(10).default([]),
  }),
});

const Assertion = z.object({
  ...credential,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish(),
  }),
});

/** What a device answered that was asked for a new key. Throws a 400 when it is nothing of the kind. */
export function parseAttestation(response: unknown): RegistrationResponseJSON {
  const { id, rawId, type, response: inner } = parse(Attestation, response);
  const { clientDataJSON, attestationObject, transports } = inner;
  const known = KNOWN_TRANSPORTS.filter((each) => transports.includes(each));
  return {
    ...{ id, rawId, type, clientExtensionResults: {} },
    response: { clientDataJSON, attestationObject, transports: known },
  };
}

/** What a device answered that was asked to sign. */
export function parseAssertion(response: unknown): AuthenticationResponseJSON {
  const { id, rawId, type, response: inner } = parse(Assertion, response);
  const { userHandle, ...signed } = inner;
  return {
    ...{ id, rawId, type, clientExtensionResults: {} },
    response: userHandle == null ? signed : { ...signed, userHandle },
  };
}

export function transportsOf({ response }: RegistrationResponseJSON): string[] {
  return response.transports ?? [];
}

const KNOWN_TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const;

function parse<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const message = 'response: is not what a browser answers with.';
  throw new GatewayError('invalid_parameter', message, { param: 'response', retryable: false });
}
