import { Role } from './members.ts';

/** Whether a role reaches as far as another one. What is no role reaches nowhere. */
export function reaches(role: string | null | undefined, asked: Role): boolean {
  const rank = rankOf(role);
  return rank !== undefined && rank <= Role.options.indexOf(asked);
}

/** The one of two roles that may do more; null when neither is one. */
export function strongerRole(one: string | null | undefined, other: string | null | undefined): Role | null {
  const ranks = [rankOf(one), rankOf(other)].filter((rank) => rank !== undefined);
  return Role.options[Math.min(...ranks)] ?? null;
}

/** From most to least. */
const order: readonly string[] = Role.options;

function rankOf(role: string | null | undefined): number | undefined {
  const rank = order.indexOf(role ?? '');
  return rank === -1 ? undefined : rank;
}
