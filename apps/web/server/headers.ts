/**
 * Headers of every answer. The page loads nothing from elsewhere but media: no inline code, no framing. `blob:` is what
 * Media Source Extensions and the player's workers need.
 * @param media origins that media come from and uploads go to, beside the page's own
 */
export function securityHeaders(media: readonly string[]): Readonly<Record<string, string>> {
  const also = media.map((origin) => ` ${origin}`).join('');
  const policy = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': `'self' blob: data:${also}`,
    'media-src': `'self' blob:${also}`,
    'connect-src': `'self'${also}`,
    'worker-src': "'self' blob:",
    'font-src': "'self'",
    'manifest-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
  };
  return {
    'content-security-policy': Object.entries(policy)
      .map(([name, value]) => `${name} ${value}`)
      .join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=()',
  };
}
