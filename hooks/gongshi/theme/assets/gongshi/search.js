// The search page. Texts are cut into words as hooks/gongshi/site/search/tokenizer.py cuts them, and the files that are
// read are those that hooks/gongshi/site/search/ makes: change them together.
const SITE = new URL("../../", import.meta.url);
const INDEX = new URL("search/", SITE);
const HAN = "\\u4e00-\\u9fff\\u3005\\u3007\\u3040-\\u30ff\\u3100-\\u312f\\u3400-\\u4dbf\\uac00-\\ud7af\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const MARK = "(?:(?![\\ufe00-\\u{10ffff}])\\p{M})";
const WORD = new RegExp(`[${HAN}]|[0-9]+|(?:(?![0-9${HAN}])[\\p{L}\\p{N}]${MARK}*)+`, "gu");
const CLOSED = new RegExp(`^[${HAN}0-9=]`, "u");
const BLOCKS = "p, li, td, th, dd, dt, div, section, blockquote, pre, figure, figcaption, h1, h2, h3, h4, h5, h6, br, hr";
const FACETS = ["column", "year", "tag"];
const TITLE = 64;
const BLOCK = 16;
const PORTION = 10;
const BEFORE = 15;
const EXCERPT = 90;

const root = document.getElementById("gs-search");
const form = root.querySelector("form");
const status = root.querySelector(".gs-search__status");
const list = root.querySelector(".gs-search__results");
const more = root.querySelector(".gs-search__more");
let latest = 0;
let timer;
let reading = new AbortController();

