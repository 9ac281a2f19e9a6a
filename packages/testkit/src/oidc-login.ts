import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Script, UpstreamRequest } from './fake-upstream.ts';

type Json = { [name: string]: unknown };

export type FakeOidc = {
  script: Script;
  /** Who is signed in there, by the claims that are told. */
  claims: Json;
  /** What somebody's browser gets from there for an address of `authorize`: where it is sent back to. */
  authorize(url: string): string;
  /** From now on id tokens are made so. `undefined` makes them as they should be. */
  forge(forgery: OidcForgery | undefined): void;
  /** Changes the discovery document. */
  discovery: Json;
  /** Told by the user info endpoint. */
  userInfo: Json;
};

/** What is wrong with an id token. */
export type OidcForgery = {
  /** Put over the claims that it would have; `undefined` leaves one out. */
  claims?: Json;
  header?: Json;
  signedBy?: 'nobody' | 'stranger' | 'client-secret' | 'public-key-as-secret';
};

export type FakeOidcOptions = {
  issuer: string;
  clientId: string;
  clientSecret: string;
  claims: Json;
  /** Seconds since 1970. */
  nowS?: () => number;
};

type Code = { challenge: string | null; redirectUri: string; nonce: string | null };

/**
 * Plays an OpenID Connect provider that does everything right until it is told to do something wrong. Source: OpenID
 * Connect Core 1.0 §3.1, OpenID Connect Discovery 1.0 §4, RFC 7636.
 */
export function playsOidc(options: FakeOidcOptions): FakeOidc {
  const { issuer } = options;
  const { own, write } = createWriteToken(options);
  const codes = new Map<string, Code>();
  let forgery: OidcForgery | undefined;
  const oidc: FakeOidc = {
    claims: options.claims,
    userInfo: {},
    discovery: {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/keys`,
      id_token_signing_alg_values_supported: ['ES256', 'none', 'HS256'],
    },
    forge: (next) => {
      forgery = next;
    },
    authorize: (address) => {
      const { searchParams } = new URL(address);
      const redirectUri = searchParams.get('redirect_uri') ?? '';
      const code = randomBytes(10).toString('hex');
      const [challenge, nonce] = [searchParams.get('code_challenge'), searchParams.get('nonce')];
      codes.set(code, { challenge, redirectUri, nonce });
      const back = new URL(redirectUri);
      back.searchParams.set('code', code);
      back.searchParams.set('state', searchParams.get('state') ?? '');
      back.searchParams.set('iss', issuer);
      return back.href;
    },
    script: (response, request) => {
      const path = new URL(request.path, issuer).pathname;
      if (path.endsWith('/.well-known/openid-configuration')) return answer(response, 200, oidc.discovery);
      if (path.endsWith('/keys')) {
        const key = { ...own.export({ format: 'jwk' }), kid: 'own', use: 'sig', alg: 'ES256' };
        return answer(response, 200, { keys: [key] });
      }
      if (path.endsWith('/userinfo')) return answer(response, 200, oidc.userInfo);
      const code = path.endsWith('/token') ? takeCode(request, codes) : undefined;
      if (code === undefined) return answer(response, 400, { error: 'invalid_grant' });
      return answer(response, 200, {
        access_token: randomBytes(18).toString('hex'),
        token_type: 'Bearer',
        id_token: write({ iss: issuer, aud: options.clientId, nonce: code.nonce, ...oidc.claims }, forgery),
      });
    },
  };

  return oidc;
}

/** Makes id tokens, as they should be and otherwise. */
function createWriteToken({ clientSecret, nowS }: FakeOidcOptions) {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signature = (text: string, by: OidcForgery['signedBy']): string => {
    switch (by) {
      case 'nobody':
        return '';
      case 'client-secret':
        return createHmacSignature(clientSecret, text);
      case 'public-key-as-secret':
        return createHmacSignature(own.publicKey.export({ format: 'pem', type: 'spki' }), text);
      case 'stranger':
        return createSignature(stranger.privateKey, text);
      default:
        return createSignature(own.privateKey, text);
    }
  };
  const write = (honest: Json, forgery: OidcForgery | undefined): string => {
    const now = Math.floor(nowS?.() ?? Date.now() / 1_000);
    const header = { alg: 'ES256', kid: 'own', typ: 'JWT', ...forgery?.header };
    const claims = { iat: now, exp: now + 300, ...honest, ...forgery?.claims };
    const text = [header, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${text}.${signature(text, forgery?.signedBy)}`;
  };
  return { own: own.publicKey, write };
}

function takeCode({ body }: UpstreamRequest, codes: Map<string, Code>): Code | undefined {
  const form = new URLSearchParams(body);
  const code = codes.get(form.get('code') ?? '');
  codes.delete(form.get('code') ?? '');
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  const isOwn = code?.challenge === challenge && code.redirectUri === form.get('redirect_uri');
  return isOwn ? code : undefined;
}

function createSignature(key: KeyObject, text: string): string {
  return sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

function createHmacSignature(secret: string | Buffer, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
