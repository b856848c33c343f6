import { diskFull, killedBeforeCommit, redisEmptied, toldAgain } from './cases';
import { type World, startWorld } from './world';

jest.setTimeout(300_000);

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world[Symbol.asyncDispose]());

// A few of the faults for every run, quick ones; all of them are in the suites beside this.
it.each([killedBeforeCommit, redisEmptied, diskFull, toldAgain])('$name', ({ run }) => run(world));
