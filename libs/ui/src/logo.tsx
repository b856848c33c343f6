/** The mark: the reel of a Kinora, the home flip-book viewer of 1896, whose leaves fall past the eye one by one. */
export function LogoMark({ className }: { className?: string }) {
  const leaves = Array.from({ length: 9 }, (_, i) => 20 + i * 40);
  return (
    <svg
      viewBox="0 0 32 32"
      aria-hidden="true"
      className={className}
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
    >
      {leaves.map((angle, i) => (
        <path
          key={angle}
          d="M16 10.4 L17.6 2.6"
          strokeWidth={2.6}
          opacity={1 - i * 0.085}
          transform={`rotate(${angle} 16 16)`}
        />
      ))}
      <circle cx="16" cy="16" r="2.6" fill="currentColor" stroke="none" />
    </svg>
  );
}