const tidy = (text) => text.normalize("NFC").replace(/[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu, "").replace(/[０-９Ａ-Ｚａ-ｚ]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
const small = (word) => word.toLowerCase().replaceAll("ς", "σ");
const cut = (text) => (tidy(text).match(WORD) ?? []).map(small);
/** Whether a word is the beginning of others, too, when it is searched alone: foreign words, not characters and numbers. */
const isOpen = (phrase) => phrase.length === 1 && !CLOSED.test(phrase[0]);

/** The phrases of a query: words without a space between them must follow one another. */
export const phrases = (query) => query.slice(0, 100).split(/\s+/u).map(cut).filter((words) => words.length);

// ---- reading the index

const bytesOf = (text) => new TextEncoder().encode(text);
const table = Uint32Array.from({ length: 256 }, (_, n) => { for (let i = 0; i < 8; i++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1; return n; });
/** CRC-32, as in zlib. */
const checksum = (bytes) => (bytes.reduce((sum, byte) => table[(sum ^ byte) & 255] ^ (sum >>> 8), -1) ^ -1) >>> 0;

const kept = new Map();
/** A file of the index, fetched once. */
function read(path, kind) {
  if (!kept.has(path)) {
    const answer = fetch(new URL(path, INDEX)).then((found) => {
      if (!found.ok) throw new Error(`${path}: ${found.status}`);
      return found[kind]();
    });
    answer.catch(() => kept.delete(path));
    kept.set(path, answer);
  }
  return kept.get(path);
}

let opened;
/** The shards, newest first, and what can be chosen; never taken from the browser's cache, as the site may have changed. */
function overview() {
  opened ??= fetch(new URL("index.json", INDEX), { cache: "no-cache" }).then((answer) => {
    if (!answer.ok) throw new Error(`index.json: ${answer.status}`);
    return answer.json();
  });
  opened.catch(() => { opened = undefined; });
  return opened;
}

class Reader {
  constructor(buffer) { this.bytes = new Uint8Array(buffer); this.at = 0; }
  number() {
    for (let sum = 0, factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at++];
      sum += (byte & 127) * factor;
      if (byte < 128) return sum;
    }
  }
  /** The lists of the terms that are, or begin with, these bytes. */
  *lists(wanted, begins) {
    while (this.at < this.bytes.length) {
      const length = this.number();
      const term = this.bytes.subarray(this.at, this.at += length);
      const end = this.number() + this.at;
      if ((begins ? length >= wanted.length : length === wanted.length) && wanted.every((byte, i) => term[i] === byte)) {
        const numbers = [];
        for (let sum = 0; this.at < end;) numbers.push(sum += this.number());
        yield numbers;
      }
      this.at = end;
    }
  }
}

/** The stride of a shard and the lists of a term of one word or of two. */
async function lookup([shard, , pairs, words], [word, next], begins = false) {
  const term = next ? `${word} ${next}` : word;
  const home = next || CLOSED.test(word) ? term : [...word][0];
  const place = (checksum(bytesOf(home)) & ((next ? pairs : words) - 1)) >>> 0;
  const reader = new Reader(await read(`${shard}/${next ? "p" : "w"}${place}.bin`, "arrayBuffer"));
  return [reader.number(), [...reader.lists(bytesOf(term), begins)]];
}

/** The pages of a shard that hold a word, each with whether its title does. */
async function pagesOf(shard, word, begins) {
  const [, lists] = await lookup(shard, [word], begins);
  const found = new Map();
  for (const number of lists.flat()) found.set(number >>> 1, found.get(number >>> 1) || !(number & 1));
  return found;
}

/** Pairs of words that together hold every word of a phrase, each far from those before it. */
function pairsOf(phrase) {
  const places = [];
  for (let place = 0; place < phrase.length - 2; place += 2) places.push(place);
  places.push(phrase.length - 2);
  const order = [];
  const parts = [[0, places.length]];
  for (const [start, end] of parts) {
    const middle = (start + end) >> 1;
    order.push(places[middle]);
    for (const part of [[start, middle], [middle + 1, end]]) if (part[0] < part[1]) parts.push(part);
  }
  return order;
}

/** The same for words that follow one another; few pairs are asked for at first, as they often tell that there are none. */
async function pagesWith(shard, phrase) {
  const places = pairsOf(phrase);
  let starts;
  let stride;
  for (let asked = 0, some = 2; asked < places.length && (!starts || starts.size); asked += some, some = asked) {
    const answers = await Promise.all(places.slice(asked, asked + some).map(async (place) => [place, await lookup(shard, phrase.slice(place, place + 2))]));
    for (const [place, [wide, [numbers = []]]] of answers) {
      stride = wide;
      const here = numbers.map((number) => number - place);
      starts = new Set(starts ? here.filter((number) => starts.has(number)) : here);
    }
  }
  const found = new Map();
  for (const start of starts) {
    const page = Math.floor(start / stride);
    found.set(page, found.get(page) || start % stride < TITLE);
  }
  return found;
}

/** The pages of a shard that match all that is asked: number of the page, number of the phrases in its title. */
async function search(shard, query, signs) {
  const answers = await Promise.all([
    ...query.phrases.map((phrase) => (phrase.length > 1 ? pagesWith(shard, phrase) : pagesOf(shard, phrase[0], isOpen(phrase)))),
    ...signs.map(async (sign) => new Map([...await pagesOf(shard, sign, false)].map(([page]) => [page, false]))),
  ]);
  const [first, ...others] = answers.sort((a, b) => a.size - b.size);
  return [...first.keys()].filter((page) => others.every((pages) => pages.has(page)))
    .sort((a, b) => a - b).map((page) => ({ shard: shard[0], page, rank: answers.filter((pages) => pages.get(page)).length }));
}

/** The pages that match every phrase and filter. */
export async function find(query) {
  const signs = FACETS.filter((facet) => query[facet]).map((facet) => `=${facet} ${query[facet]}`);
  if (!query.phrases.length && !signs.length) return [];
  const ask = async () => Promise.all((await overview()).shards.map((shard) => search(shard, query, signs)));
  const found = (await ask().catch(() => {
    // The site may have been published anew since the page was opened.
    opened = undefined;
    return ask();
  })).flat();
  return query.order === "date" ? found : found.sort((a, b) => b.rank - a.rank);
}

/** What is known of a result: address, title, day, column, whether it is no longer valid. */
export async function facts({ shard, page }) {
  return (await read(`${shard}/${Math.floor(page / BLOCK)}.json`, "json"))[page % BLOCK];
}

// ---- showing results

const make = (name, content, ...children) => {
  const element = document.createElement(name);
  if (content) element.textContent = content;
  element.append(...children);
  return element;
};

/** The words of a text with their places in it; the words of a phrase that is looked for are hits. */
function scan(text, wanted) {
  const words = [...text.matchAll(WORD)].map((match) => ({ word: small(match[0]), start: match.index, end: match.index + match[0].length, hit: false }));
  words.forEach((_, place) => {
    for (const phrase of wanted) {
      const stands = isOpen(phrase) ? words[place].word.startsWith(phrase[0]) : phrase.every((word, i) => words[place + i]?.word === word);
      if (stands) phrase.forEach((_, i) => { words[place + i].hit = true; });
    }
  });
  return words;
}

/** A part of a text as nodes, the hits among its words marked. */
function marked(text, words, start = 0, end = text.length) {
  const nodes = [];
  let done = start;
  for (let i = 0; i < words.length; i++) {
    if (!words[i].hit) continue;
    const first = words[i].start;
    while (words[i + 1]?.hit) i++;
    nodes.push(text.slice(done, first), make("mark", text.slice(first, words[i].end)));
    done = words[i].end;
  }
  return [...nodes, text.slice(done, end)];
}

/** The part of a text around the first hit. */
function excerpt(text, wanted) {
  const words = scan(text, wanted);
  const from = Math.max(0, Math.min(words.findIndex((word) => word.hit) - BEFORE, words.length - EXCERPT));
  const start = from ? words[from].start : 0;
  const end = words[from + EXCERPT]?.start ?? text.length;
  return [from ? "…" : "", ...marked(text, words.slice(from, from + EXCERPT), start, end), end < text.length ? "…" : ""];
}

/** What the article of a page says, without what is the same on every page. */
async function textOf(address, signal) {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const parts = [".gs-text", ".gs-record td", ".gs-event dd", ".gs-attachments a"].flatMap((part) => [...page.querySelectorAll(part)]);
  for (const part of parts) {
    for (const unseen of part.querySelectorAll("script, style, template, noscript, svg")) unseen.remove();
    for (const block of part.querySelectorAll(BLOCKS)) { block.before(" "); block.after(" "); }
  }
  return tidy(parts.map((part) => part.textContent).join(" ").replace(/\s+/gu, " ").trim());
}

/** A result, and what shows the part of its page that holds the words, which is asked for when the result stands. */
async function item(result, wanted) {
  const [url, title, day, column, expired] = await facts(result);
  const clean = tidy(title);
  const link = make("a", "", ...marked(clean, scan(clean, wanted)));
  link.href = new URL(url, SITE).href;
  const known = make("p");
  known.className = "gs-search__facts";
  if (column) known.append(make("span", column));
  if (day) known.append(make("time", day));
  if (expired) known.append(Object.assign(make("span", root.dataset.expired), { className: "gs-tag gs-tag--expired" }));
  const said = Object.assign(make("p"), { className: "gs-search__excerpt" });
  const fill = async (signal) => {
    try {
      said.append(...excerpt(await textOf(link.href, signal), wanted));
    } catch (error) {
      // The result stands without it.
      if (!signal.aborted) console.warn(error);
    }
  };
  return { element: make("li", "", make("p", "", link), said, known), fill };
}

const values = () => Object.fromEntries(new FormData(form));

/** Keeps what is asked in the address, so that it can be sent on. */
function remember(asked) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(asked)) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  history.replaceState(history.state, "", address);
}

