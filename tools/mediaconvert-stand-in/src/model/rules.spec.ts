import { type WireOutput, type WireSettings, ruleProblems } from './rules';

const video: WireOutput = {
  nameModifier: '_v',
  videoDescription: { codecSettings: { h264Settings: { rateControlMode: 'QVBR', maxBitrate: 1_000_000 } } },
};
const audio: WireOutput = { nameModifier: '_a', audioDescriptions: [{ audioSourceName: 'Audio Selector 1' }] };
const cmafGroupSettings = { destination: 's3://a/b', segmentLength: 6, fragmentLength: 2 };

const settings = (outputs: WireOutput[], cmaf: object = cmafGroupSettings): WireSettings => ({
  inputs: [{ fileInput: 's3://a/in', audioSelectors: { 'Audio Selector 1': { streams: [2] } } }],
  outputGroups: [{ outputGroupSettings: { type: 'CMAF_GROUP_SETTINGS', cmafGroupSettings: { ...cmaf } }, outputs }],
});
const h264 = (h264Settings: object): WireOutput => ({
  videoDescription: { codecSettings: { h264Settings: { ...h264Settings } } },
});

it('has nothing against settings that belong together', () => {
  expect(ruleProblems(settings([video, audio]))).toEqual([]);
});

it.each([
  ['no input', {}, /inputs\/0\/fileInput/],
  ['no destination', settings([video], {}), /destination: is required/],
  ['fragments that don’t fill a segment', settings([video], { ...cmafGroupSettings, fragmentLength: 4 }), /divide/],
  ['outputs of one name', settings([video, video]), /different nameModifiers/],
  ['an audio selector that is not there', settings([{ audioDescriptions: [{ audioSourceName: 'b' }] }]), /selector b/],
  ['QVBR without a limit', settings([h264({ rateControlMode: 'QVBR' })]), /maxBitrate: is required/],
  ['a quality without QVBR', settings([h264({ rateControlMode: 'CBR', qvbrSettings: {} })]), /needs rateControlMode/],
  ['a rate without numbers', settings([h264({ framerateControl: 'SPECIFIED' })]), /framerateNumerator/],
  ['an output of nothing', settings([{}]), /neither video nor audio/],
])('refuses %s', (_, of, problem) => expect(ruleProblems(of).join()).toMatch(problem));
