import type { CreatedInvitation, Organization, Project, Session } from '@app/contract';
import type { Server } from './open-server.ts';

/** Somebody with an account, and the cookie of a session of theirs. */
export type Person = { name: string; email: string; password: string; cookie: string };

/** The first owner, to whom the whole installation belongs. */
export type Operator = Person & { userId: string };

/** An organization with one project and one owner. */
export type Tenant = { owner: Person; projectId: string };

const ADA = { name: 'Ada Lovelace', password: 'correct horse battery' };

/** Sets an empty server up without a browser. */
export async function createOperator({ url, setupLink }: Server): Promise<Operator> {
  const token = new URLSearchParams(new URL(setupLink).hash.slice(1)).get('token');
  const owner = { ...ADA, email: 'ada@example.com' };
  await send(url, 'POST /api/v1/setup', { body: { token, ...owner } });
  const person = await signIn(url, owner);
  const answer = await send(url, 'GET /api/v1/session', { cookie: person.cookie });
  const { user }: Session = await answer.json();
  return { ...person, userId: user.id };
}

/** An organization of which the operator is no member, named as the first one of a server is. */
export async function createTenant(url: string, operator: Operator, name: string): Promise<Tenant> {
  const ask = async <Body>(what: string, body?: object): Promise<Body> =>
    (await send(url, what, { body, cookie: operator.cookie })).json();
  const { id } = await ask<Organization>('POST /api/v1/organizations', { name: 'Default' });
  const place = `/api/v1/organizations/${id}`;
  const project = await ask<Project>(`POST ${place}/projects`, { name: 'Default' });
  const owner = { ...ADA, email: `ada@${name}.example.com` };
  const invitation = { email: owner.email, role: 'owner' };
  const { link } = await ask<CreatedInvitation>(`POST ${place}/invitations`, invitation);
  const token = new URL(link).hash.replace(/^#(token=)?/, '');
  const account = { token, name: owner.name, password: owner.password };
  await send(url, 'POST /api/v1/invitations/accept', { body: account });
  await ask(`DELETE ${place}/members/${operator.userId}`);
  return { owner: await signIn(url, owner), projectId: project.id };
}

async function signIn(url: string, person: Omit<Person, 'cookie'>): Promise<Person> {
  const { email, password } = person;
  const answer = await send(url, 'POST /api/auth/sign-in/email', { body: { email, password } });
  const cookies = answer.headers.getSetCookie().map((each) => each.split(';')[0]);
  return { ...person, cookie: cookies.join('; ') };
}

type Asked = { body?: object | undefined; cookie?: string };

/** Fails with what the server said unless it is content. */
async function send(url: string, what: string, { body, cookie }: Asked): Promise<Response> {
  const [method = '', path = ''] = what.split(' ');
  const answer = await fetch(url + path, {
    method,
    headers: {
      origin: url,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(cookie === undefined ? {} : { cookie }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${what} was answered with ${answer.status}: ${await answer.text()}`);
  return answer;
}
