// Reads the search index: cuts a query into words, loads the index files that hold them, finds and ranks pages.
// Uses no DOM; search-view.js shows the results.
//
// tokenize() must cut texts exactly as hooks/gongshi/site/search/tokenizer.py does, and hooks/gongshi/site/search/
// shard_files.py describes the files that are read here: change both sides together.
import { fold, foldWithPlaces, prepareFolding } from "./search-folding.js";

const HAN = "\\u4e00-\\u9fff\\u3005\\u3007\\u3040-\\u30ff\\u3100-\\u312f\\u3400-\\u4dbf\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const MARK = "(?:(?![\\ufe00-\\u{10ffff}])\\p{M})";
const WORD = new RegExp(`[${HAN}]|[0-9]+|(?:(?![0-9${HAN}])[\\p{L}\\p{N}]${MARK}*)+`, "gu");
/** The first character of a term that is only found whole: a Chinese character, a number or a filter. */
const WHOLE_TERM = new RegExp(`^[${HAN}0-9=]`, "u");
const MAX_QUERY_LENGTH = 100;
/** Places that the title of a page takes in the index; TITLE_PLACES in shard_files.py. */
const TITLE_PLACES = 64;
/** Pages described by one JSON file of a shard; PAGES_PER_FILE in index.py. */
const PAGES_PER_FILE = 16;

/** The properties of a page that a search can be narrowed by. */
export const FACETS = ["column", "year", "tag"];

// ---- Texts and queries

/** Cut a text into words, folded, once prepareFolding() is done: each Chinese character, each number, each word of another script. */
export const tokenize = (text) => fold(text).match(WORD) ?? [];

/**
 * Cut a query into phrases, each a list of words. Words without a space between them form one phrase.
 *
 * @returns {Promise<string[][]>}
 */
export async function parseQuery(query) {
  await prepareFolding(query);
  return query.slice(0, MAX_QUERY_LENGTH).split(/\s+/u).map(tokenize).filter((words) => words.length);
}

/** Tell if a phrase also finds longer words that begin with it: one word that is neither Chinese nor a number. */
const isPrefix = (phrase) => phrase.length === 1 && !WHOLE_TERM.test(phrase[0]);

/**
 * Cut a text into words with their positions.
 *
 * @param {string} text - as it is shown
 * @param {string[][]} phrases - as parseQuery() returns them
 * @returns {{word: string, start: number, end: number, isHit: boolean}[]} isHit: the word belongs to a searched phrase
 */
export function locateWords(text, phrases) {
  const { folded, starts, ends } = foldWithPlaces(text);
  const words = [...folded.matchAll(WORD)].map(({ 0: word, index }) => (
    { word, start: starts[index], end: ends[index + word.length - 1], isHit: false }
  ));
  words.forEach(({ word }, place) => {
    for (const phrase of phrases) {
      const matches = isPrefix(phrase) ? word.startsWith(phrase[0]) : phrase.every((each, i) => words[place + i]?.word === each);
      if (matches) phrase.forEach((_, i) => { words[place + i].isHit = true; });
    }
  });
  return words;
}

// ---- Index files

/** Error: a file of the index cannot be loaded, or its content is not what the build wrote. */
export class SearchIndexError extends Error {
  constructor(path, problem) {
    super(`search index: ${path} ${problem}`);
    this.name = "SearchIndexError";
    this.path = path;
  }
}

const utf8 = (text) => new TextEncoder().encode(text);

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
/** Compute the CRC-32 of bytes, as zlib does. */
const crc32 = (bytes) => (bytes.reduce((sum, byte) => CRC_TABLE[(sum ^ byte) & 255] ^ (sum >>> 8), -1) ^ -1) >>> 0;

/** Name the file of a shard that lists a term of one word or two. */
function bucketPath({ folder, pairBuckets, wordBuckets }, [word, next]) {
  // A word that is also searched by its beginning lies with all words that have the same first letter.
  const key = next ? `${word} ${next}` : WHOLE_TERM.test(word) ? word : [...word][0];
  const bucket = (crc32(utf8(key)) & ((next ? pairBuckets : wordBuckets) - 1)) >>> 0;
  return `${folder}/${next ? "p" : "w"}${bucket}.bin`;
}

