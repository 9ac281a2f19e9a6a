import { z } from 'zod';

/** One operation of the management API as it is on the wire. Paths name their parameters in braces. */
export type Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: `/api/v1/${string}`;
  params: Params;
  query: Query;
  body: Body;
  /** The status of success. */
  status: 200 | 201;
  output: Output;
  /** The answer is newline-delimited JSON, and `output` describes one line of it. */
  lines?: boolean;
  /** The answer is a stream of server-sent events, and `output` describes one of them: its name and its data. */
  events?: boolean;
  /** The answer is a file to keep, in a form that the query names. */
  file?: boolean;
};

/** One server-sent event. */
export const StreamEvent = z.object({ event: z.string(), data: z.unknown() });

/** Nothing is expected; a parameter that is there anyway is refused, not ignored. */
export const nothing = z.strictObject({});
/** Some clients send `{}` where nothing is expected. */
export const noBody = nothing.optional();

/** The project that a path names: a slug or an id. */
export const project = z.string().min(1).max(64);
export const inProject = z.strictObject({ project });
/** One thing in a project. */
export const oneInProject = z.strictObject({ project, id: z.string().min(1).max(64) });
/** The organization that a path names: a slug or an id. */
export const inOrganization = z.strictObject({ organization: z.string().min(1).max(64) });
/** One thing of a whole organization. */
export const oneInOrganization = z.strictObject({
  organization: z.string().min(1).max(64),
  id: z.string().min(1).max(64),
});
