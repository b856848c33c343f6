import { readSidecar } from './sidecar';

const read = (text: string) => readSidecar(new TextEncoder().encode(text));
const whole = {
  title: 'A film',
  description: 'of something',
  tags: ['one', 'two'],
  visibility: 'public',
  ownerId: 'ann',
};

it('takes what it knows, and passes over the rest', () => {
  expect(read(JSON.stringify({ ...whole, camera: 'X100' }))).toEqual({ sidecar: whole });
  expect(read('{}')).toEqual({ sidecar: {} });
  expect(read('\ufeff{"title":" Zoë\\u0000 "}')).toEqual({ sidecar: { title: 'Zoë' } });
});

it.each(['', 'nonsense', '[]', 'null', '{"title":""}', '{"title":7}', '{"visibility":"secret"}', '{"tags":"one"}'])(
  'has no use for %s',
  (text) => expect(read(text)).toEqual({ problem: 'watch.sidecar_invalid' }),
);

it('has no use for what is no text', () => {
  expect(readSidecar(Buffer.from([0x7b, 0xff, 0x7d]))).toEqual({ problem: 'watch.sidecar_invalid' });
});
