import { z } from 'zod';
import { Analysis, AnalysisSearch } from '../analysis.ts';
import { type Endpoint, inProject, noBody, nothing, project, StreamEvent } from '../endpoint.ts';
import { NewScore, Score, ScoreList, ScoreSearch } from '../scores.ts';
import { PromptDetails, PromptList, SessionList, StretchSearch, UserList } from '../sessions.ts';
import { SqlAnswer, SqlQuestion, SqlSchema } from '../sql.ts';
import { SpanDetails, TraceTree } from '../trace-tree.ts';
import { TraceSearch } from '../traces.ts';

const traceId = z.string().regex(/^[0-9a-f]{32}$/, 'must be 32 lower-case hexadecimal digits');
const spanId = z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 lower-case hexadecimal digits');
const inTrace = z.strictObject({ project, trace_id: traceId });

/** What is followed live: the filters of the list, without its pages and times. */
const LiveSearch = TraceSearch.omit({ limit: true, cursor: true, from: true, to: true }).extend({
  of: z.enum(['calls', 'spans']).optional(),
});

/** Questions about what was traced. Lists of calls, traces and spans are `listTraces`. */
export const traceEndpoints = {
  getTraceTree: {
    method: 'GET',
    path: '/api/v1/projects/{project}/traces/{trace_id}/spans',
    params: inTrace,
    query: nothing,
    body: noBody,
    status: 200,
    output: TraceTree,
  },
  getSpan: {
    method: 'GET',
    path: '/api/v1/projects/{project}/traces/{trace_id}/spans/{span_id}',
    params: inTrace.extend({ span_id: spanId }),
    query: nothing,
    body: noBody,
    status: 200,
    output: SpanDetails,
  },
  followTraces: {
    method: 'GET',
    path: '/api/v1/projects/{project}/traces/live',
    params: inProject,
    query: LiveSearch,
    body: noBody,
    status: 200,
    /** `trace` with a summary; `lost` when others came too fast to be shown; `ready` at first. */
    output: StreamEvent,
    events: true,
  },
  listSessions: {
    method: 'GET',
    path: '/api/v1/projects/{project}/sessions',
    params: inProject,
    query: StretchSearch,
    body: noBody,
    status: 200,
    output: SessionList,
  },
  listUsers: {
    method: 'GET',
    path: '/api/v1/projects/{project}/users',
    params: inProject,
    query: StretchSearch,
    body: noBody,
    status: 200,
    output: UserList,
  },
  listPrompts: {
    method: 'GET',
    path: '/api/v1/projects/{project}/prompts',
    params: inProject,
    query: StretchSearch,
    body: noBody,
    status: 200,
    output: PromptList,
  },
  getPrompt: {
    method: 'GET',
    path: '/api/v1/projects/{project}/prompts/{id}',
    params: z.strictObject({ project, id: z.string().min(1).max(300) }),
    query: StretchSearch,
    body: noBody,
    status: 200,
    output: PromptDetails,
  },
  listScores: {
    method: 'GET',
    path: '/api/v1/projects/{project}/scores',
    params: inProject,
    query: ScoreSearch,
    body: noBody,
    status: 200,
    output: ScoreList,
  },
  createScore: {
    method: 'POST',
    path: '/api/v1/projects/{project}/scores',
    params: inProject,
    query: nothing,
    body: NewScore,
    status: 201,
    output: Score,
  },
  deleteScore: {
    method: 'DELETE',
    path: '/api/v1/projects/{project}/scores/{id}',
    params: z.strictObject({ project, id: z.string().min(1).max(200) }),
    query: nothing,
    body: noBody,
    status: 200,
    output: Score,
  },
  analyze: {
    method: 'GET',
    path: '/api/v1/projects/{project}/analysis',
    params: inProject,
    query: AnalysisSearch,
    body: noBody,
    status: 200,
    output: Analysis,
  },
  askSql: {
    method: 'POST',
    path: '/api/v1/projects/{project}/sql',
    params: inProject,
    query: nothing,
    body: SqlQuestion,
    status: 200,
    output: SqlAnswer,
  },
  getSqlSchema: {
    method: 'GET',
    path: '/api/v1/projects/{project}/sql/schema',
    params: inProject,
    query: nothing,
    body: noBody,
    status: 200,
    output: SqlSchema,
  },
} as const satisfies { [name: string]: Endpoint };
