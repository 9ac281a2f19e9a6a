import type { OperationDeps } from '../src/routes/api/list-operations.ts';

/** Where traces are read from for tests that have none. */
export const noTraces: OperationDeps['traces'] = {
  readKeyUsage: async (_projectId, { keyIds }) => ({
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-01-02T00:00:00.000Z',
    times: [],
    data: keyIds.map((key_id) => ({
      key_id,
      requests: 0,
      errors: 0,
      input_tokens: 0,
      output_tokens: 0,
      cost: { nanos: 0, usd: '0' },
      last_call_at: null,
      series: { requests: [], errors: [], tokens: [], cost_nanos: [] },
    })),
  }),
  listTraces: async () => ({ data: [], next_cursor: null }),
  listSessions: async () => ({ data: [], next_cursor: null }),
  listUsers: async () => ({ data: [], next_cursor: null }),
  listPrompts: async () => ({ data: [], next_cursor: null }),
  listScores: async () => ({ data: [], next_cursor: null }),
  findTrace: async () => undefined,
  findTraceTree: async () => undefined,
  findSpan: async () => undefined,
  findPrompt: async () => undefined,
  findScore: async () => undefined,
  insertScore: async () => undefined,
  deleteScore: async () => undefined,
  analyzeCalls: async () => ({
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-01-02T00:00:00.000Z',
    total: {},
    times: [],
    groups: [],
    is_cut: false,
  }),
  readOverview: async () => ({
    from: '2026-01-01T00:00:00.000Z',
    to: '2026-01-02T00:00:00.000Z',
    spend: { now: { nanos: 0, usd: '0' }, before: null },
    latency_p99_ms: { now: 0, before: null },
    traces: { now: 0, before: null },
    error_rate: { now: 0, before: null },
    spend_by_model: { times: [], series: [] },
  }),
};
