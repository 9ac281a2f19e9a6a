import { installationQuery } from '../query.ts';

type Attempt = {
  /** Under which keys it counts, each with how many failures cost nothing. */
  keys: readonly { key: string; free: number }[];
  nowMs: number;
  /** The first wait, doubled by each further failure up to the longest. */
  waitMs: number;
  waitMaxMs: number;
  /** Failures are forgotten when none came for so long. */
  forgetMs: number;
};

/**
 * Counts a try as failed before it is made, so that many at once cannot slip through; what turns out well is released.
 * Answers until when all of them wait, where one of the keys is blocked; then nothing is counted.
 */
export const countSignInAttempt = installationQuery({
  sql: `with asked as (
      select * from unnest($1::text[], $2::int[]) as asked (key, free)
    ), blocked as (
      select max(blocked_until) as until from sign_in_attempts where key = any ($1) and blocked_until > $3
    ), counted as (
      insert into sign_in_attempts as t (key, failures, last_at)
      select key, 1, $3 from asked where (select until from blocked) is null order by key
      on conflict (key) do update set
        failures = case when t.last_at < $6 then 1 else least(t.failures + 1, 100000) end,
        last_at = excluded.last_at,
        blocked_until = case
          when t.last_at < $6 or t.failures < (select free from asked where asked.key = t.key) then null
          else excluded.last_at + make_interval(secs => least(
            $5::float8,
            $4::float8 * power(2, least(t.failures - (select free from asked where asked.key = t.key), 30))
          ) / 1000)
        end
      where t.blocked_until is null or t.blocked_until <= excluded.last_at
      returning key
    )
    select (select until from blocked) as until, (select count(*) from counted) as counted`,
  values: ({ keys, nowMs, waitMs, waitMaxMs, forgetMs }: Attempt) => [
    keys.map(({ key }) => key),
    keys.map(({ free }) => free),
    new Date(nowMs),
    waitMs,
    waitMaxMs,
    new Date(nowMs - forgetMs),
  ],
  read: ([row]: { until: Date | null; counted: string }[], { keys, nowMs, waitMs }): Date | undefined => {
    if (row?.until) return row.until;
    // Somebody else's try at the same moment was the one too many.
    return Number(row?.counted ?? 0) < keys.length ? new Date(nowMs + waitMs) : undefined;
  },
});