/** Parser of one bucket: the stride of its shard, then terms with their lists of numbers. */
class BucketParser {
  constructor(path, buffer) {
    this.path = path;
    this.bytes = new Uint8Array(buffer);
    this.position = 0;
  }

  /** Read an unsigned number in LEB128. */
  number() {
    for (let sum = 0, factor = 1; ; factor *= 128) {
      if (this.position >= this.bytes.length) throw this.damaged();
      const byte = this.bytes[this.position++];
      sum += (byte & 127) * factor;
      if (byte < 128) return sum;
    }
  }

  /** Read the lists of the terms that equal the wanted bytes or, with byPrefix, begin with them. */
  lists(wanted, byPrefix) {
    const found = [];
    while (this.position < this.bytes.length) {
      const length = this.number();
      const term = this.bytes.subarray(this.position, this.position += length);
      const end = this.number() + this.position;
      if (end > this.bytes.length) throw this.damaged();
      if ((byPrefix ? length >= wanted.length : length === wanted.length) && wanted.every((byte, i) => term[i] === byte)) {
        found.push(this.numbersUntil(end));
      }
      this.position = end;
    }
    return found;
  }

  numbersUntil(end) {
    const numbers = [];
    for (let sum = 0; this.position < end;) numbers.push(sum += this.number());
    if (this.position > end) throw this.damaged();
    return numbers;
  }

  damaged() {
    return new SearchIndexError(this.path, "is damaged");
  }
}

/**
 * Choose pairs of neighbouring words that together cover a phrase; returns their places in it.
 *
 * Pairs far apart come first: they are the least likely to stand in the same pages, so few pairs often prove that
 * nothing is found.
 */
function coveringPairs(phrase) {
  const places = [];
  for (let place = 0; place < phrase.length - 2; place += 2) places.push(place);
  places.push(phrase.length - 2);
  const order = [];
  const ranges = [[0, places.length]];
  for (const [start, end] of ranges) {
    const middle = (start + end) >> 1;
    order.push(places[middle]);
    for (const range of [[start, middle], [middle + 1, end]]) if (range[0] < range[1]) ranges.push(range);
  }
  return order;
}

const isOverview = (value) =>
  Array.isArray(value?.shards) && value.shards.every(Array.isArray) && FACETS.every((facet) => Array.isArray(value.choices?.[facet]));

/**
 * The search index of a site. Loads only the files that a query needs, each once.
 *
 * Its methods throw a SearchIndexError that names the file if one is missing or damaged.
 */
export class SearchIndex {
  /** @param {URL|string} folder - address of the index, with a slash at the end */
  constructor(folder = new URL("../../search/", import.meta.url)) {
    this._folder = folder;
    this._files = new Map();
  }

  /** Return the filters that visitors can choose, by facet, the most frequent first. */
  async choices() {
    return (await this._overview()).choices;
  }

  /**
   * Find the pages that contain every phrase and pass every filter.
   *
   * @param {{phrases: string[][], column?: string, year?: string, tag?: string, order?: string}} query - order "date":
   *   newest first; otherwise pages with more of the phrases in their titles come first, then the newest
   * @returns {Promise<{shard: string, page: number, rank: number}[]>} to be passed to describe()
   */
  async find(query) {
    const filters = FACETS.filter((facet) => query[facet]).map((facet) => `=${facet} ${query[facet]}`);
    if (!query.phrases.length && !filters.length) return [];
    let found;
    try {
      found = await this._searchAllShards(query.phrases, filters);
    } catch {
      // The site may have been published again since the page was opened: begin with a new overview.
      this._files.delete("index.json");
      found = await this._searchAllShards(query.phrases, filters);
    }
    return query.order === "date" ? found : found.sort((a, b) => b.rank - a.rank);
  }

  /**
   * Return what is shown of a found page.
   *
   * @returns {Promise<{url: string, title: string, day: string, column: string, isExpired: boolean}>} url relative to
   *   the site; day as YYYY-MM-DD; day and column may be empty
   */
  async describe({ shard, page }) {
    const path = `${shard}/${Math.floor(page / PAGES_PER_FILE)}.json`;
    const row = (await this._load(path, "json"))?.[page % PAGES_PER_FILE];
    if (!Array.isArray(row)) throw this._forget(new SearchIndexError(path, "is damaged"));
    const [url, title, day, column, expired] = row;
    return { url, title, day, column, isExpired: Boolean(expired) };
  }

