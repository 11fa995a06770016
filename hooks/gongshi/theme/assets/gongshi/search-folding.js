// Folds texts for the search, exactly as hooks/gongshi/site/search/folding.py does: change both together.

/** Characters whose normal form has digits or letters that do not belong to the word before, as in 2026① and 10². */
const SET_APART = /[²³¹¼-¾⁰-\u209f⅐-⅟↉①-⓿㈀-㋿™]/gu;
/** Soft hyphen, zero-width characters, signs of direction and variation; Arabic vowel signs and tatweel. */
const IGNORED_RANGES = "\\xad\\u034f\\u0640\\u061c\\u064b-\\u0652\\u0670\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff\\u{e0000}-\\u{e0fff}";
const IGNORED = new RegExp(`[${IGNORED_RANGES}]`, "gu");
const LATIN = /[\xc0-\u024f\u1e00-\u1eff]/g;
const MARKS = /[\u0300-\u036f]/g;
/** A letter O or a digit that stands for 〇 in a number, as in 二O二六. */
const ZEROS = /([一二三四五六七八九])([o0〇]{1,3})(?=[一二三四五六七八九年])/g;
/** The shortest parts of a text that can be folded one by one: a character with its marks, a syllable of Hangul letters. */
const PARTS = new RegExp(
  `[\\uac00-\\ud7a3]?[\\u1100-\\u11ff\\u3131-\\u318e\\ua960-\\ua97f\\ud7b0-\\ud7ff\\uffa0-\\uffdc]+|[^][\\p{M}\\uff9e\\uff9f${IGNORED_RANGES}]*`, "gu");

/** Letters without a decomposition and, once it is loaded, the table of variants. */
const REPLACEMENTS = new Map(Object.entries({
  ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", þ: "th", ł: "l", ħ: "h", ŧ: "t", ı: "i", ς: "σ", ĸ: "k", ŋ: "n",
}));

/** Decode numbers in base 64 VLQ. */
function* numbers(text) {
  let value = 0;
  let shift = 0;
  for (const digit of text) {
    const bits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_".indexOf(digit);
    value |= (bits & 31) << shift;
    shift += 5;
    if (bits > 31) continue;
    yield value;
    value = shift = 0;
  }
}

function readVariants({ STANDARD, VARIANTS }) {
  const steps = numbers(STANDARD);
  let code = 0;
  let standard = 0;
  for (const difference of numbers(VARIANTS)) {
    const step = steps.next().value;
    code += difference;
    standard += step & 1 ? ~(step >> 1) : step >> 1;
    REPLACEMENTS.set(String.fromCodePoint(code), String.fromCodePoint(standard));
  }
}

let variants;

/**
 * Load what is needed to fold a query and to find its words in other texts.
 *
 * A query of letters and digits alone is folded without the table of variants.
 */
export async function prepareFolding(query) {
  if (!/[\u2500-\u{10ffff}]/u.test(query)) return;
  variants ??= import("./search-variants.js").then(readVariants);
  try {
    await variants;
  } catch (error) {
    variants = null;
    throw error;
  }
}

/** Fold everything but numbers, which need to be seen with what stands beside them. */
function foldPart(text) {
  const plain = text.replace(SET_APART, " $& ").normalize("NFKC").toLowerCase().replace(IGNORED, "")
    .replace(LATIN, (letter) => letter.normalize("NFD").replace(MARKS, "")).replace(/([a-z])[\u0300-\u036f]+/g, "$1");
  return Array.from(plain, (character) => REPLACEMENTS.get(character) ?? character).join("");
}

const foldZeros = (text) => text.replace(ZEROS, (_, before, zeros) => before + "〇".repeat(zeros.length));

/** Return a text in the form in which the search compares texts. */
export const fold = (text) => foldZeros(foldPart(text));

/**
 * Fold a text and remember from where each character comes.
 *
 * @param {string} text - as it is shown
 * @returns {{folded: string, starts: number[], ends: number[]}} for each code unit of the folded text: start and end of
 *   the part of the text that it stands for
 */
export function foldWithPlaces(text) {
  const known = new Map();
  const starts = [];
  const ends = [];
  let folded = "";
  for (const { 0: part, index } of text.matchAll(PARTS)) {
    if (!known.has(part)) known.set(part, foldPart(part));
    const result = known.get(part);
    folded += result;
    for (let i = 0; i < result.length; i++) {
      starts.push(index);
      ends.push(index + part.length);
    }
  }
  return { folded: foldZeros(folded), starts, ends };
}
