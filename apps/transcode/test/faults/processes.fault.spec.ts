import { ofProcesses } from './cases';
import { type World, startWorld } from './world';

jest.setTimeout(600_000);

let world: World;
beforeAll(async () => void (world = await startWorld()));
afterAll(() => world[Symbol.asyncDispose]());

it.each([...ofProcesses])('$name', ({ run }) => run(world));
