import { z } from 'zod';
import { count, filled, filledSecret } from './field-kinds.ts';

const url = z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' });
/** RFC 6749 §3.3: printable, without spaces, quotes and backslashes. */
const scope = z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]{1,200}$/, 'is not a scope');

/** What the sign-in library calls passwords, and what our own ways in are called. */
const TAKEN_IDS = ['credential', 'password', 'passkey', 'local'];

const SignInProvider = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be lower-case letters, digits or "-"')
    .refine((id) => !TAKEN_IDS.includes(id), 'is a name of ours; choose another')
    .describe('Your name for it. It is part of the redirect URL: `/api/auth/callback/{id}`.'),
  kind: z
    .enum(['github', 'google', 'oidc'], { error: 'must be github, google or oidc' })
    .describe('GitHub, Google, or whatever speaks OpenID Connect: Okta, Entra, Keycloak and others.'),
  title: filled.max(60).optional().describe('What the button says. Default: GitHub, Google, or the id.'),
  client_id: filled.max(500).describe('What the provider calls this installation.'),
  client_secret: filledSecret.describe(
    'Its secret there, best as a reference such as `${OKTA_CLIENT_SECRET}`.',
  ),
  issuer: url
    .optional()
    .describe(
      'For `oidc`: who signs, exactly as its discovery document says, for example `https://example.okta.com`.',
    ),
  discovery_url: url
    .optional()
    .describe(
      'For `oidc`: where the discovery document is. Default: `{issuer}/.well-known/openid-configuration`.',
    ),
  base_url: url.optional().describe('For `github`: the address of a GitHub Enterprise Server.'),
  scopes: z
    .array(scope)
    .min(1)
    .max(50)
    .optional()
    .describe('What to ask for. Default: `openid email profile`; of GitHub `read:user user:email`.'),
  assume_email_verified: z
    .boolean()
    .default(false)
    .describe(
      'Whether to trust its e-mail addresses although it does not say `email_verified`. Only where nobody can choose their own address there, such as one tenant of Entra.',
    ),
  two_factor: z
    .boolean()
    .default(false)
    .describe('Whether signing in there counts as two factors, because it asks everybody for two.'),
});
export type SignInProvider = z.infer<typeof SignInProvider>;

/** How people get in. */
export const SignIn = z.strictObject({
  password: z.boolean().default(true).describe('Whether people can sign in with e-mail and password.'),
  bcrypt_cost: z
    .int()
    .min(10)
    .max(15)
    .default(12)
    .describe('How much work a password is; each step doubles it. 12 is about a quarter of a second.'),
  session_hours: count(8_760).default(168).describe('How long somebody stays signed in who does nothing.'),
  providers: z.array(SignInProvider).max(20).default([]).describe('Where else people can sign in.'),
});
export type SignInSettings = z.infer<typeof SignIn>;

type Problem = [path: PropertyKey[], message: string];

/** What no single field can tell. */
export function signInProblems({ password, providers }: SignInSettings): Problem[] {
  const ids = providers.map(({ id }) => id);
  const nobody: Problem[] =
    password || providers.length > 0
      ? []
      : [[['sign_in', 'password'], 'nobody could sign in: leave it on, or list a provider']];
  return [
    ...nobody,
    ...providers.flatMap((each, at) => providerProblems(each, ids.indexOf(each.id) !== at, at)),
  ];
}

function providerProblems(entry: SignInProvider, isDouble: boolean, at: number): Problem[] {
  const { id, kind } = entry;
  const problem = (field: string, message: string): Problem[] => [
    [['sign_in', 'providers', at, field], message],
  ];
  if (isDouble) return problem('id', `"${id}" is there twice; give each its own id`);
  if (kind === 'oidc' && entry.issuer === undefined) return problem('issuer', 'is missing; oidc needs one');
  const stranger = FIELDS_OF_ONE_KIND.find(([field, own]) => entry[field] !== undefined && kind !== own);
  return stranger === undefined ? [] : problem(stranger[0], `is only for ${stranger[1]}`);
}

const FIELDS_OF_ONE_KIND = [
  ['issuer', 'oidc'],
  ['discovery_url', 'oidc'],
  ['base_url', 'github'],
] as const;
