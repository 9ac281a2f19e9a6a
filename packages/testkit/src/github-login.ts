import { createHash, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Script, UpstreamRequest } from './fake-upstream.ts';

export type GithubPerson = {
  id: number;
  login: string;
  name: string | null;
  /** What stands in the profile, which anybody can type. */
  email?: string | null;
  emails: { email: string; primary: boolean; verified: boolean }[];
};

export type FakeGithub = {
  script: Script;
  /** Who is signed in there, and agrees to whatever they are asked. */
  person: GithubPerson;
  /** What somebody's browser gets from there for an address of `authorize`: where it is sent back to. */
  authorize(url: string): string;
};

export type FakeGithubOptions = { clientId: string; clientSecret: string; person: GithubPerson };

type Code = { challenge: string | null; redirectUri: string };

/**
 * Plays GitHub Enterprise's sign-in: codes that are good once, with PKCE, and the parts of the API that say who somebody
 * is. Source: GitHub Docs, "Authorizing OAuth apps", "REST API endpoints for users", "REST API endpoints for emails".
 */
export function playsGithub(options: FakeGithubOptions): FakeGithub {
  const codes = new Map<string, Code>();
  const tokens = new Set<string>();
  const github: FakeGithub = {
    person: options.person,
    authorize: (address) => {
      const { searchParams } = new URL(address);
      const redirectUri = searchParams.get('redirect_uri') ?? '';
      const code = randomBytes(10).toString('hex');
      codes.set(code, { challenge: searchParams.get('code_challenge'), redirectUri });
      const back = new URL(redirectUri);
      back.searchParams.set('code', code);
      back.searchParams.set('state', searchParams.get('state') ?? '');
      return back.href;
    },
    script: (response, request) => {
      const { path } = request;
      if (path === '/login/oauth/access_token') return answer(response, 200, exchange(request));
      if (!tokens.has((request.headers.authorization ?? '').replace('Bearer ', ''))) {
        return answer(response, 401, { message: 'Bad credentials' });
      }
      const { emails, ...profile } = github.person;
      if (path === '/api/v3/user') return answer(response, 200, profile);
      if (path === '/api/v3/user/emails') return answer(response, 200, emails);
      return answer(response, 404, { message: 'Not Found' });
    },
  };

  /** GitHub answers 200 also where it refuses. */
  const exchange = ({ body }: UpstreamRequest): object => {
    const form = new URLSearchParams(body);
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    if (form.get('client_id') !== options.clientId || form.get('client_secret') !== options.clientSecret) {
      return { error: 'incorrect_client_credentials' };
    }
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (code === undefined || (code.challenge !== null && code.challenge !== challenge)) {
      return { error: 'bad_verification_code' };
    }
    if (code.redirectUri !== form.get('redirect_uri')) return { error: 'redirect_uri_mismatch' };
    const token = `gho_${randomBytes(18).toString('hex')}`;
    tokens.add(token);
    return { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' };
  };
  return github;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
