/** @jest-environment jsdom */
import { belongsToTarget, bindings, commandFor } from './hotkeys';

test.each([
  ['k', { do: 'toggle-play' }],
  ['K', { do: 'toggle-play' }],
  [' ', { do: 'toggle-play' }],
  ['j', { do: 'seek', by: -10 }],
  ['7', { do: 'seek-to', share: 0.7 }],
  ['>', { do: 'speed', step: 1 }],
  ['x', undefined],
])('%p means %j', (key, command) => expect(commandFor({ key })).toEqual(command));

test('keys with a modifier belong to the browser', () => {
  expect(commandFor({ key: 'f', ctrlKey: true })).toBeUndefined();
  expect(commandFor({ key: 'c', metaKey: true })).toBeUndefined();
  expect(commandFor({ key: 'ArrowLeft', altKey: true })).toBeUndefined();
});

test('no key is bound twice', () => {
  const keys = bindings.flatMap((binding) => binding.keys);
  expect(new Set(keys).size).toBe(keys.length);
});

const pathOf = (html: string): EventTarget[] => {
  document.body.innerHTML = html;
  const path: EventTarget[] = [];
  for (let node: Element | null = document.querySelector('#x'); node; node = node.parentElement) path.push(node);
  return path;
};

test.each([
  ['<input id="x">', 'k', true],
  ['<textarea id="x"></textarea>', '5', true],
  ['<button id="x"></button>', ' ', true],
  ['<button id="x"></button>', 'k', false],
  ['<a id="x" href="/">a</a>', 'Enter', true],
  ['<div role="slider" id="x"></div>', 'ArrowLeft', true],
  ['<div role="slider" id="x"></div>', 'm', false],
  ['<input type="range" id="x">', 'k', false],
  ['<input type="range" id="x">', 'ArrowUp', true],
  ['<div role="menu"><div role="menuitemradio" id="x"></div></div>', 'm', true],
  ['<div role="dialog"><p id="x"></p></div>', 'f', true],
  ['<div id="x"></div>', ' ', false],
])('%s with %p is the target’s own: %p', (html, key, own) => expect(belongsToTarget(key, pathOf(html))).toBe(own));
