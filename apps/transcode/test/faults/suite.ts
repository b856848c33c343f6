import { type Case } from './cases';
import { type World, startWorld } from './world';

/** Runs the cases one after the other in one world. */
export function suiteOf(cases: readonly Case[], start: () => Promise<World> = startWorld): void {
  jest.setTimeout(600_000);
  let world: World;
  beforeAll(async () => void (world = await start()));
  afterAll(() => world[Symbol.asyncDispose]());
  it.each([...cases])('$name', ({ run }) => run(world));
}
