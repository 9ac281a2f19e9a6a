import type { FastifyInstance } from 'fastify';

/** Longer than nearly every call, shorter than service managers wait before they kill. */
export const DRAIN_MS = 20_000;
const SWEEP_MS = 100;

/**
 * Takes no new connection and lets calls under way end, for as long as a caller would wait for a restart. A client
 * that keeps its connection is told with its next reply to open another, or its calls would keep us here.
 */
export async function drain(app: FastifyInstance, drainMs = DRAIN_MS): Promise<void> {
  const { server } = app;
  const { promise: isEmpty, resolve: emptied } = Promise.withResolvers<void>();
  server.prependListener('request', (_request, response) => {
    response.setHeader('connection', 'close');
  });
  server.close(() => emptied());
  const closeIdle = () => server.closeIdleConnections();
  closeIdle();
  const sweep = setInterval(closeIdle, SWEEP_MS);
  const timer = setTimeout(emptied, drainMs);
  await isEmpty;
  clearInterval(sweep);
  clearTimeout(timer);
  server.closeAllConnections();
  await app.close();
}
