import { lacking } from './toolchain';

it('names what is missing, and nothing else', () => {
  const find = (program: string) => (program === 'mvn' ? undefined : `/usr/bin/${program}`);
  expect(lacking(['Go', 'a Java 17 development kit and Maven', 'Python 3 with pip'], find)).toEqual([
    'a Java 17 development kit and Maven',
  ]);
  expect(lacking([], () => undefined)).toEqual([]);
});
