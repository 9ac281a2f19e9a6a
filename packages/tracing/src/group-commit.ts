/**
 * Shares one commit between all who ask while one is under way. Who asks is answered by a commit that began
 * after the question, so everything done before it is covered.
 */
export function createGroupCommit(commit: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  let following: Promise<void> | undefined;

  function start(): Promise<void> {
    following = undefined;
    const mine = commit().finally(() => {
      if (running === mine) running = undefined;
    });
    running = mine;
    return mine;
  }

  return function flush() {
    if (following !== undefined) return following;
    if (running === undefined) return start();
    following = running.then(start, start);
    return following;
  };
}
