import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dashboardRoutes } from '../../src/routes/dashboard/dashboard-routes.ts';
import { createTestServer, type TestServer } from '../create-test-server.ts';
import { openRawSocket, type RawReply } from '../raw-socket.ts';

let folder = '';
let server: TestServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attack-dashboard-'));
  const dir = join(folder, 'dist');
  mkdirSync(join(dir, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'outside.txt'), 'outside');
  writeFileSync(
    join(dir, 'index.html'),
    '<script type="module" src="/assets/a.js" nonce="__CSP_NONCE__"></script>',
  );
  writeFileSync(join(dir, 'assets', 'a.js'), 'export {};');
  writeFileSync(join(dir, '.env'), 'hidden');
  symlinkSync(join(folder, 'outside.txt'), join(dir, 'assets', 'link.txt'));
  server = await createTestServer({ plugins: [dashboardRoutes({ dir, isHttps: true })] });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The path exactly as it is; clients would tidy it up first. */
function get(path: string): Promise<RawReply> {
  const raw = openRawSocket(server.url);
  raw.send(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
  return raw.closed;
}

test.each(['/', '/traces', '/keys', '/budgets', '/providers', '/sign-in', '/setup', '/assets/a.js'])(
  '%s runs nothing but our own files, is framed by nobody and insists on HTTPS',
  async (path) => {
    const { status, headers } = await get(path);
    expect(status).toBe(200);
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:[^;]*script/);
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['strict-transport-security']).toMatch(/^max-age=/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  },
);

test('a page is kept in no cache, and no two have the same nonce', async () => {
  const [first, second] = await Promise.all([get('/'), get('/')]);
  const nonceOf = ({ body }: RawReply) => /nonce="([0-9a-f]+)"/.exec(body)?.[1];
  expect(nonceOf(first)).toMatch(/^[0-9a-f]{32,}$/);
  expect(nonceOf(first)).not.toBe(nonceOf(second));
  expect(first.headers['cache-control']).toBe('no-store');
});

test.each([
  '/nothing',
  '/assets/nothing.js',
  '/assets/',
  '/index.html',
  '/.env',
  '/assets/../.env',
  '/../outside.txt',
  '/assets/../../outside.txt',
  '/%2e%2e/outside.txt',
  '/assets/..%2f..%2foutside.txt',
  '/assets/%00',
  '/assets/a.js.map',
  '//evil.example/%2e%2e',
  '/<script>alert(1)</script>',
])('%s is not there, and the answer can neither run, be framed nor be kept', async (path) => {
  const { status, headers, body } = await get(path);
  expect([400, 404]).toContain(status);
  expect(body).not.toMatch(/outside$|hidden/);
  expect(headers['content-type']).toMatch(/^application\/json/);
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers['cache-control']).toBe('no-store');
  expect(headers.location).toBeUndefined();
});
