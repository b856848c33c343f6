/** @jest-environment jsdom */
import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { type GrantSource } from '../engine/grant-keeper';
import { Player } from './player';

class Refusal extends Error {
  code = 'video.not_playable';
}
/** A grant that never comes: the player without an engine. */
const never: GrantSource = () => new Promise(() => undefined);

beforeEach(() => {
  localStorage.clear();
  jest.spyOn(HTMLMediaElement.prototype, 'pause').mockImplementation(() => undefined);
  jest.spyOn(HTMLMediaElement.prototype, 'load').mockImplementation(() => undefined);
});
afterEach(() => jest.restoreAllMocks());

test('toggles keep their name and tell their state', async () => {
  render(<Player title="Tide" grant={never} durationMs={61_000} />);
  const play = screen.getByRole('button', { name: 'Play' });
  expect(play.getAttribute('aria-pressed')).toBe('false');
  await userEvent.click(play);
  expect(screen.getByRole('button', { name: 'Play' }).getAttribute('aria-pressed')).toBe('true');
  expect(screen.getByRole('slider', { name: 'Seek' }).getAttribute('aria-valuetext')).toBe(
    '0 seconds of 1 minute 1 second',
  );
});

test('a refused grant is told in words, with its code, and can be asked for again', async () => {
  const grant = jest.fn<ReturnType<GrantSource>, Parameters<GrantSource>>(() =>
    Promise.reject(new Refusal('This video is still being prepared.')),
  );
  render(<Player title="Tide" grant={grant} />);
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toContain('This video is still being prepared.');
  expect(alert.textContent).toContain('video.not_playable');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(grant).toHaveBeenCalledTimes(2);
});

test('keys work in the whole page on our watch page, but not while somebody types', async () => {
  render(
    <>
      <input aria-label="Search" />
      <Player title="Tide" grant={never} hotkeys="document" />
    </>,
  );
  const mute = () => screen.getByRole('button', { name: 'Mute' }).getAttribute('aria-pressed');
  await userEvent.click(screen.getByLabelText('Search'));
  await userEvent.keyboard('m');
  expect(mute()).toBe('false');
  act(() => (document.activeElement as HTMLElement).blur());
  await userEvent.keyboard('m');
  expect(mute()).toBe('true');
  expect(document.querySelector('[aria-live=polite]')!.textContent).toBe('Muted');
});

test('a player that is not the page’s own listens only when it has focus', async () => {
  render(<Player title="Tide" grant={never} />);
  await userEvent.keyboard('m');
  expect(screen.getByRole('button', { name: 'Mute' }).getAttribute('aria-pressed')).toBe('false');
  act(() => screen.getByRole('slider', { name: 'Seek' }).focus());
  await userEvent.keyboard('m');
  expect(screen.getByRole('button', { name: 'Mute' }).getAttribute('aria-pressed')).toBe('true');
});

test('speed is a group of radio items; the choice is told on the button, and focus returns to it', async () => {
  render(<Player title="Tide" grant={never} />);
  await userEvent.click(screen.getByRole('button', { name: 'Speed: 1×' }));
  expect((await screen.findByRole('menuitemradio', { name: 'Normal' })).getAttribute('aria-checked')).toBe('true');
  await userEvent.click(screen.getByRole('menuitemradio', { name: '1.5×' }));
  const button = await screen.findByRole('button', { name: 'Speed: 1.5×' });
  expect(document.activeElement).toBe(button);
});

test('? opens the shortcut sheet', async () => {
  render(<Player title="Tide" grant={never} hotkeys="document" />);
  await userEvent.keyboard('?');
  expect((await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).textContent).toContain('Full screen');
});
