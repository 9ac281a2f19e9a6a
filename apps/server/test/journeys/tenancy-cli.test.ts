import { expect, test } from 'vitest';
import { runHere } from '../run-here.ts';
import { makePlace } from '../start-process.ts';

test('organizations and projects are made, listed and changed on the command line while no server runs', async () => {
  const place = makePlace('', { TOKENROUTER_MASTER_KEY: 'ab'.repeat(32) });
  const run = async (line: string) => {
    const { code, stdout, stderr } = await runHere(place, line.split(' '));
    return { code, stdout: stdout.trim(), stderr };
  };
  try {
    const made = await run('orgs create --name Acme --zone europe/berlin');
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^org_[0-9a-z]{26}$/) });
    expect(made.stderr).toContain('zone Europe/Berlin');
    const project = await run('projects create --org acme --name Chat');
    expect(project.stdout).toMatch(/^proj_[0-9a-z]{26}$/);
    expect((await run('orgs zone acme Nowhere/Land')).code).toBe(2);
    expect((await run('orgs rename acme --name Emca')).code).toBe(0);
    expect((await run('orgs list')).stdout).toMatch(/default +Default +UTC\n.*acme +Emca +Europe\/Berlin/);
    expect(JSON.parse((await run('projects list --org acme --json')).stdout)).toMatchObject([
      { id: project.stdout, slug: 'chat', name: 'Chat' },
    ]);
    expect(await run('projects list --org nobody')).toMatchObject({ code: 1, stdout: '' });
    expect((await run('orgs create --name Other --owner nobody@example.com')).code).toBe(1);
    expect((await run('orgs create --name Other --slug acme')).code).toBe(1);
    expect((await run(`keys create --name k --project ${project.stdout}`)).stdout).toMatch(/^tr_live_/);
  } finally {
    place.remove();
  }
}, 180_000);
