import type { LimitUsage } from './limit-usage-row.ts';
import type { Database } from './open-postgres.ts';
import { applyLimitSegment } from './queries/apply-limit-segment.ts';
import { chargeLimitFloors } from './queries/charge-limit-floors.ts';
import { deleteEmptyLimitFloors } from './queries/delete-empty-limit-floors.ts';
import { deleteOldLimitUsage } from './queries/delete-old-limit-usage.ts';
import { findLimitUsage } from './queries/find-limit-usage.ts';
import { forgetLimitSegments } from './queries/forget-limit-segments.ts';
import { listCurrentLimitUsage } from './queries/list-current-limit-usage.ts';
import { listLimitUsage } from './queries/list-limit-usage.ts';
import { listLiveServers } from './queries/list-live-servers.ts';

/** What was used of limits, and who counts. */
export function limitUsageTables(postgres: Database) {
  return {
    limitUsage: {
      applyLimitSegment: applyLimitSegment(postgres),
      forgetLimitSegments: forgetLimitSegments(postgres),
      chargeLimitFloors: chargeLimitFloors(postgres),
      deleteEmptyLimitFloors: deleteEmptyLimitFloors(postgres),
      findLimitUsage: findLimitUsage(postgres),
      listLimitUsage: listLimitUsage(postgres),
      readCurrentLimitUsage: (nowMs: number) => readCurrentLimitUsage(postgres, nowMs - MONTH_MS_MAX),
      deleteOldLimitUsage: deleteOldLimitUsage(postgres),
      listLiveServers: listLiveServers(postgres),
    },
  };
}

const pageSize = 10_000;
/** The longest month, and an hour more where clocks are moved. */
const MONTH_MS_MAX = (31 * 24 + 1) * 3_600_000;

/** Every count of a month or day that may not be over, page by page, so that they are never all in memory twice. */
async function* readCurrentLimitUsage(db: Database, sinceMs: number): AsyncGenerator<LimitUsage[]> {
  const list = listCurrentLimitUsage(db);
  let after: LimitUsage | undefined;
  for (;;) {
    const page = await list({ sinceMs, after, limit: pageSize });
    yield page;
    after = page.at(-1);
    if (page.length < pageSize) return;
  }
}
