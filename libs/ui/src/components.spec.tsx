/** @jest-environment jsdom */
import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { AlertDialog } from './dialog';
import { Button } from './button';
import { ErrorState } from './states';
import { Progress } from './progress';
import { TextField } from './text-field';
import { toast, ToastProvider } from './toast';

test('a busy button keeps focus and ignores presses', async () => {
  const press = jest.fn();
  const { rerender } = render(<Button onClick={press}>Save</Button>);
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  rerender(
    <Button busy onClick={press}>
      Save
    </Button>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  expect(press).toHaveBeenCalledTimes(1);
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Save' }));
});

test('a field ties its hint and error to the input', () => {
  render(<TextField label="Email" hint="Work address" error="Enter an address." />);
  const input = screen.getByLabelText('Email');
  expect(input.getAttribute('aria-invalid')).toBe('true');
  const ids = input.getAttribute('aria-describedby')!.split(' ');
  expect(ids.map((id) => document.getElementById(id)!.textContent)).toEqual(['Work address', 'Enter an address.']);
});

test('progress is bounded, and has no value while it is unknown', () => {
  const { rerender } = render(<Progress label="Upload" value={1.4} />);
  expect(screen.getByRole('progressbar', { name: 'Upload' }).getAttribute('aria-valuenow')).toBe('100');
  rerender(<Progress label="Upload" />);
  expect(screen.getByRole('progressbar').hasAttribute('aria-valuenow')).toBe(false);
});

test('an error shows its code and request id, and can be retried', async () => {
  const retry = jest.fn();
  render(
    <ErrorState title="Not loaded" message="Try later." code="video.not_found" requestId="req_1" onRetry={retry} />,
  );
  expect(screen.getByRole('alert').textContent).toContain('video.not_found · request req_1');
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(retry).toHaveBeenCalled();
});

test('an alert dialog acts only on its own verb', async () => {
  const confirm = jest.fn();
  render(
    <AlertDialog
      open
      title="Delete?"
      description="For ever."
      confirm="Delete video"
      onOpenChange={() => {}}
      onConfirm={confirm}
    />,
  );
  await userEvent.click(await screen.findByRole('button', { name: 'Cancel' }));
  expect(confirm).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole('button', { name: 'Delete video' }));
  expect(confirm).toHaveBeenCalledTimes(1);
});

test('a toast offers undo, and then does not expire', async () => {
  const undo = jest.fn();
  const expire = jest.fn();
  render(<ToastProvider>page</ToastProvider>);
  act(() => void toast({ title: 'Deleted', action: { label: 'Undo', onAction: undo }, onExpire: expire }));
  await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
  expect(undo).toHaveBeenCalledTimes(1);
  expect(expire).not.toHaveBeenCalled();
});
