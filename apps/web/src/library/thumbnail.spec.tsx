/** @jest-environment jsdom */
import { fireEvent, render } from '@testing-library/react';
import { type Video } from '@kinora/contracts-catalog';
import { Thumbnail } from './thumbnail';

const video = (poster: string | null): Video => ({ poster, status: 'ready', durationMs: 61_000, progress: 1 }) as Video;
const at = (token: string, name = 'poster.jpg') => `https://cdn.test/t/${token}/media/vid_1/enc_1/${name}`;
const src = (container: HTMLElement) => container.querySelector('img')?.getAttribute('src');

test('a poster that is only signed anew is not fetched again, until the old address has run out', () => {
  const { container, rerender } = render(<Thumbnail video={video(at('one'))} />);
  rerender(<Thumbnail video={video(at('two'))} />);
  expect(src(container)).toBe(at('one'));
  fireEvent.error(container.querySelector('img')!);
  expect(src(container)).toBe(at('two'));
  fireEvent.error(container.querySelector('img')!);
  expect(src(container)).toBeUndefined();
});

test('another picture is shown at once', () => {
  const { container, rerender } = render(<Thumbnail video={video(null)} />);
  expect(container.textContent).toContain('1:01');
  rerender(<Thumbnail video={video(at('one'))} />);
  expect(src(container)).toBe(at('one'));
  rerender(<Thumbnail video={video(at('two', 'other.jpg'))} />);
  expect(src(container)).toBe(at('two', 'other.jpg'));
});
