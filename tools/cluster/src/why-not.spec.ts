import { whyNot } from './why-not';

const machine = { platform: 'linux', arch: 'x64', uid: 0 };

it('knows nothing against a machine that has everything', () => {
  expect(whyNot(machine, (name) => name)).toBeUndefined();
});

it.each([
  ['another system', { ...machine, platform: 'darwin' }, [], 'Linux'],
  ['another user', { ...machine, uid: 1000 }, [], 'root'],
  ['no plugins', machine, ['/usr/lib/cni/ptp', '/usr/sbin//usr/lib/cni/ptp'], 'containernetworking-plugins'],
  ['no Go', machine, ['go'], 'Go'],
])('says what is wrong: %s', (_, on, missing, reason) => {
  expect(whyNot(on, (name) => (missing.includes(name) ? undefined : name))).toContain(reason);
});