  /** Load the list of shards and the choices, never from the browser's cache: the site may have changed. */
  async _overview() {
    const overview = await this._load("index.json", "json", { cache: "no-cache" });
    if (!isOverview(overview)) throw this._forget(new SearchIndexError("index.json", "is damaged"));
    return overview;
  }

  async _searchAllShards(phrases, filters) {
    const { shards } = await this._overview();
    const found = await Promise.all(shards.map(([folder, , pairBuckets, wordBuckets]) =>
      this._searchShard({ folder, pairBuckets, wordBuckets }, phrases, filters)));
    return found.flat();
  }

  /** Find the pages of a shard, newest first; the rank counts the phrases in the title. */
  async _searchShard(shard, phrases, filters) {
    const matches = await Promise.all([
      ...phrases.map((phrase) => (phrase.length > 1 ? this._pagesWithPhrase(shard, phrase) : this._pagesWithWord(shard, phrase[0], isPrefix(phrase)))),
      ...filters.map((filter) => this._pagesWithWord(shard, filter, false)),
    ]);
    const [fewest, ...others] = [...matches].sort((a, b) => a.size - b.size);
    return [...fewest.keys()].filter((page) => others.every((pages) => pages.has(page))).sort((a, b) => a - b)
      .map((page) => ({ shard: shard.folder, page, rank: matches.filter((pages) => pages.get(page)).length }));
  }

  /** Map the pages that contain a word to whether their titles do; no title contains a filter. */
  async _pagesWithWord(shard, word, byPrefix) {
    const { lists } = await this._lookUp(shard, [word], byPrefix);
    const found = new Map();
    for (const number of lists.flat()) found.set(number >>> 1, found.get(number >>> 1) || !(number & 1));
    return found;
  }

  /** Map the pages that contain a phrase of two or more words to whether their titles do. */
  async _pagesWithPhrase(shard, phrase) {
    const pairs = coveringPairs(phrase);
    let starts;
    let stride;
    for (let asked = 0, count = 2; asked < pairs.length && (!starts || starts.size); asked += count, count = asked) {
      const answers = await Promise.all(pairs.slice(asked, asked + count).map(async (place) => (
        { place, ...await this._lookUp(shard, phrase.slice(place, place + 2), false) })));
      for (const { place, stride: width, lists: [numbers = []] } of answers) {
        stride = width;
        const candidates = numbers.map((number) => number - place);
        starts = new Set(starts ? candidates.filter((number) => starts.has(number)) : candidates);
      }
    }
    const found = new Map();
    for (const start of starts) {
      const page = Math.floor(start / stride);
      found.set(page, found.get(page) || start % stride < TITLE_PLACES);
    }
    return found;
  }

  /** Read the lists of a term of one word or two, and the stride: the number of places that each page has. */
  async _lookUp(shard, words, byPrefix) {
    const path = bucketPath(shard, words);
    const parser = new BucketParser(path, await this._load(path, "arrayBuffer"));
    try {
      return { stride: parser.number(), lists: parser.lists(utf8(words.join(" ")), byPrefix) };
    } catch (error) {
      throw this._forget(error);
    }
  }

  /** Load a file once. A file that failed is loaded again when it is needed again. */
  _load(path, kind, options) {
    if (!this._files.has(path)) {
      const content = loadFile(new URL(path, this._folder), path, kind, options);
      this._files.set(path, content);
      content.catch((error) => this._forget(error));
    }
    return this._files.get(path);
  }

  _forget(error) {
    this._files.delete(error.path);
    return error;
  }
}

async function loadFile(url, path, kind, options) {
  let answer;
  try {
    answer = await fetch(url, options);
  } catch {
    throw new SearchIndexError(path, "cannot be loaded");
  }
  if (!answer.ok) throw new SearchIndexError(path, `cannot be loaded (HTTP ${answer.status})`);
  try {
    return await answer[kind]();
  } catch (error) {
    throw new SearchIndexError(path, error instanceof SyntaxError ? "is damaged" : "cannot be loaded");
  }
}
