import { Mailbox, mailboxPage } from './mailbox';

const letter = (email: string, code: string) => ({ username: 'u', email, code });

describe('the mailbox', () => {
  it('lists the newest letter first, and by address', () => {
    const mailbox = new Mailbox();
    mailbox.add(letter('a@example.org', '1'));
    mailbox.add(letter('b@example.org', '2'));
    expect(mailbox.list().map(({ code }) => code)).toEqual(['2', '1']);
    expect(mailbox.list('a@example.org').map(({ code }) => code)).toEqual(['1']);
  });

  it('waits for a code that has not come yet', async () => {
    const mailbox = new Mailbox();
    const asked = mailbox.codeFor('a@example.org');
    mailbox.add(letter('b@example.org', '2'));
    mailbox.add(letter('a@example.org', '3'));
    await expect(asked).resolves.toBe('3');
    await expect(mailbox.codeFor('c@example.org', { timeoutMs: 20 })).rejects.toThrow('c@example.org');
  });

  it('forgets old letters', () => {
    const mailbox = new Mailbox();
    for (let i = 0; i < 150; i++) mailbox.add(letter('a@example.org', String(i)));
    expect(mailbox.list()).toHaveLength(100);
  });

  it('is a page on which an address is text', () => {
    const page = mailboxPage([{ ...letter('<script>@example.org', '123456'), at: '2026-01-01T00:00:00.000Z' }]);
    expect(page).toContain('&lt;script&gt;@example.org');
    expect(page).toContain('123456');
    expect(page).not.toContain('<script>');
  });
});
