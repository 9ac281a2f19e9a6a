import type { AuditAction } from '@app/contract';
import { z } from 'zod';
import type { TryKind } from '../../identity/create-sign-in-limit.ts';

/** One address of the sign-in library that can be reached, and what of a request gets there. */
export type AuthRoute = {
  method: 'GET' | 'POST';
  /** Below `/api/auth`. */
  path: string;
  body?: z.ZodType<object>;
  /** What the library is told besides. */
  always?: object;
  /** The parameters of the address that are handed on; the others are dropped. */
  query?: readonly string[];
  /** How tries are counted: by which name of an account. */
  tries?: { kind: TryKind; account: 'email' | 'session' | 'challenge' | 'nobody' };
  /** What is written down when it happened. */
  action?: AuditAction;
};

/** A path of our own pages, and nothing by which a browser would go elsewhere. */
const LocalPath = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[^\\\p{Cc}\s]*$/u, 'must be a path of this site')
  .refine((path) => URL.parse(path, 'http://here')?.origin === 'http://here', 'must be a path of this site');

const password = z.string().min(1).max(1_024);
const code = z.strictObject({ code: z.string().min(1).max(64) });
const whose = z.strictObject({ password });
const away = z.strictObject({
  provider: z.string().min(1).max(64),
  callbackURL: LocalPath.default('/'),
  errorCallbackURL: LocalPath.default('/sign-in'),
});
const byPassword = { kind: 'password', account: 'session' } as const;
const byCode = { kind: 'code', account: 'challenge' } as const;

/**
 * What of the sign-in library can be reached. Whatever it offers besides does not exist for the outside, and of these
 * bodies no field that is not named here.
 */
export const AUTH_ROUTES: readonly AuthRoute[] = [
  {
    method: 'POST',
    path: '/sign-in/email',
    body: z.strictObject({ email: z.string().min(1).max(254), password, rememberMe: z.boolean().optional() }),
    tries: { kind: 'sign-in', account: 'email' },
  },
  { method: 'POST', path: '/sign-in/social', body: away },
  { method: 'POST', path: '/link-social', body: away },
  { method: 'GET', path: '/callback/:id', query: ['code', 'state', 'error', 'iss'] },
  { method: 'POST', path: '/sign-out', body: z.strictObject({}), action: 'session.sign_out' },
  {
    method: 'POST',
    path: '/change-password',
    body: z.strictObject({ currentPassword: password, newPassword: password }),
    always: { revokeOtherSessions: true },
    tries: byPassword,
    action: 'account.change_password',
  },
  {
    method: 'POST',
    path: '/request-password-reset',
    body: z.strictObject({ email: z.email().max(254) }),
    tries: { kind: 'reset', account: 'email' },
  },
  {
    method: 'POST',
    path: '/reset-password',
    body: z.strictObject({ newPassword: password, token: z.string().min(1).max(200) }),
    tries: { kind: 'password', account: 'nobody' },
  },
  {
    method: 'POST',
    path: '/two-factor/verify-totp',
    body: code,
    tries: byCode,
    action: 'account.enable_two_factor',
  },
  { method: 'POST', path: '/two-factor/verify-backup-code', body: code, tries: byCode },
  { method: 'POST', path: '/two-factor/enable', body: whose, tries: byPassword },
  {
    method: 'POST',
    path: '/two-factor/generate-backup-codes',
    body: whose,
    tries: byPassword,
    action: 'account.change',
  },
  {
    method: 'POST',
    path: '/two-factor/disable',
    body: whose,
    tries: byPassword,
    action: 'account.disable_two_factor',
  },
];
