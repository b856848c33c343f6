import { wordsOf } from './text';

/**
 * Words that a sentence needs and a search does not. They help the ranking where they are found, but need not be: "how to repair a bike"
 * finds "Bike repair". A word that is one of these in one language and a thing in another is only asked for less strictly.
 */
const lists = [
  // English
  'a an and are at be by can do does for from how i in is it me my of on or our that the this to we what when where which who why with you your',
  // German
  'als am an auf aus bei das dem den der des die ein eine einem einen einer es für ich im in ist man mein mit nach oder sich sie sind und unser vom von was wer wie wir wo zu zum zur',
  // French
  'à au aux avec ce ces comment dans de des du elle en est et il je la le les leur mon ma nous on ou où par pour qu que qui quoi sa se son sur un une vous l d',
  // Spanish
  'al como cómo con cual cuál cuando de del donde dónde el ella en es esta este la las lo los mi nuestro o para por qué que quién se su un una y yo',
  // Italian
  'ai al alla che chi come con da dal de dei del della delle di dove e è gli i il in io la le lo mia mio nel nella per quando se si su un una uno',
  // Portuguese
  'ao aos as com como da das de do dos e é em eu na nas no nos o onde os ou para por quando que quem se um uma',
  // Dutch
  'aan bij dat de deze die dit een en er het hoe ik in is mijn met naar of om onze op te tot uit van voor waar wat wie wij zijn',
  // Russian
  'а в во для до и из или к как когда кто мы на не но о об от по с со то у что это я где',
];

export const stopWords: ReadonlySet<string> = new Set(lists.flatMap(wordsOf));
