import { createSecretBox } from './secret-box';

const box = createSecretBox('a secret of some length', 'tests');

it('opens what it sealed, and shows nothing of it', () => {
  const sealed = box.seal('whsec_abc', 'whk_1');
  expect(sealed).not.toContain('abc');
  expect(box.open(sealed, 'whk_1')).toBe('whsec_abc');
  expect(box.seal('whsec_abc', 'whk_1')).not.toBe(sealed);
});

it.each([
  ['another purpose', (sealed: string) => box.open(sealed, 'whk_2')],
  ['another use', (sealed: string) => createSecretBox('a secret of some length', 'else').open(sealed, 'whk_1')],
  ['another key', (sealed: string) => createSecretBox('another secret', 'tests').open(sealed, 'whk_1')],
  ['a changed text', (sealed: string) => box.open(`${sealed.slice(0, -2)}AA`, 'whk_1')],
  ['a shortened tag', (sealed: string) => box.open(sealed.replace(/^(v1\.[^.]+\.)[^.]{10}/, '$1'), 'whk_1')],
  ['another version', (sealed: string) => box.open(sealed.replace('v1', 'v2'), 'whk_1')],
])('refuses %s', (_name, open) => expect(() => open(box.seal('whsec_abc', 'whk_1'))).toThrow());
