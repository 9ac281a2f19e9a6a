import { expect, test } from 'vitest';
import { createGroupCommit } from './group-commit.ts';

test('all who ask while a commit runs share the one that follows it', async () => {
  const { commits, commit } = createCommits();
  const flush = createGroupCommit(commit);
  const first = flush();
  const others = [flush(), flush(), flush()];
  expect(commits).toHaveLength(1);
  commits[0]?.resolve();
  await first;
  await untilCount(commits, 2);
  commits[1]?.resolve();
  await Promise.all(others);
  expect(commits).toHaveLength(2);
});

test('who asks during a commit is not answered by it, because it may have begun too early', async () => {
  const { commits, commit } = createCommits();
  const flush = createGroupCommit(commit);
  const first = flush();
  let isAnswered = false;
  const second = flush().then(() => {
    isAnswered = true;
  });
  commits[0]?.resolve();
  await first;
  await untilCount(commits, 2);
  expect(isAnswered).toBe(false);
  commits[1]?.resolve();
  await second;
});

test('a commit that fails rejects those it stood for and no one after', async () => {
  const { commits, commit } = createCommits();
  const flush = createGroupCommit(commit);
  const failing = flush();
  const following = flush();
  commits[0]?.reject(new Error('disk'));
  await expect(failing).rejects.toThrow('disk');
  await untilCount(commits, 2);
  commits[1]?.resolve();
  await expect(following).resolves.toBeUndefined();
});

function createCommits() {
  const commits: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const commit = () => new Promise<void>((resolve, reject) => commits.push({ resolve, reject }));
  return { commits, commit };
}

async function untilCount(commits: unknown[], count: number): Promise<void> {
  for (let turn = 0; turn < 20 && commits.length < count; turn += 1) await Promise.resolve();
  expect(commits).toHaveLength(count);
}
