import { GatewayError } from '@app/protocol';
import type { FuzzCase } from '@app/protocol/test/fuzz/draft-case.ts';
import { openRandom, type Random } from '@app/protocol/test/fuzz/open-random.ts';
import { createFakeCaller, type FakeCaller } from '@app/testkit';
import type { Asked, Running } from '../../src/index.ts';
import { judgeCall, type Outcome } from './judge-call.ts';
import type { Line, Party, World } from './open-world.ts';

/** What became of one case. */
export type Played = { given: FuzzCase; outcome: Outcome; breaches: string[] };

type Player = {
  party: Party;
  caller: FakeCaller;
  running: Running | undefined;
  random: Random;
  /** How far each request's answer was given: the head, the pieces, the end. */
  given: Map<Line, number>;
  hasLeft: boolean;
  breaches: string[];
};

/** Plays two calls at once, turn by turn, in one gateway, and looks at what each of them left behind. */
export async function playPair(world: World, pair: readonly [FuzzCase, FuzzCase]): Promise<Played[]> {
  const [first] = pair;
  const random = openRandom(first.seed ^ 0x5bd1e995, first.number);
  const players = pair.map((given) => openPlayer(world, given, random));
  const isSlow = pair.some(({ asks }) => asks === 'unary');
  if (isSlow) await turnsOfPromises();
  for (let left = TURNS_MAX; left > 0; left -= 1) {
    const active = players.filter((player) => nextOf(player) !== undefined || player.caller.isFull());
    if (active.length === 0) break;
    takeTurn(random.pick(active));
    if (isSlow) await turnsOfPromises();
  }
  // Whoever waits for a provider that says nothing more gives up in the end.
  if (world.pending() > 0) world.advance(700_000);
  if (isSlow) await turnsOfPromises();
  for (const { caller } of players) caller.drain();
  const others = (player: Player) =>
    players.filter((one) => one !== player).map(({ party }) => party.given.canary);
  const played = players.map((player): Played => {
    const { party, caller, hasLeft, breaches } = player;
    const judged = judgeCall({
      party,
      caller,
      hasLeft,
      records: world.takeRecords(party),
      others: others(player),
    });
    return { given: party.given, outcome: judged.outcome, breaches: [...breaches, ...judged.breaches] };
  });
  const shared = leftovers(world);
  return played.map((one) => ({ ...one, breaches: [...one.breaches, ...shared] }));
}

const TURNS_MAX = 20_000;

/** An answer that is read with promises takes a few of their turns. */
async function turnsOfPromises(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await undefined;
}

function leftovers(world: World): string[] {
  const breaches: string[] = [];
  if (world.pending() > 0) breaches.push(`${world.pending()} timers still wait`);
  if (world.limits.open() > 0) breaches.push(`${world.limits.open()} holds were never settled`);
  breaches.push(...world.limits.breaches.splice(0));
  for (const defect of world.defects.splice(0)) {
    const { message, stack = '' } = defect instanceof Error ? defect : new Error(String(defect));
    breaches.push(`a defect: ${message} ${/src\/[^)\n]*/.exec(stack)?.[0] ?? ''}`);
  }
  return breaches;
}

function openPlayer(world: World, given: FuzzCase, random: Random): Player {
  const party: Party = { given, lines: [], requestId: `req_${given.canary}`, changes: changesOf(random) };
  const caller = createFakeCaller();
  const player: Player = {
    party,
    caller,
    running: undefined,
    random,
    given: new Map(),
    hasLeft: false,
    breaches: [],
  };
  guarded(player, () => {
    player.running = world.start(party, caller.caller, random.chance(0.2) ? 2 : 1);
  });
  return player;
}

/** What routes of the server ask of the gateway beside the plain call. */
function changesOf(random: Random): Partial<Asked> {
  if (random.chance(0.7)) return {};
  return random.pick<Partial<Asked>>([
    { decoration: { frameFields: { id: 'tr_1' }, wholeFields: () => ({ cost: 7 }) } },
    { decoration: { lastFrames: () => [{ data: '{"choices":[]}' }], wholeFields: () => ({ id: 'tr_1' }) } },
    { isRewritten: true, replyId: 'resp_1' },
    { unsupported: 'reject' },
    { capture: 'metadata' },
  ]);
}

function guarded(player: Player, run: () => void): void {
  try {
    run();
  } catch (error) {
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    player.breaches.push(`it threw: ${message} ${/(?:src|test)\/[^)\n]*/.exec(stack)?.[0] ?? ''}`);
  }
}

/** The request that still has something to be told. */
function nextOf({ party, given }: Player): Line | undefined {
  return party.lines.find((line) => !line.isOver && (given.get(line) ?? 0) < stepsOf(party.given));
}

/** The head, the pieces and, unless the provider hangs, an end. */
function stepsOf({ pieces, ending }: FuzzCase): number {
  return pieces.length + (ending === 'hang' ? 1 : 2);
}

function takeTurn(player: Player): void {
  const { caller, random, running } = player;
  if (random.chance(0.01)) caller.fill();
  if (random.chance(0.002) && !player.hasLeft) {
    player.hasLeft = caller.ending() === undefined;
    guarded(player, () => running?.cancel());
    return;
  }
  const line = nextOf(player);
  if (line === undefined || line.isPaused || random.chance(0.05)) {
    guarded(player, caller.drain);
    if (line === undefined || line.isPaused) return;
  }
  guarded(player, () => tell(player, line));
}

function tell({ party, given }: Player, line: Line): void {
  const { status, headers, pieces, ending } = party.given;
  const step = given.get(line) ?? 0;
  given.set(line, step + 1);
  if (step === 0) {
    line.reply.onHead(status, headers);
    return;
  }
  const piece = pieces[step - 1];
  if (piece !== undefined) {
    // Memory of the socket's, which is used again.
    line.reply.onChunk(Buffer.from(piece));
    return;
  }
  line.isOver = true;
  if (ending === 'fail') line.reply.onError(new GatewayError('provider_failed', 'The connection broke.'));
  else line.reply.onEnd();
}
