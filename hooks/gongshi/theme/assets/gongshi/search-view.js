// The search page: form, results, highlighting, messages. search-reader.js reads the index.
import { prepareFolding } from "./search-folding.js";
import { FACETS, SearchIndex, locateWords, parseQuery } from "./search-reader.js";

const SITE = new URL("../../", import.meta.url);
const RESULTS_PER_STEP = 10;
/** Length of an excerpt in words, and how many of them precede the first hit. */
const EXCERPT_WORDS = 90;
const WORDS_BEFORE_HIT = 15;
const TYPING_PAUSE_MS = 250;
const BUSY_AFTER_MS = 300;
/** The parts of a page that the index holds, without what all pages share. */
const INDEXED_PARTS = [".gs-text", ".gs-record td", ".gs-event dd", ".gs-attachments a"];
/** Elements that no text is in, and marks that nobody typed. */
const HIDDEN = "script, style, template, noscript, svg, rp, .footnote-ref, .footnote-backref, .gs-away__mark";
// These and the following are as in site/search/tokenizer.py and site/html/line_ends.py of hooks/gongshi: change both sides together.
/** Elements that do not separate words. */
const INLINE = new Set(("a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr output q rb rp rt ruby s samp small "
  + "span strike strong sub sup time tt u var wbr").split(" "));
const BLOCK_END = "\u2029";
const WIDE = "\\u2e80-\\u2fdf\\u3001-\\u30ff\\u3100-\\u312f\\u31c0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\ufe30-\\ufe4f"
  + "\\uff01-\\uff0f\\uff1a-\\uff20\\uff3b-\\uff40\\uff5b-\\uff65\\u{20000}-\\u{3ffff}";
/** Punctuation of Chinese as well as of other languages. */
const EITHER = "\\xb7×‘’“”—…";
/** The end of a line between Chinese characters or punctuation. */
const LINE_END = new RegExp(
  `([${WIDE}])[ \\t\\r\\f]*\\n[ \\t\\r\\n\\f]*(?=[${WIDE}${EITHER}])|([${EITHER}])[ \\t\\r\\f]*\\n[ \\t\\r\\n\\f]*(?=[${WIDE}])`, "gu");

const root = document.getElementById("gs-search");
const form = root.querySelector("form");
const status = root.querySelector(".gs-search__status");
const list = root.querySelector(".gs-search__results");
const more = root.querySelector(".gs-search__more");

const index = new SearchIndex();
/** Number of the latest search; answers of earlier ones are ignored. */
let latestSearch = 0;
let typingTimer;
let excerptLoads = new AbortController();

