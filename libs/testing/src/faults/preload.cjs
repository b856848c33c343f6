// Makes a service fail where a test wants it to. Loaded before the service by `node --require`, by tests alone: nothing of it is in what
// is built, and no service knows of it. `KINORA_FAIL_POINTS` is a JSON list of rules (see fail-points.ts).
const fs = require('node:fs');
const { Socket } = require('node:net');

const rules = JSON.parse(process.env['KINORA_FAIL_POINTS'] ?? '[]').map((rule) => ({ ...rule, seen: 0 }));
const realNow = Date.now.bind(Date);
let skewMs = Number(process.env['KINORA_CLOCK_SKEW_MS'] ?? 0);

// The clock of this process, as a machine with a wrong one would tell it.
const RealDate = Date;
class SkewedDate extends RealDate {
  constructor(...args) {
    if (args.length === 0) super(realNow() + skewMs);
    else super(...args);
  }
}
SkewedDate.now = () => realNow() + skewMs;
globalThis.Date = SkewedDate;

/** Repeats from run to run, unlike Math.random. */
let seed = Number(process.env['KINORA_FAIL_SEED'] ?? 1);
const chance = () => {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
};

/** Rules of a place that apply to this event; each counts the events that match it. */
const due = (at, subject) =>
  rules.filter((rule) => {
    if (rule.at !== at || !new RegExp(rule.match ?? '').test(subject)) return false;
    if (rule.while !== undefined && !fs.existsSync(rule.while)) return false;
    rule.seen += 1;
    if (rule.share !== undefined) return chance() < rule.share;
    return rule.nth === undefined || rule.seen === rule.nth;
  });

const waitMs = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function before(subject) {
  for (const rule of due('store', subject)) {
    if (rule.do === 'fail') throw Object.assign(new Error(`${rule.code}: by a fail-point`), { code: rule.code });
    if (rule.do === 'stall') await waitMs(rule.ms);
    if (rule.do === 'hold') while (fs.existsSync(rule.while)) await waitMs(20);
  }
}

function now(at, subject) {
  for (const rule of due(at, subject)) {
    if (rule.mark !== undefined) fs.writeFileSync(rule.mark, '');
    if (rule.do === 'kill') process.kill(process.pid, 'SIGKILL');
    if (rule.do === 'step') skewMs += rule.ms;
    // Nothing else runs meanwhile: no timer, no renewal of a lock.
    if (rule.do === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, rule.ms);
  }
}

// An object is in the disk store when its file has got its name.
for (const name of ['rename', 'link']) {
  const real = fs.promises[name];
  fs.promises[name] = async (from, to) => {
    await before(String(to));
    await real(from, to);
    now('stored', String(to));
  };
}

const write = Socket.prototype.write;
Socket.prototype.write = function (...args) {
  now('socket', '');
  return write.apply(this, args);
};