async function show() {
  const turn = ++latest;
  reading.abort();
  reading = new AbortController();
  const { signal } = reading;
  root.setAttribute("aria-busy", "true");
  const asked = values();
  remember(asked);
  const wanted = phrases(asked.q);
  const slow = setTimeout(() => { if (turn === latest) status.textContent = root.dataset.busy; }, 300);
  try {
    const found = await find({ ...asked, phrases: wanted });
    const portion = await Promise.all(found.slice(0, PORTION).map((result) => item(result, wanted)));
    clearTimeout(slow);
    if (turn !== latest) return;
    const isAsked = wanted.length || FACETS.some((facet) => asked[facet]);
    status.textContent = found.length ? root.dataset.count.replace("{number}", found.length) : isAsked ? root.dataset.none : "";
    list.replaceChildren(...portion.map(({ element }) => element));
    more.hidden = found.length <= PORTION;
    more.onclick = async () => {
      const shown = list.children.length;
      const next = await Promise.all(found.slice(shown, shown + PORTION).map((result) => item(result, wanted)));
      if (turn !== latest || list.children.length !== shown) return;
      list.append(...next.map(({ element }) => element));
      more.hidden = list.children.length >= found.length;
      next[0]?.element.querySelector("a").focus();
      await Promise.all(next.map(({ fill }) => fill(signal)));
    };
    await Promise.all(portion.map(({ fill }) => fill(signal)));
  } catch (error) {
    console.warn(error);
    if (turn === latest) status.textContent = root.dataset.failed;
  } finally {
    clearTimeout(slow);
    if (turn === latest) root.setAttribute("aria-busy", "false");
  }
}

async function offer() {
  const { choices } = await overview();
  for (const facet of FACETS) {
    const select = form.elements[facet];
    select.closest("label").hidden = !choices[facet].length;
    for (const name of choices[facet]) select.add(new Option(name, name));
  }
}

async function start() {
  const given = new URLSearchParams(location.search);
  form.elements.q.value = given.get("q") ?? "";
  root.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); show(); });
  try {
    await offer();
  } catch (error) {
    console.warn(error);
    status.textContent = root.dataset.failed;
    return;
  }
  for (const facet of FACETS) {
    const option = [...form.elements[facet].options].find((each) => each.value && each.value === given.get(facet));
    if (option) option.selected = true;
  }
  if (given.get("order") === "date") form.elements.order.value = "date";
  form.elements.q.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(show, 250);
  });
  form.elements.q.addEventListener("compositionend", () => { clearTimeout(timer); timer = setTimeout(show, 250); });
  form.addEventListener("change", (event) => { if (event.target !== form.elements.q) show(); });
  await show();
}

start();
