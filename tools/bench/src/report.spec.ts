import { median, table } from './report';

it('finds the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
});

it('lines columns up', () => {
  expect(
    table(
      ['name', 'MiB'],
      [
        ['auth', '9.5'],
        ['postgres', '120.1'],
      ],
    ),
  ).toBe('name        MiB\n────────  ─────\nauth        9.5\npostgres  120.1');
});
