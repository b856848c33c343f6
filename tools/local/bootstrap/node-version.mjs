/** The oldest Node on which npm can install Kinora (`engines` in package.json). */
const OLDEST = [20, 19];

export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  throw Object.assign(
    new Error(
      `Kinora needs Node ${OLDEST.join('.')} or newer to begin with (this is ${version}). See https://nodejs.org/en/download`,
    ),
    { status: 2 },
  );
}