function createElement(name, { text = "", className = "" } = {}, ...children) {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function showFailure(error) {
  console.warn(error);
  status.textContent = root.dataset.failed;
}

// ---- One result

/** Return the text from start to end as nodes, the hits among its words in <mark>. */
function highlight(text, words, start = 0, end = text.length) {
  const nodes = [];
  let done = start;
  for (let i = 0; i < words.length; i++) {
    if (!words[i].isHit) continue;
    // Two words can stand in one character, such as ㎡.
    const first = Math.max(done, words[i].start);
    while (words[i + 1]?.isHit) i++;
    if (words[i].end <= first) continue;
    nodes.push(text.slice(done, first), createElement("mark", { text: text.slice(first, words[i].end) }));
    done = words[i].end;
  }
  return [...nodes, text.slice(done, end)];
}

/** Return the part of a text around the first hit as nodes. */
function excerpt(text, phrases) {
  const words = locateWords(text, phrases);
  const first = Math.max(0, Math.min(words.findIndex((word) => word.isHit) - WORDS_BEFORE_HIT, words.length - EXCERPT_WORDS));
  const start = first ? words[first].start : 0;
  const end = words[first + EXCERPT_WORDS]?.start ?? text.length;
  return [first ? "…" : "", ...highlight(text, words.slice(first, first + EXCERPT_WORDS), start, end), end < text.length ? "…" : ""];
}

/** Return the visible text of an element; the readings of its ruby text come last. */
function visibleText(part) {
  for (const hidden of part.querySelectorAll(HIDDEN)) hidden.remove();
  const readings = [...part.querySelectorAll("rt")].map((reading) => { reading.remove(); return reading.textContent; });
  for (const block of part.querySelectorAll("pre")) block.textContent = block.textContent.replaceAll("\n", BLOCK_END);
  for (const element of part.querySelectorAll("*")) if (!INLINE.has(element.localName)) { element.before(BLOCK_END); element.after(BLOCK_END); }
  return [part.textContent, ...readings].join(BLOCK_END).replace(LINE_END, "$1$2").replace(/\s+/gu, " ").trim();
}

/** Load a page and return its indexed text. */
async function loadPageText(address, signal) {
  const answer = await fetch(address, { signal });
  if (!answer.ok) throw new Error(`${address}: HTTP ${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return INDEXED_PARTS.flatMap((selector) => [...page.querySelectorAll(selector)]).map(visibleText).join(" ");
}

/** Create the list item of a result, and a function that adds the excerpt once the item is shown. */
async function createResult(result, phrases) {
  const { url, title, day, column, isExpired } = await index.describe(result);
  const link = createElement("a", {}, ...highlight(title, locateWords(title, phrases)));
  link.href = new URL(url, SITE).href;
  const heading = createElement("p", {}, link);
  const facts = createElement("p", { className: "gs-search__facts" });
  if (column) facts.append(createElement("span", { text: column }));
  if (day) facts.append(createElement("time", { text: day }));
  if (isExpired) facts.append(createElement("span", { text: root.dataset.expired, className: "gs-tag gs-tag--expired" }));
  const passage = createElement("p", { className: "gs-search__excerpt" });
  // A title or text of another language than the page's may run from right to left.
  heading.dir = passage.dir = "auto";
  const addExcerpt = async (signal) => {
    try {
      passage.append(...excerpt(await loadPageText(link.href, signal), phrases));
    } catch (error) {
      // The result stays without an excerpt.
      if (!signal.aborted) console.warn(error);
    }
  };
  return { element: createElement("li", {}, heading, passage, facts), addExcerpt };
}

// ---- A search

/** Write the query to the page's address, so that a link to the results can be sent. */
function writeAddress(query) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(query)) {
    if (value) address.searchParams.set(name, value);
    else address.searchParams.delete(name);
  }
  history.replaceState(history.state, "", address);
}

/** Offer the results that are not shown yet, some at a time. */
function offerMore(found, phrases, isCurrent, signal) {
  more.hidden = found.length <= RESULTS_PER_STEP;
  more.onclick = async () => {
    const shown = list.children.length;
    try {
      const next = await Promise.all(found.slice(shown, shown + RESULTS_PER_STEP).map((result) => createResult(result, phrases)));
      if (!isCurrent() || list.children.length !== shown) return;
      list.append(...next.map(({ element }) => element));
      more.hidden = list.children.length >= found.length;
      next[0]?.element.querySelector("a").focus();
      await Promise.all(next.map(({ addExcerpt }) => addExcerpt(signal)));
    } catch (error) {
      if (isCurrent()) showFailure(error);
    }
  };
}

/** Search for what the form asks and show the results. */
async function search() {
  const number = ++latestSearch;
  const isCurrent = () => number === latestSearch;
  excerptLoads.abort();
  excerptLoads = new AbortController();
  const { signal } = excerptLoads;
  root.setAttribute("aria-busy", "true");
  const busyTimer = setTimeout(() => { if (isCurrent()) status.textContent = root.dataset.busy; }, BUSY_AFTER_MS);
  try {
    await Promise.all([fillFilters(), prepareFolding(form.elements.q.value)]);
    if (!isCurrent()) return;
    const query = Object.fromEntries(new FormData(form));
    writeAddress(query);
    const { found, phrases, message } = await answer(query);
    const results = await Promise.all(found.slice(0, RESULTS_PER_STEP).map((result) => createResult(result, phrases)));
    clearTimeout(busyTimer);
    if (!isCurrent()) return;
    status.textContent = message;
    list.replaceChildren(...results.map(({ element }) => element));
    offerMore(found, phrases, isCurrent, signal);
    await Promise.all(results.map(({ addExcerpt }) => addExcerpt(signal)));
  } catch (error) {
    if (!isCurrent()) { console.warn(error); return; }
    list.replaceChildren();
    more.hidden = true;
    showFailure(error);
  } finally {
    clearTimeout(busyTimer);
    if (isCurrent()) root.setAttribute("aria-busy", "false");
  }
}

/** Find the results of a query, and the message about them; a query of marks alone finds nothing, and the message says why. */
async function answer(query) {
  const phrases = await parseQuery(query.q);
  const isFiltered = FACETS.some((facet) => query[facet]);
  if (!phrases.length && (query.q.trim() || (query.q && !isFiltered))) return { found: [], phrases, message: root.dataset.marks };
  if (!phrases.length && !isFiltered) return { found: [], phrases, message: "" };
  const found = await index.find({ ...query, phrases });
  return { found, phrases, message: found.length ? root.dataset.count.replace("{number}", found.length) : root.dataset.none };
}

// ---- The form

let filters;

/** Fill the filters with what can be chosen, once, and choose what the page's address names. */
function fillFilters() {
  filters ??= index.choices().then((choices) => {
    for (const facet of FACETS) {
      const select = form.elements[facet];
      select.closest("label").hidden = !choices[facet].length;
      for (const name of choices[facet]) select.add(new Option(name, name));
    }
    selectFromAddress(new URLSearchParams(location.search));
  }).catch((error) => {
    filters = null;
    throw error;
  });
  return filters;
}

/** Choose the filters and the order that the page's address names. */
function selectFromAddress(parameters) {
  for (const facet of FACETS) {
    const option = [...form.elements[facet].options].find(({ value }) => value && value === parameters.get(facet));
    if (option) option.selected = true;
  }
  if (parameters.get("order") === "date") form.elements.order.value = "date";
}

function searchAfterPause() {
  clearTimeout(typingTimer);
  typingTimer = setTimeout(search, TYPING_PAUSE_MS);
}

function start() {
  form.elements.q.value = new URLSearchParams(location.search).get("q") ?? "";
  root.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(typingTimer); search(); });
  form.elements.q.addEventListener("input", (event) => {
    // An input method composes a word: wait until it is chosen.
    if (event.isComposing) clearTimeout(typingTimer);
    else searchAfterPause();
  });
  form.elements.q.addEventListener("compositionend", searchAfterPause);
  form.addEventListener("change", (event) => { if (event.target !== form.elements.q) search(); });
  search();
}

start();
