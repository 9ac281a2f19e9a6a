import { createHash } from 'node:crypto';
import type { Setup as SetupInput } from '@app/contract';
import { GatewayError } from '@app/protocol';
import type { RelationalStore } from '@app/store';
import type { Accounts } from './create-accounts.ts';
import { refusePassword } from './password.ts';

export type SetupDeps = {
  setup: RelationalStore['setup'];
  tenants: Pick<RelationalStore['tenants'], 'countOwners' | 'insertMembership'>;
  accounts: Pick<Accounts, 'create'>;
  /** The default organization, which the first user will own. */
  organizationId: string;
  /** The address that browsers use, without a path. */
  url: string;
  randomBytes: (size: number) => Uint8Array;
  nowMs: () => number;
  /** Called once somebody owns the installation: whatever still holds a link can go. */
  onDone?: (() => void) | undefined;
};

type SetupLink = { url: string; expiresAt: Date };

export type Setup = {
  /** True until somebody owns the installation. */
  isNeeded(): Promise<boolean>;
  /** A fresh link, which withdraws every earlier one; undefined when somebody owns the installation already. */
  openSetupLink(): Promise<SetupLink | undefined>;
  /** Throws a 4xx `GatewayError` for a link that is not valid; nothing is changed by asking. */
  checkLink(token: string): Promise<void>;
  /** Makes the first user, once. Throws a 4xx `GatewayError` when the link is not valid or the input cannot be used. */
  complete(input: SetupInput): Promise<{ userId: string }>;
};

const LIFETIME_MS = 30 * 60_000;

/** How the first person gets in: by a link that only who started the server can read. */
export function createSetup(deps: SetupDeps): Setup {
  // An installation keeps its owner, and anybody may ask whether it has one.
  let isOwned = false;
  const isNeeded = async () => {
    if (!isOwned) isOwned = (await deps.tenants.countOwners()) > 0;
    return !isOwned;
  };
  return {
    isNeeded,
    openSetupLink: async () => {
      if (!(await isNeeded())) return undefined;
      const token = Buffer.from(deps.randomBytes(32)).toString('base64url');
      const nowMs = deps.nowMs();
      const expiresAtMs = nowMs + LIFETIME_MS;
      await deps.setup.insertSetupLink({ digest: digestOf(token), createdAtMs: nowMs, expiresAtMs });
      // A fragment is never sent: the token stays out of logs, proxies and the Referer header.
      return { url: `${new URL(deps.url).origin}/setup#token=${token}`, expiresAt: new Date(expiresAtMs) };
    },
    checkLink: async (token) => {
      const digest = digestOf(token);
      if (await deps.setup.isSetupLinkOpen({ digest, nowMs: deps.nowMs() })) return;
      throw (await isNeeded()) ? staleLink() : alreadyDone();
    },
    complete: async (input) => {
      const problem = refusePassword(input.password);
      if (problem !== undefined) throw new GatewayError('invalid_parameter', problem, { param: 'password' });
      const digest = digestOf(input.token);
      if (!(await deps.setup.consumeSetupLink({ digest, nowMs: deps.nowMs() }))) {
        throw (await isNeeded()) ? staleLink() : alreadyDone();
      }
      const userId = await makeOwner(deps, input).catch(async (error: unknown) => {
        await deps.setup.releaseSetupLink({ digest });
        throw error;
      });
      deps.onDone?.();
      return { userId };
    },
  };
}

async function makeOwner(deps: SetupDeps, { name, email, password }: SetupInput): Promise<string> {
  const userId = await deps.accounts.create({ name, email, password });
  const createdAtMs = deps.nowMs();
  await deps.tenants.insertMembership(deps.organizationId, { userId, role: 'owner', createdAtMs });
  return userId;
}

/** The token is 256 random bits, so a plain digest cannot be guessed back. */
function digestOf(token: string): string {
  return createHash('sha256').update(token, 'utf8').digest('base64url');
}

function staleLink(): GatewayError {
  const message =
    'This set-up link is not valid: it was used, replaced by a newer one, or is older than 30 minutes. ' +
    'Restart the server to get a fresh one.';
  return new GatewayError('insufficient_permissions', message, { param: 'token', retryable: false });
}

function alreadyDone(): GatewayError {
  return new GatewayError('conflict', 'The set-up is done already. Sign in instead.', { retryable: false });
}
