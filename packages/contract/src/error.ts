import { z } from 'zod';

/** The error envelope. `detail` repeats the message for older clients. */
export const ErrorReply = z.object({
  error: z.object({
    type: z.string(),
    message: z.string(),
    code: z.string(),
    param: z.string().nullable(),
    http_status: z.int(),
    request_id: z.string(),
    provider: z.string().optional(),
  }),
  detail: z.string(),
});
export type ErrorReply = z.infer<typeof ErrorReply>;
