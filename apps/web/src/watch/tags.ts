/** Tags as somebody types them: between commas, `#` allowed, each once. */
export const parseTags = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,\n]/)
      .map((tag) => tag.trim().replace(/^#+/, '').trim().toLowerCase())
      .filter(Boolean),
  ),
];
