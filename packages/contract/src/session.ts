import { z } from 'zod';
import { Permission } from './permissions.ts';

/** Who is signed in and what they may look at. */
export const Session = z.object({
  user: z.object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    two_factor: z.boolean().optional(),
    /** How they signed in: `password`, `passkey`, or the id of a provider. */
    method: z.string().nullable().optional(),
  }),
  projects: z.array(
    z.object({
      id: z.string(),
      slug: z.string(),
      name: z.string(),
      organization: z.string(),
      organization_id: z.string().optional(),
      role: z.string().optional(),
      /** What the person may do in this project, by whichever of their roles is the stronger. */
      permissions: z.array(Permission).optional(),
    }),
  ),
  /** Those that the person belongs to, in which role, and what that allows. */
  organizations: z
    .array(
      z.object({
        id: z.string(),
        slug: z.string(),
        name: z.string(),
        zone: z.string(),
        role: z.string(),
        permissions: z.array(Permission).optional(),
        /** Why nothing of it is open to this session yet: sign in by that provider, or set up a second factor. */
        needs: z
          .object({ kind: z.enum(['provider', 'two_factor']), provider: z.string().nullable() })
          .nullable()
          .optional(),
        /** Whether it is the one that runs this installation; its owners see how safe that is. */
        is_operator: z.boolean().optional(),
      }),
    )
    .optional(),
});
export type Session = z.infer<typeof Session>;

/** `needed` is true until the first owner exists; the token comes from the set-up link. */
export const SetupState = z.object({ needed: z.boolean() });
export type SetupState = z.infer<typeof SetupState>;

export const Setup = z.strictObject({
  token: z.string().min(1).max(200),
  name: z.string().trim().min(1).max(100),
  email: z.email().max(254),
  password: z.string().min(12).max(72),
});
export type Setup = z.infer<typeof Setup>;
