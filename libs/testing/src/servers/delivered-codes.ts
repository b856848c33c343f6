/** A code that cognito-local would have sent by e-mail. */
export interface DeliveredCode {
  /** Cognito's user name: the user's id in a pool whose users sign in by e-mail. */
  username: string;
  /** Where it would have gone. */
  email: string;
  code: string;
  subject?: string;
}

// eslint-disable-next-line no-control-regex -- the colours of a terminal are control characters
const COLOURS = /\u001b\[[0-9;]*m/g;

/**
 * Reads codes out of cognito-local's output, where each is a box of `Field: value` lines.
 * Returns a function that takes one line after the other.
 */
export function codeReader(onCode: (code: DeliveredCode) => void): (line: string) => void {
  let fields: Record<string, string> = {};
  let open = false;
  return (line) => {
    const text = line.replace(COLOURS, '');
    if (text.includes('Confirmation Code Delivery')) {
      open = true;
      fields = {};
      return;
    }
    if (!open) return;
    const field = /│\s*(Username|Destination|Code|Email Subject):\s+(.*?)\s*│/.exec(text);
    if (field?.[1] && field[2] !== undefined) fields[field[1]] = field[2];
    if (!text.includes('╰')) return;
    open = false;
    const { Username: username, Destination: email, Code: code, 'Email Subject': subject } = fields;
    if (username && email && code) onCode({ username, email, code, ...(subject && { subject }) });
  };
}
