import { parseTags } from './tags';

test('tags are split at commas, without # and without repeats', () => {
  expect(parseTags(' #Sea, tide ,, sea,Harbour at night\n#')).toEqual(['sea', 'tide', 'harbour at night']);
  expect(parseTags('')).toEqual([]);
});
